package io.ordersync.observability;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * How far the stream is: whether it has had its orders and its copies yet, which it restores, and since when it has not
 * committed. The last is seen by whoever asks again and again, as probes and scrapes do.
 */
public final class StreamProgress implements KafkaStreams.StateListener, StateRestoreListener {

    /** As Kafka Streams has it by default ({@code acceptable.recovery.lag}): who is as near may take the orders over. */
    private static final long ACCEPTABLE_LAG = 10_000;

    private final LongSupplier nanoTime;
    private final Set<TopicPartition> restoring = ConcurrentHashMap.newKeySet();
    private volatile boolean hasRun;

    /** By thread; guarded by this. */
    private final Map<String, Commits> lastCommits = new HashMap<>();

    private volatile boolean hasCopies;

    /** @param seenAt when there were so many first, by the clock that only goes on */
    private record Commits(double total, long seenAt) {}

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
            // The end of a restore is not told when the thread died that restored.
            restoring.clear();
        }
    }

    /** Has it been given orders, and restored them, at least once? */
    boolean hasRun() {
        return hasRun;
    }

    /**
     * Was it at least once as far as its changelogs are, standbys' and all? Who is new has no orders, but copies to make: when
     * the others were stopped before, nobody would have them. Asks the cluster, until it was.
     */
    boolean hasCopies(KafkaStreams streams) {
        if (hasCopies) {
            return true;
        }
        try {
            hasCopies = areNear(streams.allLocalStorePartitionLags().values().stream()
                    .flatMapToLong(store -> store.values().stream().mapToLong(LagInfo::offsetLag)));
            return hasCopies;
        } catch (KafkaException e) {
            // The cluster does not say how far they are: it is asked again with the next probe.
            return false;
        }
    }

    static boolean areNear(LongStream lags) {
        return lags.allMatch(lag -> lag <= ACCEPTABLE_LAG);
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

    /**
     * For how long a thread that has orders has committed nothing; of several, the longest. Not one that has nothing to do:
     * each second it looks at deadlines, and commits that it has.
     */
    Duration uncommitted(KafkaStreams streams) {
        Set<String> atWork = streams.metadataForLocalThreads().stream()
                .filter(thread -> thread.threadState().equals("RUNNING")
                        && !thread.activeTasks().isEmpty())
                .map(ThreadMetadata::threadName)
                .collect(Collectors.toSet());
        Map<String, Double> commits = new HashMap<>();
        for (Metric metric : streams.metrics().values()) {
            MetricName name = metric.metricName();
            String thread = name.tags().get("thread-id");
            if (name.group().equals("stream-thread-metrics")
                    && name.name().equals("commit-total")
                    && thread != null
                    && atWork.contains(thread)
                    && metric.metricValue() instanceof Number total) {
                commits.put(thread, total.doubleValue());
            }
        }
        return uncommitted(commits);
    }

    /** @param commits of the threads that have orders, since each was started */
    synchronized Duration uncommitted(Map<String, Double> commits) {
        long now = nanoTime.getAsLong();
        lastCommits.keySet().retainAll(commits.keySet());
        Duration longest = Duration.ZERO;
        for (Map.Entry<String, Double> thread : commits.entrySet()) {
            Commits last = lastCommits.get(thread.getKey());
            // While orders are restored, nobody commits.
            if (last == null || last.total() != thread.getValue() || !restoring.isEmpty()) {
                last = new Commits(thread.getValue(), now);
                lastCommits.put(thread.getKey(), last);
            }
            Duration since = Duration.ofNanos(now - last.seenAt());
            longest = since.compareTo(longest) > 0 ? since : longest;
        }
        return longest;
    }
}
