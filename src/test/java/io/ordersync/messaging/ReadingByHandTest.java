package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.AvroBody;
import io.ordersync.wire.AvroDeserializer;
import io.ordersync.wire.RandomRecords;
import io.ordersync.wire.RegistryStub;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body of the contract's own schema is read by hand, and it makes no difference but in time. */
class ReadingByHandTest {

    private static final Source SOURCE = new Source(4, 99);
    private static final int ID = 7;

    private static final List<byte[]> ODD_NUMBERS = Stream.of(
                    "01", // -1
                    "03", // -2
                    "8000", // 0, in two bytes
                    "0101", // a block of one item and -1 bytes
                    "0102", // a block of one item and a byte
                    "feffffff0f", // the largest int
                    "ffffffff0f", // the smallest
                    "feffffff7f", // more than an int
                    "feffffffff01", // six bytes
                    "feffffffffffffffff01", // the largest long
                    "ffffffffffffffffff01", // the smallest
                    "feffffffffffffffff7f", // more than a long
                    "feffffffffffffffffff01") // eleven bytes
            .map(HexFormat.of()::parseHex)
            .toList();

    /** Ours, but not known as ours: what it reads is never read by hand. */
    public static final class Somebodys implements Deserializer<IndexedRecord> {

        private final AvroDeserializer ours = new AvroDeserializer();

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            ours.configure(configs, isKey);
        }

        @Override
        public @Nullable IndexedRecord deserialize(String topic, byte @Nullable [] data) {
            return ours.deserialize(topic, data);
        }

        @Override
        public void close() {
            ours.close();
        }
    }

    record Input(String topic, Class<? extends SpecificRecord> type, BiFunction<AvroBody, Source, Arrival> byHand) {

        Schema schema() {
            return Contract.model(type).getSchema(type);
        }

        @Override
        public String toString() {
            return topic;
        }
    }

    static List<Input> inputs() {
        return List.of(
                new Input("refund-approved", io.ordersync.contract.RefundApproved.class, FactBodies::refund),
                new Input("shipment-created", io.ordersync.contract.ShipmentCreated.class, FactBodies::shipment),
                new Input("refund-closed", io.ordersync.contract.RefundClosed.class, FactBodies::closed),
                new Input("shipment-voided", io.ordersync.contract.ShipmentVoided.class, FactBodies::voided),
                new Input("shipment-status", io.ordersync.contract.ShipmentStatusChanged.class, FactBodies::status),
                new Input(
                        "warehouse-lock-results",
                        io.ordersync.contract.WarehouseLockResult.class,
                        FactBodies::lockResult),
                new Input(
                        "intercept-results", io.ordersync.contract.InterceptResult.class, FactBodies::interceptResult),
                new Input("case-resolutions", io.ordersync.contract.CaseResolved.class, FactBodies::resolved));
    }

    private RegistryStub registry;
    private SchemaRegistry client;
    private SchemaRegistry somebodys;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        client = Wire.client(registry);
        somebodys = new SchemaRegistry(
                new SchemaRegistry.Settings(
                        "io.ordersync.wire.AvroSerializer",
                        Somebodys.class.getName(),
                        Map.of("schema.registry.url", registry.url().toString())),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        client.close();
        somebodys.close();
        registry.close();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void readsWhatAvroReads(Input input) {
        registry.has(ID, input.schema());
        AvroDeserializer deserializer = (AvroDeserializer) client.deserializer(input.type());
        FactReader avro = new FactReader(somebodys, Wire.TOPICS);
        RandomRecords records = new RandomRecords(20261122);
        int arrivals = 0;
        for (int i = 0; i < 1_500; i++) {
            byte[] value = value(records, input);
            deserializer.deserialize(input.topic(), value);

            Outcome byHand = byHand(input, Objects.requireNonNull(deserializer.ownBody(value)));

            Outcome byAvro = outcome(avro, input, value);
            assertThat(byHand.arrival()).isEqualTo(byAvro.arrival());
            arrivals += byHand.arrival() == null ? 0 : 1;
        }
        assertThat(arrivals).isGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void makesOfDamagedBytesWhatAvroMakes(Input input) {
        registry.has(ID, input.schema());
        AvroDeserializer deserializer = (AvroDeserializer) client.deserializer(input.type());
        FactReader ours = new FactReader(client, Wire.TOPICS);
        FactReader avro = new FactReader(somebodys, Wire.TOPICS);
        RandomRecords records = new RandomRecords(81);
        int arrivals = 0;
        for (int i = 0; i < 500; i++) {
            byte[] valid = value(records, input);
            deserializer.deserialize(input.topic(), valid);
            for (byte[] damaged : List.of(
                    records.mutant(valid),
                    records.mutant(valid),
                    Arrays.copyOf(valid, valid.length + 1),
                    Arrays.copyOf(valid, 5 + i % (valid.length - 5)))) {
                Outcome byAvro = outcome(avro, input, damaged);

                assertThat(outcome(ours, input, damaged)).isEqualTo(byAvro);
                AvroBody body = deserializer.ownBody(damaged);
                Arrival byHand = body == null ? null : byHand(input, body).arrival();
                if (byHand != null) {
                    assertThat(byHand).isEqualTo(byAvro.arrival());
                    arrivals++;
                }
            }
        }
        assertThat(arrivals).isPositive();
    }

    /** Lengths, counts, indices and numbers that are not, wherever there might be one. */
    @ParameterizedTest
    @MethodSource("inputs")
    void makesOfOddNumbersWhatAvroMakes(Input input) {
        registry.has(ID, input.schema());
        AvroDeserializer deserializer = (AvroDeserializer) client.deserializer(input.type());
        FactReader avro = new FactReader(somebodys, Wire.TOPICS);
        RandomRecords records = new RandomRecords(3);
        for (int i = 0; i < 6; i++) {
            byte[] valid = value(records, input);
            deserializer.deserialize(input.topic(), valid);
            for (int at = 5; at < Math.min(valid.length, 300); at++) {
                for (byte[] odd : ODD_NUMBERS) {
                    for (int end : new int[] {at + 1, valid.length}) {
                        byte[] value = ByteBuffer.allocate(at + odd.length + valid.length - end)
                                .put(valid, 0, at)
                                .put(odd)
                                .put(valid, end, valid.length - end)
                                .array();

                        Arrival byHand = byHand(input, Objects.requireNonNull(deserializer.ownBody(value)))
                                .arrival();

                        if (byHand != null) {
                            assertThat(byHand)
                                    .isEqualTo(outcome(avro, input, value).arrival());
                        }
                    }
                }
            }
        }
    }

    @Test
    void leavesToAvroWhatIsWrittenWithAnotherSchema() {
        Input input = inputs().getFirst();
        String own = input.schema().toString();
        RandomRecords records = new RandomRecords(1);
        AvroDeserializer deserializer = (AvroDeserializer) client.deserializer(input.type());

        assertThat(isOwn(deserializer, records, input, 20, own)).isTrue();
        // What does not show in the bytes.
        assertThat(isOwn(deserializer, records, input, 21, own.replace("\"doc\":\"", "\"doc\":\"Not: ")))
                .isTrue();
        assertThat(isOwn(deserializer, records, input, 22, own.replace(",\"avro.java.string\":\"String\"", "")))
                .isTrue();
        assertThat(isOwn(deserializer, records, input, 23, own.replace(",\"default\":null", "")))
                .isTrue();
        // What does.
        assertThat(isOwn(deserializer, records, input, 24, own.replace("\"REPAIR\"]", "\"REPAIR\",\"GIFT\"]")))
                .isFalse();
        assertThat(isOwn(deserializer, records, input, 25, own.replace("timestamp-millis", "timestamp-micros")))
                .isFalse();
        assertThat(isOwn(deserializer, records, input, 26, own.replace(",\"logicalType\":\"timestamp-millis\"", "")))
                .isFalse();
        assertThat(isOwn(
                        deserializer,
                        records,
                        input,
                        27,
                        own.replace(
                                "\"name\":\"quantity\",\"type\":\"int\"", "\"name\":\"quantity\",\"type\":[\"int\"]")))
                .isFalse();
    }

    private boolean isOwn(AvroDeserializer deserializer, RandomRecords records, Input input, int id, String schema) {
        registry.has(id, new Schema.Parser().parse(schema));
        byte[] value = ByteBuffer.wrap(value(records, input)).putInt(1, id).array();
        assertThat(deserializer.ownBody(value)).isNull();
        try {
            deserializer.deserialize(input.topic(), value);
        } catch (org.apache.kafka.common.errors.SerializationException e) {
            // The schema is known now.
            assertThat(e).hasMessageStartingWith("the body is not Avro");
        }
        return deserializer.ownBody(value) != null;
    }

    /**
     * What became of a value.
     *
     * @param rejection why there is no arrival: the reason, and in which words
     */
    private record Outcome(
            @Nullable Arrival arrival, @Nullable String rejection) {}

    private static Outcome outcome(FactReader reader, Input input, byte[] value) {
        try {
            return new Outcome(reader.read(input.topic(), SOURCE.partition(), SOURCE.offset(), value), null);
        } catch (Rejection e) {
            Throwable said = e.getCause() == null ? e : e.getCause();
            return new Outcome(null, e.reason() + " " + said.getMessage());
        }
    }

    /** Without an arrival: Avro is to be asked. */
    private static Outcome byHand(Input input, AvroBody body) {
        try {
            Arrival arrival = input.byHand().apply(body, SOURCE);
            return new Outcome(body.isEnd() ? arrival : null, null);
        } catch (RuntimeException e) {
            return new Outcome(null, null);
        }
    }

    private static byte[] value(RandomRecords records, Input input) {
        SpecificRecord record = records.record(input.type());
        if (record instanceof io.ordersync.contract.CaseResolved) {
            // Any other case is not the order's.
            Map.of("platform", "douyin", "shopId", " shop:1 ", "orderId", "O1", "caseId", Wire.CASE_ID)
                    .forEach((field, value) ->
                            record.put(record.getSchema().getField(field).pos(), value));
        }
        byte[] body = records.body(record);
        return ByteBuffer.allocate(5 + body.length).putInt(1, ID).put(5, body).array();
    }
}
