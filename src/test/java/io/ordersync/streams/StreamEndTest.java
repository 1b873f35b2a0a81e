package io.ordersync.streams;

import static org.apache.kafka.streams.KafkaStreams.State.ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.NOT_RUNNING;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_SHUTDOWN;
import static org.apache.kafka.streams.KafkaStreams.State.REBALANCING;
import static org.apache.kafka.streams.KafkaStreams.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StreamEndTest {

    private final StreamEnd end = new StreamEnd();
    private final CompletableFuture<Thread> told = new CompletableFuture<>();

    @Test
    void tellsOnAThreadOfItsOwnThatTheStreamHasStoppedForGood() {
        end.then(() -> told.complete(Thread.currentThread()));

        end.onChange(PENDING_ERROR, RUNNING);
        assertThat(told).isNotDone();
        end.onChange(ERROR, PENDING_ERROR);

        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void tellsItAlsoToWhomAsksLater() {
        end.onChange(ERROR, PENDING_ERROR);

        end.then(() -> told.complete(Thread.currentThread()));

        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void saysNothingOfARebalanceAndOfAStopThatWasAskedFor() {
        end.then(() -> told.complete(Thread.currentThread()));

        end.onChange(REBALANCING, RUNNING);
        end.onChange(PENDING_SHUTDOWN, RUNNING);
        end.onChange(NOT_RUNNING, PENDING_SHUTDOWN);

        assertThat(told).isNotDone();
    }
}
