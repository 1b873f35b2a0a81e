package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.wire.somebody.Colour;
import io.ordersync.wire.somebody.Gift;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the deserializer makes of a record, whatever schema it was written with. */
@Timeout(30)
class ReadingRecordsTest {

    private static final String NAME = "{\"name\":\"name\",\"type\":\"string\"}";
    private static final Object[] AS_GIFT = {"specific.avro.reader", true, "specific.avro.value.type", Gift.class};

    private RegistryStub registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static Schema gift(String... fields) {
        return Wired.schema("{\"type\":\"record\",\"name\":\"Gift\",\"namespace\":\"io.ordersync.wire.somebody\","
                + "\"fields\":[" + String.join(",", fields) + "]}");
    }

    /** A record of {@code schema}, which the registry has under id 7. */
    private byte[] written(Schema schema, Object... values) {
        registry.has(7, schema);
        return Wired.written(7, schema, values);
    }

    private IndexedRecord read(byte[] value, Object... more) {
        return read(new RecordHeaders(), value, more);
    }

    private IndexedRecord read(Headers headers, byte[] value, Object... more) {
        try (AvroDeserializer deserializer = Wired.deserializer(registry, more)) {
            return Objects.requireNonNull(deserializer.deserialize("any", headers, value));
        }
    }

    @Test
    void readsNothingFromNothing() {
        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            assertThat(deserializer.deserialize("any", null)).isNull();
        }
    }

    @Test
    void readsGenericRecordsByDefault() {
        assertThat(read(written(Wired.THING, "x", 3), "specific.avro.value.type", Gift.class))
                .isEqualTo(Wired.thing("x", 3));
    }

    @Test
    void readsTheClassThatTheWritersSchemaNames() {
        assertThat(read(written(gift(NAME), "x"), "specific.avro.reader", "true"))
                .isEqualTo(new Gift("x", 5, Colour.NONE, null));
    }

    @Test
    void readsTheClassThatIsConfiguredForTheKey() {
        byte[] key = written(gift(NAME), "x");
        try (AvroDeserializer deserializer = new AvroDeserializer()) {
            deserializer.configure(
                    Wired.configs(
                            registry, "specific.avro.reader", true, "specific.avro.key.type", Gift.class.getName()),
                    true);
            assertThat(deserializer.deserialize("any", key)).isEqualTo(new Gift("x", 5, Colour.NONE, null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Nobody, 'there is no class io.ordersync.wire.somebody.Nobody, which schema 7 names'",
        "Colour, 'io.ordersync.wire.somebody.Colour, which schema 7 names, is not generated of a record'"
    })
    void makesNoObjectOfWhatIsNoGeneratedClass(String name, String message) {
        Schema other = Wired.schema(gift().toString().replace("Gift", name));

        assertThatThrownBy(() -> read(written(other), "specific.avro.reader", true))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage(message);
    }

    @Test
    void passesOverAFieldThatTheReaderDoesNotHave() {
        Schema newer = gift("{\"name\":\"more\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}", NAME);

        assertThat(read(written(newer, Arrays.asList(1, 2, 3), "x"), AS_GIFT))
                .isEqualTo(new Gift("x", 5, Colour.NONE, null));
    }

    @Test
    void takesTheDefaultOfAFieldThatTheWriterDoesNotHave() {
        assertThat(read(written(gift(NAME), "x"), AS_GIFT)).isEqualTo(new Gift("x", 5, Colour.NONE, null));
    }

    @Test
    void takesTheDefaultOfASymbolThatTheReaderDoesNotHave() {
        Schema newer = gift(NAME, """
                {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["GREEN","RED"]}}""");

        assertThat(read(written(newer, "x", Wired.symbol(newer, "colour", "GREEN")), AS_GIFT))
                .isEqualTo(new Gift("x", 5, Colour.NONE, null));
        assertThat(read(written(newer, "x", Wired.symbol(newer, "colour", "RED")), AS_GIFT))
                .isEqualTo(new Gift("x", 5, Colour.RED, null));
    }

    @Test
    void widensANumber() {
        assertThat(read(written(gift(NAME, "{\"name\":\"worth\",\"type\":\"int\"}"), "x", 9), AS_GIFT))
                .isEqualTo(new Gift("x", 9, Colour.NONE, null));
    }

    @Test
    void knowsFieldsAndRecordsByTheirFormerNames() {
        Schema former = Wired.schema(
                gift(NAME.replace("name\":\"name", "name\":\"title")).toString().replace("\"Gift\"", "\"Present\""));

        assertThat(read(written(former, "x"), AS_GIFT)).isEqualTo(new Gift("x", 5, Colour.NONE, null));
    }

    @Test
    void readsARequiredFieldFromAnOptionalOne() {
        Schema optional = gift(NAME, "{\"name\":\"note\",\"type\":\"string\"}");

        assertThat(read(written(optional, "x", "y"), AS_GIFT)).isEqualTo(new Gift("x", 5, Colour.NONE, "y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"worth\",\"type\":\"double\"}",
                "{\"name\":\"worth\",\"type\":[\"null\",\"long\"]}",
                "{\"name\":\"colour\",\"type\":\"string\"}"
            })
    void doesNotKnowASchemaThatCannotBeReadAsTheClass(String field) {
        registry.has(7, gift(NAME, field));

        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 7, 2, 'x', 0}, AS_GIFT))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage("schema 7 can't be read as Gift");
    }

    @Test
    void doesNotKnowASchemaThatLacksWhatTheClassNeeds() {
        registry.has(7, gift());

        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 7}, AS_GIFT))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage("schema 7 can't be read as Gift");
    }

    @Test
    void findsTheIdInAHeader() {
        byte[] value = written(Wired.THING, "x", 3);
        Headers headers = new RecordHeaders().add("__value_schema_id", new byte[] {0, 0, 0, 0, 7});

        assertThat(read(headers, Arrays.copyOfRange(value, 5, value.length))).isEqualTo(Wired.thing("x", 3));
    }

    @Test
    void findsTheGuidInAHeader() {
        byte[] value = written(Wired.THING, "x", 3);
        UUID guid = UUID.fromString("89791762-2336-4186-9674-299b90a802e2");
        registry.answers(
                "GET /schemas/guids/" + guid,
                "200" + RegistryStub.json(java.util.Map.of("schema", Wired.THING.toString())));
        byte[] header = ByteBuffer.allocate(17)
                .put((byte) 1)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array();
        byte[] body = Arrays.copyOfRange(value, 5, value.length);

        assertThat(read(new RecordHeaders().add("__value_schema_id", header), body))
                .isEqualTo(Wired.thing("x", 3));
        // The key's header says nothing of the value.
        assertThat(read(new RecordHeaders().add("__key_schema_id", header), value))
                .isEqualTo(Wired.thing("x", 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6, 16, 18})
    void readsNothingByAHeaderThatHoldsNoId(int length) {
        byte[] header = new byte[length];
        Arrays.fill(header, (byte) 1);

        assertThatThrownBy(
                        () -> read(new RecordHeaders().add("__value_schema_id", header), written(Wired.THING, "x", 3)))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the header __value_schema_id holds no schema id and no GUID");
    }

    @Test
    void tellsNothingOfTheContentWhenItCannotBeRead() {
        byte[] value = written(Wired.THING, "geheim", 3);

        assertThatThrownBy(() -> read(Arrays.copyOf(value, value.length - 1)))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessage("the body is not Avro of the schema it names");
        assertThatThrownBy(() -> read(Arrays.copyOf(value, value.length + 1)))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessage("bytes are left over after the body");
    }
}
