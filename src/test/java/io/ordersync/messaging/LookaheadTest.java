package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Rejection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be read without waiting, when a registry answers, refuses, or is silent. */
class LookaheadTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private volatile Instant now = NOON;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    static List<byte[]> valuesWithoutAnId() {
        return List.of(new byte[0], new byte[4], new byte[] {1, 0, 0, 0, 7, 0});
    }

    @ParameterizedTest
    @MethodSource("valuesWithoutAnId")
    void needsNobodyToFindAValueUnreadable(byte[] value) {
        assertThat(lookahead(read -> {}).isReadable(value)).isTrue();
        assertThat(asked).hasValue(0);
    }

    @Test
    void waitsForTheFirstOfAnIdAndForNoOther() {
        Lookahead lookahead = lookahead(this::whenAnswered);

        assertThat(lookahead.isReadable(value(7))).isFalse();
        assertThat(lookahead.isReadable(value(7))).as("and asks once").isFalse();
        answer.countDown();
        await().until(() -> lookahead.isReadable(value(7)));

        assertThat(lookahead.isReadable(value(7))).isTrue();
        assertThat(asked).hasValue(1);
        assertThat(lookahead.isReadable(value(8))).isFalse();
    }

    /** The one that can't be read goes to the dead letters; another of that id is asked for anew, since ids may come later. */
    @Test
    void letsPassWhatTheRegistryRefusesForAMoment() {
        Lookahead lookahead = lookahead(value -> {
            throw new Rejection(Rejection.Reason.UNKNOWN_SCHEMA, "no schema 7");
        });
        assertThat(lookahead.isReadable(value(7))).isFalse();
        await().until(() -> lookahead.isReadable(value(7)));

        now = NOON.plusMillis(999);
        assertThat(lookahead.isReadable(value(7))).isTrue();
        assertThat(lookahead.refusal(value(7))).isInstanceOf(Rejection.class).hasMessage("no schema 7");
        assertThat(lookahead.refusal(value(8))).isNull();
        now = NOON.plus(Duration.ofSeconds(1));
        assertThat(lookahead.refusal(value(7))).isNull();
        assertThat(lookahead.isReadable(value(7))).isFalse();
        await().until(() -> asked.get() == 2);
    }

    /** Another value of that schema may be whole. */
    @Test
    void refusesNoSchemaForAValueThatCannotBeRead() {
        Lookahead lookahead = lookahead(value -> {
            throw new Rejection(Rejection.Reason.UNREADABLE, "cut off");
        });
        assertThat(lookahead.isReadable(value(7))).isFalse();
        await().until(() -> lookahead.isReadable(value(7)));

        now = NOON.plus(Duration.ofHours(1));
        assertThat(lookahead.isReadable(value(7))).isTrue();
        assertThat(lookahead.refusal(value(7))).isNull();
    }

    @Test
    void keepsNoMoreRefusalsThanItCanBear() {
        Lookahead lookahead = lookahead(value -> {
            throw new Rejection(Rejection.Reason.UNKNOWN_SCHEMA, "none");
        });
        for (int id = 0; id < 1_001; id++) {
            byte[] value = value(id);
            await().until(() -> lookahead.isReadable(value));
        }

        assertThat(lookahead.refusal(value(0))).isNull();
        assertThat(lookahead.refusal(value(1_000))).isNotNull();
    }

    @Test
    void asksAgainWhenTheWaitWasEnded() {
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>(
                List.of(new RegistryUnavailable("closed"), new RegistryUnavailable("closed")));
        Lookahead lookahead = lookahead(value -> {
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        });

        await().until(() -> lookahead.isReadable(value(7)));
        assertThat(asked).hasValue(3);
    }

    private Lookahead lookahead(Consumer<byte[]> reading) {
        return new Lookahead(
                value -> {
                    asked.incrementAndGet();
                    reading.accept(value);
                },
                clock);
    }

    private void whenAnswered(byte[] value) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] value(int id) {
        return ByteBuffer.allocate(9).put((byte) 0).putInt(id).array();
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }
}
