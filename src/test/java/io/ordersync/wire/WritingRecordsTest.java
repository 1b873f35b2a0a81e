package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.wire.somebody.Colour;
import io.ordersync.wire.somebody.Gift;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of a record, and the schema that the registry is told. */
@Timeout(30)
class WritingRecordsTest {

    private static final Gift GIFT = new Gift("x", 9, Colour.RED, "y");
    private static final Object[] LATEST = {"auto.register.schemas", false, "use.latest.version", true};

    private RegistryStub registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private byte[] write(IndexedRecord data, Object... more) {
        try (AvroSerializer serializer = Wired.serializer(registry, more)) {
            return Objects.requireNonNull(serializer.serialize("gifts", data));
        }
    }

    /** The latest schema, id 5, of the gifts. */
    private void latest(Schema schema) {
        registry.answers(
                "GET /subjects/gifts-value/versions/latest",
                "200" + RegistryStub.json(Map.of("id", 5, "version", 2, "schema", schema.toString())));
    }

    @Test
    void writesNothingForNothing() {
        try (AvroSerializer serializer = Wired.serializer(registry)) {
            assertThat(serializer.serialize("gifts", null)).isNull();
        }
        assertThat(registry.asked).isEmpty();
    }

    @Test
    void writesAGenericRecord() {
        registry.answers("POST /subjects/gifts-value/versions", "200{\"id\":258}");

        assertThat(write(Wired.thing("x", 2))).containsExactly(0, 0, 0, 1, 2, 2, 'x', 4);
    }

    @Test
    void writesAGeneratedRecord() {
        registry.answers("POST /subjects/gifts-value/versions", "200{\"id\":258}");

        assertThat(write(GIFT)).containsExactly(0, 0, 0, 1, 2, 2, 'x', 18, 0, 2, 2, 'y');
    }

    @Test
    void tellsTheRegistryNothingOfJavasStrings() {
        write(GIFT);

        String told = Objects.requireNonNull(registry.registered.get("POST /subjects/gifts-value/versions"));
        assertThat(told).doesNotContain("avro.java.string").contains("\"name\":\"name\",\"type\":\"string\"");
    }

    @ParameterizedTest
    @CsvSource({
        "TopicNameStrategy, gifts-value, gifts-key",
        "RecordNameStrategy, io.ordersync.wire.somebody.Gift, io.ordersync.wire.somebody.Gift",
        "TopicRecordNameStrategy, gifts-io.ordersync.wire.somebody.Gift, gifts-io.ordersync.wire.somebody.Gift"
    })
    void namesTheSubjectByTheStrategy(String strategy, String ofValue, String ofKey) {
        String name = "io.confluent.kafka.serializers.subject." + strategy;
        write(GIFT, "value.subject.name.strategy", name);
        try (AvroSerializer ofKeys = new AvroSerializer()) {
            ofKeys.configure(Wired.configs(registry, "key.subject.name.strategy", name), true);
            ofKeys.serialize("gifts", GIFT);
        }

        assertThat(registry.asked)
                .containsExactly(
                        "POST /subjects/" + ofValue + "/versions null", "POST /subjects/" + ofKey + "/versions null");
    }

    @Test
    void writesASubjectAsOneSegmentOfThePath() {
        try (AvroSerializer serializer = Wired.serializer(registry)) {
            serializer.serialize(":.berlin:gifts/1 2", GIFT);
        }
        assertThat(registry.asked).containsExactly("POST /subjects/%3A.berlin%3Agifts%2F1%202-value/versions null");
    }

    @Test
    void writesTheLatestSchemaWithItsOwnFieldsAndOrder() {
        Schema latest = Wired.schema("""
                {"type":"record","name":"Gift","namespace":"io.ordersync.wire.somebody","fields":[
                  {"name":"added","type":"string","default":"new"},
                  {"name":"note","type":["null","string"]},
                  {"name":"worth","type":"double"},
                  {"name":"name","type":"string"}]}""");
        latest(latest);
        registry.has(5, latest);

        byte[] value = write(GIFT, LATEST);

        assertThat(value).startsWith(0, 0, 0, 0, 5);
        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            assertThat(deserializer.deserialize("gifts", value))
                    .hasToString("{\"added\": \"new\", \"note\": \"y\", \"worth\": 9.0, \"name\": \"x\"}");
        }
    }

    @Test
    void writesTheLatestSchemaAsItIsWhenItIsTheOwn() {
        latest(RegistryClient.published(Gift.SCHEMA$));

        assertThat(write(GIFT, LATEST)).containsExactly(0, 0, 0, 0, 5, 2, 'x', 18, 0, 2, 2, 'y');
    }

    @Test
    void refusesALatestSchemaThatDoesNotTakeTheRecord() {
        latest(Wired.schema(Gift.SCHEMA$.toString().replace("\"long\",\"default\":5", "\"string\"")));

        assertThatThrownBy(() -> write(GIFT, LATEST))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the latest schema of gifts-value, 5, does not take what is written as"
                        + " io.ordersync.wire.somebody.Gift here");
    }

    @Test
    void triesALatestSchemaThatMayNotTakeTheRecordWhereThatIsWanted() {
        latest(Wired.schema(Gift.SCHEMA$
                .toString()
                .replace("\"default\":\"NONE\"},\"default\":\"NONE\"", "\"default\":\"NONE\"}")
                .replace("[\"RED\",\"NONE\"],\"default\":\"NONE\"", "[\"NONE\"]")));
        Object[] lenient = {
            "auto.register.schemas", false, "use.latest.version", true, "latest.compatibility.strict", false
        };

        assertThatThrownBy(() -> write(GIFT, LATEST)).hasMessageContaining("latest.compatibility.strict");
        assertThat(write(new Gift("x", 9, Colour.NONE, null), lenient))
                .containsExactly(0, 0, 0, 0, 5, 2, 'x', 18, 0, 0);
        assertThatThrownBy(() -> write(GIFT, lenient))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the record does not fit its schema, io.ordersync.wire.somebody.Gift");
    }

    @Test
    void registersTheOwnSchemaWhereBothAreWanted() {
        write(GIFT, "use.latest.version", true);

        assertThat(registry.asked).containsExactly("POST /subjects/gifts-value/versions null");
    }

    @Test
    void saysThatARecordDoesNotFitItsSchema() {
        GenericData.Record incomplete = new GenericData.Record(Wired.THING);
        incomplete.put("count", "geheim");

        assertThatThrownBy(() -> write(incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the record does not fit its schema, test.Thing");
    }
}
