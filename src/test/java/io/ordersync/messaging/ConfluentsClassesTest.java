package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ordersync.contract.RefundApproved;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.RegistryStub;
import io.ordersync.wire.RegistryStub.Mood;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Classes with the names of Confluent's take the place of ours by configuration alone. The genuine ones can't be had here:
 * these are stand-ins that read the same keys and throw what the published source of the genuine ones throws. They are
 * compiled for this test, so that they never come before the genuine ones on a class path.
 */
@Timeout(30)
class ConfluentsClassesTest {

    private static final byte[] REFUND = Wire.bytes(Wire.refund().build());
    private static final OrderKey ORDER = new OrderKey("DOUYIN", "shop:1", "O1");

    @TempDir
    static Path classes;

    private static URLClassLoader loader;
    private static ClassLoader before;

    private RegistryStub registry;
    private SchemaRegistry client;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> sources = Files.walk(Path.of("src/test/resources/confluent-stand-ins"));
                var files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> all =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none", "-d", classes.toString()),
                                    null,
                                    files.getJavaFileObjectsFromPaths(all))
                            .call())
                    .isTrue();
        }
        before = Thread.currentThread().getContextClassLoader();
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before);
    }

    @AfterAll
    static void unload() throws IOException {
        loader.close();
    }

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        registry.has(Wire.REFUND_ID, RefundApproved.SCHEMA$);
        client = client(registry.url());
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private static SchemaRegistry client(URI url) {
        return new SchemaRegistry(
                new SchemaRegistry.Settings(
                        "io.confluent.kafka.serializers.KafkaAvroSerializer",
                        "io.confluent.kafka.serializers.KafkaAvroDeserializer",
                        Map.of(
                                "schema.registry.url", url.toString(),
                                "http.connect.timeout.ms", "250",
                                "http.read.timeout.ms", "250",
                                "avro.fail.on.trailing.data", "true",
                                "avro.remove.java.properties", "true")),
                Clock.systemUTC());
    }

    private FactReader reader() {
        return withTheirClasses(() -> new FactReader(client, Wire.TOPICS));
    }

    private EffectWriter writer() {
        return withTheirClasses(() -> new EffectWriter(client, Wire.TOPICS));
    }

    private static <T> T withTheirClasses(java.util.function.Supplier<T> task) {
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return task.get();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Arrival read(FactReader reader, byte[] value) {
        return reader.read("refund-approved", 4, 99, value);
    }

    @Test
    void readAsOursDo() {
        try (SchemaRegistry ours = Wire.client(registry)) {
            assertThat(read(reader(), REFUND)).isEqualTo(read(new FactReader(ours, Wire.TOPICS), REFUND));
        }
    }

    @Test
    void writeAsOursDo() {
        EffectWriter writer = writer();
        writer.register();
        assertThat(registry.registered)
                .hasSize(4)
                .allSatisfy((subject, schema) -> assertThat(schema).doesNotContain("avro.java.string"));
        try (SchemaRegistry ours = Wire.client(registry)) {
            byte[] theirs = writer.value(ORDER, Effects.fullLock());
            byte[] own = new EffectWriter(ours, Wire.TOPICS).value(ORDER, Effects.fullLock());
            assertThat(Arrays.copyOfRange(theirs, 5, theirs.length)).isEqualTo(Arrays.copyOfRange(own, 5, own.length));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"HANGS_UP", "FAILS", "TALKS_NONSENSE", "STOPS_HALFWAY"})
    void areWaitedForWhileTheRegistryIsOutOfReach(Mood mood) {
        FactReader reader = reader();
        EffectWriter writer = writer();
        registry.mood = mood;

        CompletableFuture<Arrival> arrival = inBackground(() -> read(reader, REFUND));
        CompletableFuture<byte[]> value = inBackground(() -> writer.value(ORDER, Effects.fullLock()));
        await().until(() -> client.waitingSince().isPresent());

        registry.mood = Mood.ANSWERS;
        assertThat(arrival).succeedsWithin(Duration.ofSeconds(15));
        assertThat(value).succeedsWithin(Duration.ofSeconds(15));
        assertThat(client.waitingSince()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "401{\"error_code\":40101,\"message\":\"who are you\"}",
                "403{\"error_code\":40301,\"message\":\"not you\"}",
                "404<html>no such page</html>",
                "404{\"message\":\"not the registry\"}",
                "429{\"error_code\":42901,\"message\":\"too many requests\"}",
                "500{\"error_code\":50001,\"message\":\"broken\"}",
                "502<html>bad gateway</html>",
                "200"
            })
    void areWaitedForWhenTheAnswerSaysNothingOfTheId(String answer) {
        FactReader reader = reader();
        registry.answers("GET /schemas/ids/7", answer);

        CompletableFuture<Arrival> arrival = inBackground(() -> read(reader, REFUND));
        await().until(() -> client.waitingSince().isPresent());

        registry.has(Wire.REFUND_ID, RefundApproved.SCHEMA$);
        assertThat(arrival).succeedsWithin(Duration.ofSeconds(15));
    }

    @Test
    void rejectAnIdThatTheRegistryDoesNotKnow() {
        byte[] unknown = ByteBuffer.wrap(REFUND.clone()).putInt(1, 404).array();

        assertRejected(unknown, Rejection.Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void rejectASchemaThatIsNoAvro() {
        registry.answers("GET /schemas/ids/7", "200{\"schema\":\"nonsense\"}");

        assertRejected(REFUND, Rejection.Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void rejectBytesThatCannotBeRead() {
        byte[] magic = REFUND.clone();
        magic[0] = 1;

        assertRejected(magic, Rejection.Reason.UNREADABLE);
        assertRejected(new byte[3], Rejection.Reason.UNREADABLE);
        assertRejected(Arrays.copyOf(REFUND, REFUND.length - 1), Rejection.Reason.UNREADABLE);
        assertRejected(Arrays.copyOf(REFUND, REFUND.length + 1), Rejection.Reason.UNREADABLE);
        for (int length = 5; length < REFUND.length; length++) {
            assertRejected(Arrays.copyOf(REFUND, length), Rejection.Reason.UNREADABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "409{\"error_code\":409,\"message\":\"incompatible\"}",
                "422{\"error_code\":42201,\"message\":\"Invalid schema\"}",
                "404{\"error_code\":40403,\"message\":\"Schema not found\"}"
            })
    void giveUpOnASchemaTheRegistryRefuses(String answer) {
        registry.answers("POST /subjects/warehouse-lock-commands-value/versions", answer);

        assertThatThrownBy(() -> writer().register())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Error registering Avro schema");
    }

    private void assertRejected(byte[] value, Rejection.Reason reason) {
        FactReader reader = reader();
        assertThatThrownBy(() -> read(reader, value))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(reason));
    }

    private static <T> CompletableFuture<T> inBackground(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, Thread::startVirtualThread);
    }
}
