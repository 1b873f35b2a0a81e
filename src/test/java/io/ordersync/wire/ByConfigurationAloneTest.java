package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.TestBroker;
import io.ordersync.wire.somebody.Colour;
import io.ordersync.wire.somebody.Gift;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A producer and a consumer of anybody's use the wire by naming its classes. */
@Tag("broker")
class ByConfigurationAloneTest {

    @Test
    @Timeout(60)
    void recordsGoThroughABroker() throws Exception {
        Gift key = new Gift("k", 1, Colour.NONE, null);
        Gift value = new Gift("x", 9, Colour.RED, "y");
        try (TestBroker broker = TestBroker.start();
                DevRegistry registry = new DevRegistry(0)) {
            broker.createTopics(1, "gifts");
            try (KafkaProducer<Gift, Gift> producer = new KafkaProducer<>(Map.of(
                    "bootstrap.servers",
                    broker.bootstrapServers(),
                    "key.serializer",
                    "io.ordersync.wire.AvroSerializer",
                    "value.serializer",
                    "io.ordersync.wire.AvroSerializer",
                    "schema.registry.url",
                    registry.url()))) {
                producer.send(new ProducerRecord<>("gifts", key, value)).get(30, TimeUnit.SECONDS);
                producer.send(new ProducerRecord<>("gifts", key, null)).get(30, TimeUnit.SECONDS);
            }
            List<ConsumerRecord<Gift, Gift>> read = new ArrayList<>();
            try (KafkaConsumer<Gift, Gift> consumer = new KafkaConsumer<>(Map.of(
                    "bootstrap.servers", broker.bootstrapServers(),
                    "group.id", "anybody",
                    "auto.offset.reset", "earliest",
                    "key.deserializer", "io.ordersync.wire.AvroDeserializer",
                    "value.deserializer", "io.ordersync.wire.AvroDeserializer",
                    "schema.registry.url", registry.url(),
                    "specific.avro.reader", "true",
                    "specific.avro.value.type", Gift.class.getName()))) {
                consumer.subscribe(List.of("gifts"));
                while (read.size() < 2) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(read::add);
                }
            }
            assertThat(read).extracting(ConsumerRecord::key).containsExactly(key, key);
            assertThat(read).extracting(ConsumerRecord::value).containsExactly(value, null);
        }
    }
}
