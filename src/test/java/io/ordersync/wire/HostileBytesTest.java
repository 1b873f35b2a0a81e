package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A few bytes cost a few bytes, whatever they say: nobody's class is read, so that the schema is the writer's alone. */
@Timeout(30)
class HostileBytesTest {

    private static final long FEW = 300_000;

    private RegistryStub registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void has(String type) {
        registry.has(7, schema(type));
    }

    private static Schema schema(String type) {
        return Wired.schema("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":" + type + "}]}");
    }

    private static byte[] value(long... numbers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 7});
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            for (long number : numbers) {
                encoder.writeLong(number);
            }
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    /** The second time, when the schema is known and the classes are loaded. */
    private void cheaply(byte[] value, Consumer<Throwable> failsAs) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            failsAs.accept(catchThrowable(() -> deserializer.deserialize("t", value)));
            long before = threads.getCurrentThreadAllocatedBytes();
            Throwable again = catchThrowable(() -> deserializer.deserialize("t", value));
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(FEW);
            failsAs.accept(again);
        }
    }

    private static void unreadable(Throwable failure) {
        assertThat(failure)
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessage("the body is not Avro of the schema it names");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1_000, Integer.MAX_VALUE - 9, Integer.MAX_VALUE, Long.MAX_VALUE})
    void allocatesNothingForALengthThatIsALie(long length) {
        for (String type : new String[] {"\"string\"", "\"bytes\""}) {
            has(type);
            cheaply(value(length), HostileBytesTest::unreadable);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, Long.MIN_VALUE, 1_000, Integer.MAX_VALUE - 9, Integer.MAX_VALUE, Long.MAX_VALUE})
    void allocatesNothingForACountThatIsALie(long count) {
        for (String type : new String[] {
            "{\"type\":\"array\",\"items\":\"int\"}",
            "{\"type\":\"array\",\"items\":[\"null\",\"int\"]}",
            "{\"type\":\"map\",\"values\":\"null\"}",
            "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":\"long\"}}"
        }) {
            has(type);
            cheaply(value(count), HostileBytesTest::unreadable);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"null\"",
                "{\"type\":\"record\",\"name\":\"E\",\"fields\":[]}",
                "{\"type\":\"fixed\",\"name\":\"F\",\"size\":0}"
            },
            quoteCharacter = '\0')
    void knowsNoArrayOfWhatTakesNoBytes(String item) {
        has("{\"type\":\"array\",\"items\":" + item + "}");

        cheaply(
                value(Integer.MAX_VALUE - 9, 0),
                failure -> assertThat(failure)
                        .isInstanceOf(UnknownSchemaException.class)
                        .hasMessageContaining("an array of items that take no bytes"));
    }

    @Test
    void knowsNoFixedThatIsHuge() {
        has("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2000000000}");

        cheaply(
                value(1),
                failure -> assertThat(failure)
                        .isInstanceOf(UnknownSchemaException.class)
                        .hasMessage("schema 7 has a fixed of more than 1048576 bytes"));
    }

    @Test
    void readsNothingThatIsNestedWithoutEnd() {
        registry.has(7, Wired.schema("""
                {"type":"record","name":"R","fields":[{"name":"f","type":["null","R"]}]}"""));
        byte[] value = new byte[1_000_000];
        java.util.Arrays.fill(value, 5, value.length, (byte) 2);
        value[4] = 7;

        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            assertThat(catchThrowable(() -> deserializer.deserialize("t", value)))
                    .isExactlyInstanceOf(SerializationException.class)
                    .hasMessage("the body is nested too deep");
        }
    }

    @Test
    void knowsNoSchemaThatIsNestedWithoutEnd() {
        String deep = "{\"type\":\"array\",\"items\":".repeat(20_000) + "\"int\"" + "}".repeat(20_000);
        registry.answers("GET /schemas/ids/7", "200" + RegistryStub.json(java.util.Map.of("schema", deep)));

        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            assertThat(catchThrowable(() -> deserializer.deserialize("t", value(1))))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessage("schema 7 is not Avro");
        }
    }

    /** Each record holds two of the former: 2^40 nulls, and no byte. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null", "array"})
    void knowsNoRecordThatGrowsWithoutBytes(String around) {
        StringBuilder fields = new StringBuilder();
        String former = "\"null\"";
        for (int i = 0; i < 40; i++) {
            former = "{\"type\":\"record\",\"name\":\"R" + i + "\",\"fields\":[{\"name\":\"a\",\"type\":" + former
                    + "},{\"name\":\"b\",\"type\":" + (i == 0 ? "\"null\"" : "\"R" + (i - 1) + "\"") + "}]}";
        }
        fields.append(around.equals("array") ? "{\"type\":\"array\",\"items\":" + former + "}" : former);
        has(fields.toString());

        cheaply(
                value(1),
                failure -> assertThat(failure)
                        .isInstanceOf(UnknownSchemaException.class)
                        .hasMessageMatching(
                                ".* many values that take no bytes|.* has a record of more than 10000 values"));
    }

    /** A byte for each item, and for each item as many values as the schema likes. */
    @Test
    void knowsNoRecordWithManyFieldsThatTakeNoBytes() {
        StringBuilder fields = new StringBuilder("{\"name\":\"n\",\"type\":\"int\"}");
        for (int i = 0; i < 20_000; i++) {
            fields.append(",{\"name\":\"f").append(i).append("\",\"type\":\"null\"}");
        }
        has("{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"W\",\"fields\":[" + fields + "]}}");
        long[] numbers = new long[1_002];
        numbers[0] = 1_000;

        cheaply(
                value(numbers),
                failure -> assertThat(failure)
                        .isInstanceOf(UnknownSchemaException.class)
                        .hasMessageMatching(
                                ".* many values that take no bytes|.* has a record of more than 10000 values"));
    }
}
