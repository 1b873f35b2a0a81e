package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ordersync.contract.RefundApproved;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class DevBrokerTest {
    @Test
    void carriesATransactionInTheWireFormat() throws Exception {
        try (var broker = new DevBroker(0);
                var registry = new DevRegistry(0)) {
            broker.createTopics(2, "refund-approved");
            var sent = new ShopEvents(new ShopProperties(100, 100, 1), Instant.now())
                    .dueBy(Duration.ofMillis(500)).stream()
                            .filter(event -> event.topic().equals("refund-approved"))
                            .toList();
            var encoder = new WireEncoder(registry.url());
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test"),
                    new StringSerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                for (var event : sent) {
                    var value = encoder.encode(event.topic(), event.value());
                    producer.send(new ProducerRecord<>(event.topic(), event.key(), value))
                            .get();
                }
                producer.commitTransaction();
            }

            var decoder = new WireDecoder(registry.url());
            var read = read(broker, sent.size());

            assertThat(read)
                    .extracting(message -> decoder.decode(message.value(), RefundApproved.class))
                    .containsExactlyInAnyOrderElementsOf(sent.stream()
                            .map(event -> (RefundApproved) event.value())
                            .toList());
            assertThat(decoder.decode(read.getFirst().value()).get("refundId"))
                    .hasToString(decoder.decode(read.getFirst().value(), RefundApproved.class)
                            .getRefundId());
            assertThat(read).allMatch(message -> message.value()[0] == 0);
            int taken = Integer.parseInt(broker.bootstrapServers().replace("localhost:", ""));
            assertThatThrownBy(() -> new DevBroker(taken).close())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("port " + taken + " on localhost is taken: is another broker running?");
        }
    }

    private static List<ConsumerRecord<String, byte[]>> read(DevBroker broker, int count) {
        var read = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(
                    List.of(new TopicPartition("refund-approved", 0), new TopicPartition("refund-approved", 1)));
            await().untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                assertThat(read).hasSize(count);
            });
        }
        return read;
    }
}
