package io.ordersync.streams;

import static org.apache.kafka.streams.KafkaStreams.State.ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.NOT_RUNNING;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_SHUTDOWN;
import static org.apache.kafka.streams.KafkaStreams.State.REBALANCING;
import static org.apache.kafka.streams.KafkaStreams.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamEndTest {

    private boolean deserted;
    private Duration put = Duration.ZERO;
    private final StreamEnd end = new StreamEnd(() -> Instant.now().plus(put));
    private final CompletableFuture<Thread> told = new CompletableFuture<>();

    @AfterEach
    void close() {
        end.close();
    }

    @Test
    void tellsAtTheFirstSignThatTheStreamHasStoppedForGood() {
        end.then(() -> told.complete(Thread.currentThread()));

        end.onChange(PENDING_ERROR, RUNNING);

        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void tellsItAlsoToWhomAsksLater() {
        end.onChange(ERROR, PENDING_ERROR);

        end.then(() -> told.complete(Thread.currentThread()));

        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void tellsOnAThreadThatKeepsTheProcess() throws Exception {
        Thread daemon = Thread.ofPlatform().daemon().start(() -> end.then(() -> told.complete(Thread.currentThread())));
        daemon.join();

        end.onChange(ERROR, RUNNING);

        assertThat(told)
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(thread -> assertThat(thread.isDaemon()).isFalse());
    }

    @Test
    void tellsThatNoThreadIsLeft() {
        end.watch(() -> deserted);
        deserted = true;

        for (int i = 0; i < StreamEnd.LOOKS; i++) {
            assertThat(end.hasStopped()).isFalse();
            end.look();
        }

        assertThat(end.hasStopped()).isTrue();
    }

    @Test
    void saysNothingWhereAThreadIsBackInTime() {
        end.watch(() -> deserted);

        for (int i = 0; i < 3 * StreamEnd.LOOKS; i++) {
            deserted = i % StreamEnd.LOOKS != 0;
            end.look();
        }

        assertThat(end.hasStopped()).isFalse();
    }

    @Test
    void looksOnWhenALookFailed() {
        end.watch(() -> {
            throw new IllegalStateException("not now");
        });
        end.look();
        put = put.minus(StreamEnd.PUT_BACK.plusSeconds(1));

        end.look();

        assertThat(end.hasStopped()).isTrue();
    }

    @Test
    void tellsThatTheClockWasPutBack() {
        put = Duration.ofHours(1);
        end.look();
        put = put.minus(StreamEnd.PUT_BACK).plusSeconds(1);
        end.look();
        assertThat(end.hasStopped()).isFalse();

        put = put.minus(StreamEnd.PUT_BACK.plusSeconds(1));
        end.look();

        assertThat(end.hasStopped()).isTrue();
    }

    @Test
    void saysNothingOfARebalanceAndOfAStopThatWasAskedFor() {
        end.onChange(REBALANCING, RUNNING);
        end.onChange(PENDING_SHUTDOWN, RUNNING);
        end.onChange(NOT_RUNNING, PENDING_SHUTDOWN);
        end.close();
        end.onChange(ERROR, NOT_RUNNING);

        assertThat(end.hasStopped()).isFalse();
    }
}
