package io.ordersync.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Ready is who has orders, has restored them, and commits. */
class StreamHealthTest {

    private static final TopicPartition ORDERS = new TopicPartition("order-sync-orders-changelog", 0);
    private static final TopicPartition TIMERS = new TopicPartition("order-sync-timers-changelog", 0);

    private long nanos = Long.MAX_VALUE - 1;
    private final StreamProgress progress = new StreamProgress(() -> nanos);

    @Test
    void isNotReadyBeforeItHasHadOrders() {
        progress.onChange(KafkaStreams.State.REBALANCING, KafkaStreams.State.CREATED);
        assertThat(health(0).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        progress.onChange(KafkaStreams.State.RUNNING, KafkaStreams.State.REBALANCING);
        assertThat(health(0).getStatus()).isEqualTo(Status.UP);

        progress.onChange(KafkaStreams.State.REBALANCING, KafkaStreams.State.RUNNING);
        assertThat(health(0).getStatus()).as("a rebalance is not death").isEqualTo(Status.UP);
    }

    @Test
    void isNotReadyWhileAnyChangelogIsRestored() {
        running();
        progress.onRestoreStart(ORDERS, "orders", 0, 10);
        progress.onRestoreStart(TIMERS, "timers", 0, 10);
        progress.onRestoreEnd(ORDERS, "orders", 10);
        assertThat(health(0).getDetails()).containsEntry("restoring", 1);
        assertThat(health(0).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        // It went to another instance.
        progress.onRestoreSuspended(TIMERS, "timers", 3);
        assertThat(health(0).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isNotReadyWhenItTakesInAndCommitsNothing() {
        running();
        assertThat(progress.uncommitted(100, 7)).isZero();
        assertThat(progress.uncommitted(101, 7)).isZero();
        nanos += Duration.ofSeconds(60).toNanos();
        assertThat(progress.uncommitted(101, 7)).isEqualTo(Duration.ofSeconds(60));
        assertThat(health(60).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(59).getStatus()).isEqualTo(Status.UP);

        assertThat(progress.uncommitted(101, 8)).isZero();
    }

    @Test
    void isReadyWhileThereIsNothingToCommit() {
        progress.uncommitted(100, 7);
        nanos += Duration.ofHours(1).toNanos();
        assertThat(progress.uncommitted(100, 7)).isZero();
        assertThat(progress.uncommitted(101, 7)).as("just now").isZero();
    }

    /** The totals of a thread that was replaced are gone. */
    @Test
    void isReadyWhenAThreadWasReplaced() {
        progress.uncommitted(100, 7);
        progress.uncommitted(105, 7);
        nanos += Duration.ofHours(1).toNanos();
        assertThat(progress.uncommitted(3, 0)).isZero();
        assertThat(progress.uncommitted(4, 0)).isZero();
    }

    private void running() {
        progress.onChange(KafkaStreams.State.RUNNING, KafkaStreams.State.REBALANCING);
    }

    private Health health(int uncommittedSeconds) {
        return StreamHealth.working(
                KafkaStreams.State.REBALANCING,
                progress.hasRun(),
                progress.restoring(),
                Duration.ofSeconds(uncommittedSeconds));
    }
}
