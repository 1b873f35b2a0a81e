package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.RegistryStub;
import io.ordersync.wire.RegistryStub.Mood;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(20)
@ExtendWith(OutputCaptureExtension.class)
class WaitingForTheRegistryTest {

    private static final byte[] REFUND = Wire.bytes(Wire.refund().build());

    private RegistryStub registry;
    private SchemaRegistry client;
    private FactReader reader;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        registry.has(Wire.REFUND_ID, io.ordersync.contract.RefundApproved.SCHEMA$);
        client = Wire.client(registry);
        reader = new FactReader(client, Wire.TOPICS);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @DisplayName("87: registry down, known schema ids: no effect")
    @Test
    void isNotNeededForKnownIds() {
        Arrival first = read(REFUND);
        registry.close();

        assertThat(read(REFUND)).isEqualTo(first);
        assertThat(registry.asked).hasSize(1);
        assertThat(client.waitingSince()).isEmpty();
    }

    @DisplayName("88: registry down, unknown schema id: waits, health says so, goes on when it is back; no dead letter")
    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"HANGS_UP", "FAILS", "TALKS_NONSENSE", "STOPS_HALFWAY"})
    void lastsUntilItAnswers(Mood mood, CapturedOutput log) {
        registry.mood = mood;
        Instant before = Instant.now();

        CompletableFuture<Arrival> arrival = inBackground(() -> read(REFUND));
        await().until(() -> registry.asked.size() > 2);

        assertThat(client.waitingSince())
                .hasValueSatisfying(since -> assertThat(since).isBetween(before, Instant.now()));
        assertThat(arrival).isNotDone();
        registry.mood = Mood.ANSWERS;
        assertThat(arrival).succeedsWithin(Duration.ofSeconds(10));
        assertThat(client.waitingSince()).isEmpty();
        assertThat(log.getOut().lines().filter(line -> line.contains("WARN")))
                .as("one line for each transition, none for the attempts between")
                .hasSize(2);
    }

    @Test
    void holdsUpNobodyWhoseIdIsKnown() {
        read(REFUND);
        registry.mood = Mood.FAILS;
        CompletableFuture<Arrival> waiting =
                inBackground(() -> read(Wire.bytes(Wire.shipment().build())));
        await().until(() -> client.waitingSince().isPresent());

        assertThat(inBackground(() -> read(REFUND))).succeedsWithin(Duration.ofSeconds(5));
        assertThat(waiting).isNotDone();
        client.close();
        assertThat(waiting).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void lastsWhileNobodyListens() {
        registry.close();
        CompletableFuture<byte[]> value;
        try (SchemaRegistry lonely = Wire.client(registry)) {
            value = inBackground(() -> lock(lonely));
            await().until(() -> lonely.waitingSince().isPresent());
            assertThat(value).isNotDone();
        }
        assertThat(value).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void isNotEndedForAllByOneThatIsAnswered() {
        registry.mood = Mood.FAILS;
        CompletableFuture<Arrival> first = inBackground(() -> read(REFUND));
        CompletableFuture<byte[]> second = inBackground(() -> lock(client));
        await().until(() -> registry.asked.stream().anyMatch(question -> question.startsWith("POST"))
                && client.waitingSince().isPresent());

        registry.answers("POST /subjects/warehouse-lock-commands-value/versions", "503{}");
        registry.mood = Mood.ANSWERS;

        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        assertThat(client.waitingSince()).isPresent();
        registry.answers("POST /subjects/warehouse-lock-commands-value/versions", "200{\"id\":3}");
        assertThat(second)
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(value -> assertThat(value).startsWith(0, 0, 0, 0, 3));
        assertThat(client.waitingSince()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"FAILS", "STOPS_HALFWAY"})
    void endsAtOnceWhenItIsClosed(Mood mood) {
        registry.mood = mood;
        CompletableFuture<Arrival> arrival = inBackground(() -> read(REFUND));
        await().until(() -> client.waitingSince().isPresent());

        client.close();

        assertThatThrownBy(arrival::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RegistryUnavailable.class);
        assertThat(client.waitingSince()).isEmpty();
    }

    @Test
    void endsAtOnceWhenItsThreadIsInterrupted() throws InterruptedException {
        registry.mood = Mood.STOPS_HALFWAY;
        FutureTask<Arrival> arrival = new FutureTask<>(() -> read(REFUND));
        Thread thread = Thread.ofVirtual().start(arrival);
        await().until(() -> !registry.asked.isEmpty());

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        assertThatThrownBy(arrival::get).hasCauseInstanceOf(RegistryUnavailable.class);
        assertThat(client.waitingSince()).isEmpty();
    }

    @Test
    void endsInARejectionWhenItComesBackAndDoesNotKnowTheId() {
        registry.mood = Mood.FAILS;
        CompletableFuture<Arrival> arrival =
                inBackground(() -> read(Wire.bytes(Wire.shipment().build())));
        await().until(() -> client.waitingSince().isPresent());

        registry.mood = Mood.ANSWERS;

        assertThatThrownBy(arrival::join).hasCauseInstanceOf(Rejection.class);
        assertThat(client.waitingSince()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "401{\"error_code\":40101,\"message\":\"who are you\"}",
                "404<html>no such page</html>",
                "200{\"id\":7}",
                "200",
                "302{}",
                "429{\"error_code\":42901,\"message\":\"too many requests\"}"
            })
    void startsAtEveryAnswerThatSaysNothingOfTheId(String answer) {
        registry.answers("GET /schemas/ids/7", answer);

        CompletableFuture<Arrival> arrival = inBackground(() -> read(REFUND));
        await().until(() -> client.waitingSince().isPresent());

        registry.has(Wire.REFUND_ID, io.ordersync.contract.RefundApproved.SCHEMA$);
        assertThat(arrival).succeedsWithin(Duration.ofSeconds(10));
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, Thread::startVirtualThread);
    }

    private static byte[] lock(SchemaRegistry client) {
        return new EffectWriter(client, Wire.TOPICS).value(new OrderKey("DOUYIN", "shop:1", "O1"), Effects.fullLock());
    }

    private Arrival read(byte[] value) {
        return reader.read("refund-approved", 0, 0, value);
    }
}
