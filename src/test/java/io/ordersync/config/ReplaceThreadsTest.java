package io.ordersync.config;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReplaceThreadsTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final AtomicBoolean mayGoOn = new AtomicBoolean(true);
    private final AtomicInteger halted = new AtomicInteger();
    private final ReplaceThreads handler =
            new ReplaceThreads(2, Duration.ofMinutes(10), clock, mayGoOn::get, halted::incrementAndGet);

    @Test
    void stopsTheStreamWhenThreadsDieTooOften() {
        assertThat(handler.handle(new IllegalStateException("one"))).isEqualTo(REPLACE_THREAD);
        assertThat(handler.handle(new IllegalStateException("two"))).isEqualTo(REPLACE_THREAD);
        assertThat(handler.handle(new IllegalStateException("three"))).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void forgetsDeathsOfLongAgo() {
        handler.handle(new IllegalStateException("one"));
        handler.handle(new IllegalStateException("two"));
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(10)).plusMillis(1));

        assertThat(handler.handle(new IllegalStateException("three"))).isEqualTo(REPLACE_THREAD);
    }

    @Test
    void stopsTheStreamAtOnceWhenAnotherThreadWouldDoNoBetter() {
        mayGoOn.set(false);

        assertThat(handler.handle(new IllegalStateException("not allowed"))).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void endsTheProcessAtOnceWhenMemoryIsExhausted() {
        handler.handle(new IllegalStateException("a bug"));
        assertThat(halted).hasValue(0);

        handler.handle(new IllegalStateException(new OutOfMemoryError("Java heap space")));
        assertThat(halted).hasValue(1);
    }
}
