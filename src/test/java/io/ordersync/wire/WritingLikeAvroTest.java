package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.wire.somebody.Gift;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated records are written without Avro's writer, and it makes no difference but in time. */
class WritingLikeAvroTest {

    private static final int ID = 0x8123_4567;

    @ParameterizedTest
    @ValueSource(
            classes = {
                WarehouseLockCommand.class,
                InterceptShipmentCommand.class,
                OrderAlert.class,
                OrderCase.class,
                RefundApproved.class,
                ShipmentCreated.class,
                Gift.class
            })
    void writesTheBytesThatAvroWrites(Class<? extends SpecificRecord> type) throws IOException {
        RandomRecords records = new RandomRecords(7);
        RecordWriter writer = writer(type);
        for (int i = 0; i < 1_000; i++) {
            SpecificRecord record = records.record(type);

            assertThat(writer.write(ID, record)).isEqualTo(byAvro(record));
        }
    }

    private static RecordWriter writer(Class<? extends SpecificRecord> type) {
        TrustedClasses.trust(type);
        return Objects.requireNonNull(
                RecordWriter.of(SpecificData.getForClass(type).getSchema(type), type), type.getName());
    }

    private static byte[] byAvro(IndexedRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, (byte) 0x81, 0x23, 0x45, 0x67});
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new SpecificDatumWriter<IndexedRecord>(record.getSchema(), SpecificData.getForClass(record.getClass()))
                .write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Wherever it is, and in the words that Avro finds for it. */
    @ParameterizedTest
    @ValueSource(classes = {WarehouseLockCommand.class, OrderAlert.class, Gift.class})
    void refusesNothingWhereSomethingMustBe(Class<? extends SpecificRecord> type) throws IOException {
        RandomRecords records = new RandomRecords(1);
        SpecificRecord full = records.record(type);
        try (RegistryStub registry = new RegistryStub();
                AvroSerializer serializer = Wired.serializer(registry)) {
            for (Schema.Field field : full.getSchema().getFields()) {
                if (!field.schema().isNullable() && isObject(field.schema())) {
                    SpecificRecord record = records.record(type);
                    record.put(field.pos(), null);

                    assertThatThrownBy(() -> serializer.serialize("t", record))
                            .isExactlyInstanceOf(SerializationException.class)
                            .hasMessage("the record does not fit its schema, " + type.getName())
                            .hasStackTraceContaining(field.name());
                }
            }
        }
    }

    /** Of a primitive field there is no null. */
    private static boolean isObject(Schema schema) {
        return switch (schema.getType()) {
            case INT, BOOLEAN -> false;
            case LONG -> schema.getLogicalType() != null;
            default -> true;
        };
    }

    @Test
    void refusesAnItemThatIsNone() throws IOException {
        OrderAlert alert = (OrderAlert) new RandomRecords(2).record(OrderAlert.class);
        alert.put(alert.getSchema().getField("refundIds").pos(), Arrays.asList("R1", null));
        try (RegistryStub registry = new RegistryStub();
                AvroSerializer serializer = Wired.serializer(registry)) {
            assertThatThrownBy(() -> serializer.serialize("t", alert))
                    .isExactlyInstanceOf(SerializationException.class);
        }
    }

    @Test
    void refusesAListThatHoldsLessThanItSays() throws IOException {
        OrderAlert alert = (OrderAlert) new RandomRecords(2).record(OrderAlert.class);
        alert.put(alert.getSchema().getField("refundIds").pos(), new AbstractList<String>() {
            @Override
            public String get(int index) {
                return "R1";
            }

            @Override
            public int size() {
                return 3;
            }

            @Override
            public Iterator<String> iterator() {
                return List.of("R1", "R2").iterator();
            }
        });
        try (RegistryStub registry = new RegistryStub();
                AvroSerializer serializer = Wired.serializer(registry)) {
            assertThatThrownBy(() -> serializer.serialize("t", alert))
                    .isExactlyInstanceOf(SerializationException.class);
        }
    }

    @Test
    void refusesATimeThatHasNoMilliseconds() throws IOException {
        OrderAlert alert = (OrderAlert) new RandomRecords(2).record(OrderAlert.class);
        alert.put(alert.getSchema().getField("occurredAt").pos(), Instant.MAX);
        try (RegistryStub registry = new RegistryStub();
                AvroSerializer serializer = Wired.serializer(registry)) {
            assertThatThrownBy(() -> serializer.serialize("t", alert))
                    .isExactlyInstanceOf(SerializationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"bytes\"",
                "\"double\"",
                "{\"type\":\"map\",\"values\":\"int\"}",
                "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}",
                "[\"int\",\"string\"]",
                "[\"null\",\"int\",\"string\"]",
                "\"string\"",
                "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
                "{\"type\":\"array\",\"items\":\"bytes\"}",
                "[\"null\",{\"type\":\"int\",\"logicalType\":\"date\"}]"
            })
    void leavesToAvroWhatItDoesNotKnow(String type) {
        Schema schema = Wired.schema(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":" + type + "}]}");

        assertThat(RecordWriter.of(schema, Gift.class)).isNull();
    }

    /** A class that nobody generated may hold anything. */
    @Test
    void leavesANumberOfAnotherTypeToAvro() {
        Schema schema =
                Wired.schema("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":\"int\"}]}");
        RecordWriter writer = Objects.requireNonNull(RecordWriter.of(schema, OneValue.class));

        assertThat(writer.write(ID, new OneValue(schema, 1))).isNotNull();
        assertThat(writer.write(ID, new OneValue(schema, 1L << 40))).isNull();
    }

    private record OneValue(Schema schema, Object value) implements SpecificRecord {

        @Override
        public Schema getSchema() {
            return schema;
        }

        @Override
        public Object get(int position) {
            return value;
        }

        @Override
        public void put(int position, Object other) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void leavesGenericRecordsToAvro() {
        assertThat(RecordWriter.of(Wired.THING, Wired.thing("x", 1).getClass())).isNull();
    }

    @Test
    void knowsARecordThatHoldsItself() {
        Schema schema = Wired.schema("""
                {"type":"record","name":"R","fields":[
                  {"name":"more","type":["null","R"]},{"name":"others","type":{"type":"array","items":"R"}}]}""");

        assertThat(RecordWriter.of(schema, Gift.class)).isNotNull();
    }
}
