package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ordersync.wire.RegistryStub.Mood;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the registry is asked, who is said to ask, and what its answers mean. */
@Timeout(30)
class AskingTheRegistryTest {

    /** A thing, under id 7. */
    private static final byte[] THING = ByteBuffer.allocate(8)
            .put((byte) 0)
            .putInt(7)
            .put((byte) 2)
            .put((byte) 'x')
            .put((byte) 4)
            .array();

    private RegistryStub registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        registry.has(7, Wired.THING);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Object read(Object... more) {
        try (AvroDeserializer deserializer = Wired.deserializer(registry, more)) {
            return String.valueOf(deserializer.deserialize("things", THING));
        }
    }

    private byte[] write(Object... more) {
        try (AvroSerializer serializer = Wired.serializer(registry, more)) {
            return java.util.Objects.requireNonNull(serializer.serialize("things", Wired.thing("x", 2)));
        }
    }

    private List<String> authorization() {
        return registry.headers.stream()
                .map(headers -> String.valueOf(headers.getFirst("Authorization")))
                .toList();
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void asksForAnIdOnce() {
        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            deserializer.deserialize("things", THING);
            deserializer.deserialize("others", THING);
        }
        assertThat(registry.asked).containsExactly("GET /schemas/ids/7 null");
    }

    @Test
    void registersASchemaOnceForEachSubject() {
        try (AvroSerializer serializer = Wired.serializer(registry)) {
            serializer.serialize("things", Wired.thing("x", 2));
            serializer.serialize("things", Wired.thing("y", 3));
            serializer.serialize("others", Wired.thing("y", 3));
        }
        assertThat(registry.asked)
                .containsExactly(
                        "POST /subjects/things-value/versions null", "POST /subjects/others-value/versions null");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"HANGS_UP", "FAILS", "TALKS_NONSENSE", "STOPS_HALFWAY"})
    void asksTheNextUrlWhenTheFirstIsOfNoUse(Mood mood) throws IOException {
        try (RegistryStub first = new RegistryStub()) {
            first.mood = mood;

            assertThat(read("schema.registry.url", first.url() + ", " + registry.url()))
                    .isEqualTo("{\"name\": \"x\", \"count\": 2}");
            assertThat(first.asked).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apis/ccompat/v7", "/apis/ccompat/v7/"})
    void keepsThePathOfTheUrl(String path) {
        registry.answers(
                "GET /apis/ccompat/v7/schemas/ids/7",
                "200" + RegistryStub.json(Map.of("schema", Wired.THING.toString())));

        read("schema.registry.url", registry.url() + path, "http.read.timeout.ms", 1_000, "max.retries", 0);

        assertThat(registry.asked).containsExactly("GET /apis/ccompat/v7/schemas/ids/7 null");
    }

    @Test
    void saysNobodysNameByDefault() {
        read("basic.auth.user.info", "me:geheim", "bearer.auth.token", "geheim");

        assertThat(authorization()).containsExactly("null");
    }

    @Test
    void saysTheUserOfTheUrl() {
        read("schema.registry.url", registry.url().toString().replace("//", "//me:gehe%40im@"));

        assertThat(authorization()).containsExactly(basic("me:gehe@im"));
    }

    @Test
    void saysTheUserThatIsConfigured() {
        read("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "me:geheim");

        assertThat(authorization()).containsExactly(basic("me:geheim"));
    }

    @Test
    void saysTheUserOfTheKafkaClient() {
        read(
                "basic.auth.credentials.source",
                "SASL_INHERIT",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\" password=\"geheim\";");

        assertThat(authorization()).containsExactly(basic("me:geheim"));
    }

    @Test
    void showsTheToken() {
        read("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "abc");
        write("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "abc");

        assertThat(authorization()).containsExactly("Bearer abc", "Bearer abc");
    }

    @Test
    void sendsTheHeadersThatAreConfigured() {
        read("request.header.X-Tenant", "shop-7");

        assertThat(registry.headers.getFirst().getFirst("X-Tenant")).isEqualTo("shop-7");
    }

    @Test
    void triesAsOftenAsConfiguredAndNoMore() {
        registry.mood = Mood.FAILS;

        assertThatThrownBy(() -> read("max.retries", 2, "retries.wait.ms", 10, "retries.max.wait.ms", 20))
                .isInstanceOf(RegistryUnavailableException.class)
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("answers 503, error code 50003");
        assertThat(registry.asked).hasSize(3);
    }

    @Test
    void pausesBetweenItsAttempts() {
        registry.mood = Mood.FAILS;
        long start = System.nanoTime();

        // At least half of each pause: 200, then 300 and 300 milliseconds, which are the most.
        assertThatThrownBy(() -> read("max.retries", 3, "retries.wait.ms", 200, "retries.max.wait.ms", 300))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(400), Duration.ofMillis(5_000));
    }

    @Test
    void keepsNoFailure() {
        registry.mood = Mood.FAILS;
        try (AvroDeserializer deserializer = Wired.deserializer(registry);
                AvroSerializer serializer = Wired.serializer(registry)) {
            assertThatThrownBy(() -> deserializer.deserialize("things", THING))
                    .isInstanceOf(RegistryUnavailableException.class);
            assertThatThrownBy(() -> serializer.serialize("things", Wired.thing("x", 2)))
                    .isInstanceOf(RegistryUnavailableException.class);
            registry.mood = Mood.ANSWERS;
            assertThat(deserializer.deserialize("things", THING)).isNotNull();
            assertThat(serializer.serialize("things", Wired.thing("x", 2))).isNotNull();

            byte[] unknown = ByteBuffer.wrap(THING.clone()).putInt(1, 9).array();
            assertThatThrownBy(() -> deserializer.deserialize("things", unknown))
                    .isInstanceOf(UnknownSchemaException.class);
            registry.has(9, Wired.THING);
            assertThat(deserializer.deserialize("things", unknown)).isNotNull();
        }
    }

    @Test
    void waitsForNoBodyThatNeverEnds() {
        registry.mood = Mood.STOPS_HALFWAY;
        long start = System.nanoTime();

        assertThatThrownBy(() -> read("http.connect.timeout.ms", 200, "http.read.timeout.ms", 300))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageEndingWith(" does not answer");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(400), Duration.ofMillis(5_000));
    }

    @Test
    void readsAnIdThatIsKnownWhileAnotherIsWaitedFor() {
        AvroDeserializer deserializer = Wired.deserializer(registry, "http.read.timeout.ms", 20_000);
        deserializer.deserialize("things", THING);
        registry.mood = Mood.STOPS_HALFWAY;
        CompletableFuture<?> waiting = CompletableFuture.supplyAsync(
                () -> deserializer.deserialize(
                        "things", ByteBuffer.wrap(THING.clone()).putInt(1, 8).array()),
                Thread::startVirtualThread);
        Awaitility.await().until(() -> registry.asked.size() == 2);

        assertThat(CompletableFuture.supplyAsync(
                        () -> deserializer.deserialize("things", THING), Thread::startVirtualThread))
                .succeedsWithin(Duration.ofSeconds(5));
        assertThat(waiting).isNotDone();
        deserializer.close();
        assertThat(waiting).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void readsWhatIsKnownAfterItIsClosedAndAsksNoMore() {
        AvroDeserializer deserializer = Wired.deserializer(registry, "max.retries", 1_000);
        deserializer.deserialize("things", THING);
        deserializer.close();

        assertThat(deserializer.deserialize("things", THING)).isNotNull();
        byte[] unknown = ByteBuffer.wrap(THING.clone()).putInt(1, 9).array();
        assertThatThrownBy(() -> deserializer.deserialize("things", unknown))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThat(registry.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "404{\"error_code\":40403,\"message\":\"Schema not found\"}",
                "404{\"error_code\":404,\"message\":\"not found\"}",
                "404{\"error_code\":40401,\"message\":\"not found\"}",
                "200{\"schema\":\"{\\\"type\\\":\\\"nonsense\\\"}\"}",
                "200{\"schema\":\"\\\"string\\\"\"}",
                "200{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\"}",
                "200{\"schema\":\"\\\"string\\\"\",\"references\":[{\"name\":\"a\",\"subject\":\"b\",\"version\":1}]}"
            })
    void doesNotKnowAnIdThatIsNoAvroRecords(String answer) {
        registry.answers("GET /schemas/ids/7", answer);

        assertThatThrownBy(this::read)
                .isInstanceOf(UnknownSchemaException.class)
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schema 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "401{\"error_code\":40101,\"message\":\"who are you\"}",
                "404{\"message\":\"not the registry\"}",
                "404<html>no such page</html>",
                "200{\"id\":7}",
                "200",
                "302{}",
                "429{\"error_code\":42901,\"message\":\"too many requests\"}"
            })
    void isNotToldThatAnIdIsUnknownByWhatIsNoAnswer(String answer) {
        registry.answers("GET /schemas/ids/7", answer);

        assertThatThrownBy(this::read).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void readsNoSchemaThatIsHuge() {
        String doc = "x".repeat(RegistryClient.LARGEST_ANSWER);
        registry.answers("GET /schemas/ids/7", "200{\"schema\":\"" + doc + "\"}");

        assertThatThrownBy(this::read)
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage("schema 7 is larger than 4194304 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, POST /subjects/things-value/versions",
        "false, false, POST /subjects/things-value",
        "true, true, POST /subjects/things-value/versions?normalize=true",
        "false, true, POST /subjects/things-value?normalize=true"
    })
    void registersOrLooksUpAsConfigured(boolean register, boolean normalize, String question) {
        registry.answers(question, "200{\"id\":12}");

        assertThat(write("auto.register.schemas", register, "normalize.schemas", Boolean.toString(normalize)))
                .startsWith(0, 0, 0, 0, 12);
        assertThat(registry.asked).containsExactly(question + " null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "409{\"error_code\":409,\"message\":\"incompatible\"}",
                "422{\"error_code\":42201,\"message\":\"Invalid schema\"}",
                "404{\"error_code\":40403,\"message\":\"Schema not found\"}",
                "404{\"error_code\":40401,\"message\":\"Subject not found\"}"
            })
    void givesUpOnASchemaTheRegistryRefuses(String answer) {
        registry.answers("POST /subjects/things-value/versions", answer);
        String message = answer.substring(answer.indexOf("message") + 10, answer.length() - 2);

        assertThatThrownBy(this::write)
                .isInstanceOf(SerializationException.class)
                .hasMessage("the schema registry refuses the schema of things-value: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"404{\"message\":\"not the registry\"}", "404{\"error_code\":404}", "401{}", "503{}"})
    void isNotToldThatASchemaIsRefusedByWhatIsNoAnswer(String answer) {
        registry.answers("POST /subjects/things-value/versions", answer);

        assertThatThrownBy(this::write).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void asksAgainForTheLatestSchemaWhenItIsTooOld() {
        String latest = "200" + RegistryStub.json(Map.of("id", 5, "schema", Wired.THING.toString()));
        registry.answers("GET /subjects/things-value/versions/latest", latest);
        Object[] ofLatest = {"auto.register.schemas", false, "use.latest.version", true, "latest.cache.ttl.sec", 0};
        try (AvroSerializer aged = Wired.serializer(registry, ofLatest);
                AvroSerializer kept =
                        Wired.serializer(registry, "auto.register.schemas", false, "use.latest.version", true)) {
            assertThat(aged.serialize("things", Wired.thing("x", 2))).startsWith(0, 0, 0, 0, 5);
            assertThat(kept.serialize("things", Wired.thing("x", 2))).startsWith(0, 0, 0, 0, 5);
            registry.answers("GET /subjects/things-value/versions/latest", latest.replace("\"id\":5", "\"id\":6"));
            assertThat(aged.serialize("things", Wired.thing("x", 2))).startsWith(0, 0, 0, 0, 6);
            assertThat(kept.serialize("things", Wired.thing("x", 2))).startsWith(0, 0, 0, 0, 5);
        }
    }

    @Test
    void tellsNoSecretWhenItFails() {
        registry.mood = Mood.FAILS;
        String url = registry.url().toString().replace("//", "//me:geheim@");
        Throwable failure = catchThrowable(() -> read("schema.registry.url", url));

        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("geheim");
        }
    }

    /** Else each of a million records of the wrong schema would cost a question, and up to 4 MiB of answer. */
    @Test
    void asksOnceForASchemaThatCannotBeRead() {
        registry.has(7, Wired.schema("""
                {"type":"record","name":"R","fields":[{"name":"f","type":{"type":"array","items":"null"}}]}"""));
        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> deserializer.deserialize("things", THING))
                        .isInstanceOf(UnknownSchemaException.class)
                        .hasMessageContaining("schema 7");
            }
        }
        assertThat(registry.asked).hasSize(1);
    }

    /** As Apicurio answers: it has no such path. To wait for that would be to wait for ever. */
    @Test
    void doesNotKnowAGuidWhereTheRegistryHasNoGuids() {
        java.util.UUID guid = new java.util.UUID(1, 2);
        registry.answers("GET /schemas/guids/" + guid, "404");
        RecordHeaders headers = new RecordHeaders();
        headers.add(
                "__value_schema_id",
                ByteBuffer.allocate(17).put((byte) 1).putLong(1).putLong(2).array());

        try (AvroDeserializer deserializer = Wired.deserializer(registry)) {
            assertThatThrownBy(() -> deserializer.deserialize("things", headers, new byte[] {2, 'x', 4}))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageContaining("schema " + guid);
        }
    }

    /** Confluent's client takes each of its keys with and without schema.registry. before it. */
    @Test
    void takesTheKeysOfTheClientWithThePrefixToo() {
        read(
                "schema.registry.basic.auth.credentials.source",
                "USER_INFO",
                "schema.registry.basic.auth.user.info",
                "me:x");
        read("schema.registry.request.header.X-Tenant", "shop-7");

        assertThat(authorization().getFirst()).isEqualTo(basic("me:x"));
        assertThat(registry.headers.getLast().getFirst("X-Tenant")).isEqualTo("shop-7");
    }
}
