package io.ordersync.observability;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/**
 * How far the stream is: whether it has had its orders yet, which it restores, and since when it takes records in and commits
 * none. The last is seen by whoever asks again and again, as probes and scrapes do.
 */
public final class StreamProgress implements KafkaStreams.StateListener, StateRestoreListener {

    private final LongSupplier nanoTime;
    private final Set<TopicPartition> restoring = ConcurrentHashMap.newKeySet();
    private volatile boolean hasRun;

    // Guarded by this.
    private double committed = -1;
    private double processedAtCommit;
    private @Nullable Long pendingSince;

    public StreamProgress() {
        this(System::nanoTime);
    }

    StreamProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
        if (newState == KafkaStreams.State.RUNNING) {
            hasRun = true;
        }
    }

    /** Has it been given orders, and restored them, at least once? */
    boolean hasRun() {
        return hasRun;
    }

    /** How many changelogs' partitions are being restored, those of standbys not counted. */
    int restoring() {
        return restoring.size();
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long startingOffset, long endingOffset) {
        restoring.add(partition);
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long endOffset, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        restoring.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long total) {
        restoring.remove(partition);
    }

    /** For how long records have been processed that are not committed; zero: none are, or it is seen for the first time. */
    Duration uncommitted(KafkaStreams streams) {
        double processed = 0;
        double commits = 0;
        for (Metric metric : streams.metrics().values()) {
            if (metric.metricName().group().equals("stream-thread-metrics")
                    && metric.metricValue() instanceof Number value) {
                switch (metric.metricName().name()) {
                    case "process-total" -> processed += value.doubleValue();
                    case "commit-total" -> commits += value.doubleValue();
                    default -> {}
                }
            }
        }
        return uncommitted(processed, commits);
    }

    /** The totals of all threads; those of one that was replaced begin anew. */
    synchronized Duration uncommitted(double processed, double commits) {
        long now = nanoTime.getAsLong();
        if (commits != committed || processed < processedAtCommit) {
            committed = commits;
            processedAtCommit = processed;
            pendingSince = null;
        } else if (processed > processedAtCommit && pendingSince == null) {
            pendingSince = now;
        }
        return pendingSince == null ? Duration.ZERO : Duration.ofNanos(now - pendingSince);
    }
}
