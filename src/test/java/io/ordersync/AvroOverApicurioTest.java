package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.ShipmentCreated;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The serializer and the deserializer in ordinary clients of Kafka, by configuration alone, with a registry no one here wrote. */
@Tag("interop")
@Timeout(120)
class AvroOverApicurioTest {

    private static final String SERIALIZER = "io.ordersync.wire.AvroSerializer";
    private static final String DESERIALIZER = "io.ordersync.wire.AvroDeserializer";

    @TempDir
    static Path registryDirectory;

    private static Apicurio registry;
    private static Outside outside;

    @BeforeAll
    static void start() {
        registry = new Apicurio(registryDirectory);
        registry.start();
        registry.compatibility("FULL_TRANSITIVE");
        outside = new Outside(registry.url());
    }

    @AfterAll
    static void stop() {
        outside.close();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "v8"})
    void readBackWhatTheyWrote(String api) {
        try (ShopFloor shop = outside.shopFloor(1)) {
            String topic = shop.prefix + ShopFloor.REFUNDS;
            RefundApproved refund = shop.refund("O1").build();

            // May not register, and nobody has: refused.
            assertThatThrownBy(() -> send(api, topic, refund, Map.of("auto.register.schemas", false)))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining(topic + "-value");

            send(api, topic, refund, Map.of());
            assertThat(registry.schema(
                            registry.latest(topic + "-value").get("id").intValue()))
                    .isEqualTo(NewerSchema.released(RefundApproved.class));

            // May not register, and need not.
            send(api, topic, refund, Map.of("auto.register.schemas", false));
            assertThat(read(api, topic, Map.of("specific.avro.reader", true)))
                    .extracting(ConsumerRecord::value)
                    .isEqualTo(List.of(refund, refund));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "v8"})
    void writeWithTheLatestVersionThatSomeoneRegistered(String api) {
        try (ShopFloor shop = outside.shopFloor(1)) {
            String topic = shop.prefix + ShopFloor.PARCELS;
            ShipmentCreated parcel = shop.parcel("O1").build();
            send(api, topic, parcel, Map.of());
            Schema newer = NewerSchema.of(ShipmentCreated.class, "boxColour");
            int latest = registry.register(topic + "-value", newer);

            send(api, topic, parcel, Map.of("auto.register.schemas", false, "use.latest.version", true));

            assertThat(idsOn(topic)).hasSize(2).last().isEqualTo(latest);
            assertThat(read(api, topic, Map.of()))
                    .extracting(record -> ((GenericRecord) record.value()).hasField("boxColour"))
                    .containsExactly(false, true);
            assertThat(read(
                            api,
                            topic,
                            Map.of("specific.avro.reader", true, "specific.avro.value.type", ShipmentCreated.class)))
                    .extracting(ConsumerRecord::value)
                    .isEqualTo(List.of(parcel, parcel));
        }
    }

    private static void send(String api, String topic, IndexedRecord value, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", outside.broker.bootstrapServers());
        settings.put("schema.registry.url", registry.url(api));
        settings.put("key.serializer", StringSerializer.class);
        settings.put("value.serializer", SERIALIZER);
        try (var producer = new KafkaProducer<String, IndexedRecord>(settings)) {
            assertThat(producer.send(new ProducerRecord<>(topic, "O1", value))).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static List<ConsumerRecord<String, IndexedRecord>> read(
            String api, String topic, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("schema.registry.url", registry.url(api));
        settings.put("value.deserializer", DESERIALIZER);
        return poll(settings, topic);
    }

    private static List<Integer> idsOn(String topic) {
        List<ConsumerRecord<String, byte[]>> records =
                poll(new HashMap<>(Map.of("value.deserializer", ByteArrayDeserializer.class)), topic);
        return records.stream()
                .map(record -> ByteBuffer.wrap(record.value()).getInt(1))
                .toList();
    }

    /** The two records of the topic. */
    private static <V> List<ConsumerRecord<String, V>> poll(Map<String, Object> settings, String topic) {
        settings.put("bootstrap.servers", outside.broker.bootstrapServers());
        settings.put("key.deserializer", StringDeserializer.class);
        settings.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<String, V>(settings)) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var read = new ArrayList<ConsumerRecord<String, V>>();
            ShopFloor.await().until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(read::add);
                return read.size() >= 2;
            });
            return read;
        }
    }
}
