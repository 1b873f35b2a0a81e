package io.ordersync.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
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
    private boolean copied = true;
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

    /** A thread that hangs in a commit takes nothing in either: only that it has not committed can be seen. */
    @Test
    void isNotReadyWhenAThreadCommitsNothing() {
        running();
        assertThat(progress.uncommitted(Map.of("one", 7.0, "two", 3.0))).isZero();
        nanos += Duration.ofSeconds(50).toNanos();
        assertThat(progress.uncommitted(Map.of("one", 20.0, "two", 4.0))).isZero();
        nanos += Duration.ofSeconds(60).toNanos();
        assertThat(progress.uncommitted(Map.of("one", 20.0, "two", 90.0))).isEqualTo(Duration.ofSeconds(60));
        assertThat(health(60).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(59).getStatus()).isEqualTo(Status.UP);

        assertThat(progress.uncommitted(Map.of("one", 21.0, "two", 91.0))).isZero();
    }

    @Test
    void isReadyWhileAThreadHasNoOrders() {
        progress.uncommitted(Map.of("one", 7.0));
        nanos += Duration.ofHours(1).toNanos();
        assertThat(progress.uncommitted(Map.of())).isZero();
        assertThat(progress.uncommitted(Map.of("one", 7.0))).as("just now").isZero();
    }

    @Test
    void doesNotTakeARestoreForAThreadThatHangs() {
        progress.uncommitted(Map.of("one", 7.0));
        progress.onRestoreStart(ORDERS, "orders", 0, 10);
        nanos += Duration.ofHours(1).toNanos();
        assertThat(progress.uncommitted(Map.of("one", 7.0))).isZero();
    }

    /** Whoever restores when its thread dies does not tell the end. */
    @Test
    void isReadyOnceItRunsWhateverBecameOfARestore() {
        progress.onRestoreStart(ORDERS, "orders", 0, 10);
        running();

        assertThat(health(0).getStatus()).isEqualTo(Status.UP);
    }

    /** With standbys a new instance has copies first. Were the others stopped before, all orders would be restored. */
    @Test
    void isNotReadyBeforeItsCopiesAreNearTheOriginals() {
        running();
        copied = false;
        assertThat(health(0).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(0).getDetails()).containsEntry("waitingFor", "its copies of orders");

        assertThat(StreamProgress.areNear(LongStream.empty())).isTrue();
        assertThat(StreamProgress.areNear(LongStream.of(99_000, 10))).isFalse();
        assertThat(StreamProgress.areNear(LongStream.of(10_000, 10))).isTrue();
    }

    private void running() {
        progress.onChange(KafkaStreams.State.RUNNING, KafkaStreams.State.REBALANCING);
    }

    private Health health(int uncommittedSeconds) {
        return StreamHealth.working(
                KafkaStreams.State.REBALANCING,
                progress.hasRun(),
                progress.restoring(),
                () -> copied,
                Duration.ofSeconds(uncommittedSeconds));
    }
}
