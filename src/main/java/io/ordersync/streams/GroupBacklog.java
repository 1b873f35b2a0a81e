package io.ordersync.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backlog of all instances together, as the broker knows it. What a deadline waits for may have come to any partition,
 * so all inputs must have been worked off up to where they ended at a moment, and then the strays up to where these ended
 * thereupon. On a thread of its own, and only while someone asks.
 */
public final class GroupBacklog implements Backlog, AutoCloseable {

    /**
     * The ends are asked for anew after that time: those of a topic that is made anew are never reached. Longer than any
     * transaction that brokers allow by default lasts (15 minutes).
     */
    static final Duration PATIENCE = Duration.ofMinutes(20);

    /** What takes longer to be worked off is a backlog: what was to be answered waits until it is gone. */
    static final Duration RECENT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(GroupBacklog.class);
    /**
     * A little longer than the interval of commits (250 ms): what did not move in that time is read ({@link #gapAt}), for there
     * may be no record left. Sooner, that would be asked of every partition between two commits.
     */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private static final Duration READ_WITHIN = Duration.ofMillis(100);

    /** Makes the clients, once they are needed. */
    public interface Clients {

        Admin admin();

        /** One that reads what is committed, and belongs to no group. */
        Consumer<byte[], byte[]> consumer();
    }

    /**
     * What a look has found.
     *
     * @param moment all that had arrived by then is processed
     * @param caughtUp all that could be read then is processed
     */
    private record Known(Instant moment, Instant caughtUp) {}

    /**
     * What is known of the records behind a committed offset: marks of transactions, and what these took back, have offsets
     * and are no records, and whoever reads no record commits nothing.
     *
     * @param from there is no record from here
     * @param to to here
     * @param record is there one here?
     */
    private record Gap(long from, long to, boolean record) {

        boolean contains(long offset) {
            return from <= offset && offset <= to;
        }
    }

    private final String group;
    private final Set<String> required;
    private final Set<String> optional;
    private final String strays;
    private final Clients clients;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("backlog").daemon().factory());
    private final AtomicBoolean looking = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Known known;

    // Of the thread alone.
    private @Nullable Admin admin;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Gap> gaps = new HashMap<>();
    private String lastFailure = "";

    /**
     * Asks nothing yet.
     *
     * @param group that reads the inputs
     * @param required the inputs that must be there
     * @param optional the other inputs, without the strays
     * @param clock of {@link #workedOffBy}
     */
    public GroupBacklog(
            String group, Set<String> required, Set<String> optional, String strays, Clients clients, Clock clock) {
        this.group = group;
        this.required = Set.copyOf(required);
        this.optional = Set.copyOf(optional);
        this.strays = strays;
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public @Nullable Instant workedOffBy(Instant now) {
        if (looking.compareAndSet(false, true)) {
            try {
                thread.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("closed", e);
            }
        }
        Known last = known;
        // A clock that was put back: what came since is not known to be processed.
        if (last == null || last.caughtUp().isAfter(now) || last.caughtUp().isBefore(now.minus(RECENT))) {
            return null;
        }
        return last.moment();
    }

    private void look() {
        Instant moment = clock.instant();
        try {
            Set<TopicPartition> inputs = partitions(required, true);
            inputs.addAll(partitions(optional, false));
            Set<TopicPartition> carried = partitions(Set.of(strays), true);
            Instant patience = moment.plus(PATIENCE);
            // What is in the log has arrived, also when nobody can read it yet: it may be an answer that was sent in
            // time, behind another producer's open transaction.
            if (!isWorkedOff(inputs, IsolationLevel.READ_UNCOMMITTED, patience) || !areWorkedOff(carried, patience)) {
                if (closed.getCount() > 0) {
                    tell("what has arrived is not worked off within " + PATIENCE.toMinutes() + " min", null);
                }
                return;
            }
            Instant caughtUp = moment;
            if (!clock.instant().isBefore(moment.plus(RECENT))) {
                // That took long: a late answer, or what makes it needless, may wait among what has come meanwhile.
                caughtUp = clock.instant();
                Instant soon = caughtUp.plus(RECENT);
                if (!isWorkedOff(inputs, IsolationLevel.READ_COMMITTED, soon) || !areWorkedOff(carried, soon)) {
                    return;
                }
            }
            known = new Known(moment, caughtUp);
            lastFailure = "";
        } catch (RuntimeException e) {
            tell("it is not known whether the inputs are worked off: " + e, e);
        } finally {
            looking.set(false);
        }
    }

    /** Once of each failure: it is asked again for as long as a deadline waits. */
    private void tell(String why, @Nullable RuntimeException failure) {
        if (!lastFailure.equals(why)) {
            lastFailure = why;
            LOG.warn("deadlines wait: {}", why, failure);
        }
    }

    /** A stray is in the log before it is committed at its source, but its own commit may be seen later than that. */
    private boolean areWorkedOff(Set<TopicPartition> carried, Instant until) {
        return isWorkedOff(carried, IsolationLevel.READ_UNCOMMITTED, until);
    }

    /** Waits until all that is before the present ends is processed; false when it takes too long. */
    private boolean isWorkedOff(Set<TopicPartition> partitions, IsolationLevel isolation, Instant until) {
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), isolation);
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest(), isolation);
        Map<TopicPartition, Long> before = Map.of();
        while (clock.instant().isBefore(until)) {
            Map<TopicPartition, Long> done = done(starts);
            Set<TopicPartition> open = new HashSet<>();
            for (TopicPartition partition : partitions) {
                long offset = done.getOrDefault(partition, 0L);
                if (!isWorkedOff(partition, offset, ends.getOrDefault(partition, 0L), before.get(partition))) {
                    open.add(partition);
                }
            }
            if (open.isEmpty()) {
                return true;
            }
            before = done;
            if (closes()) {
                return false;
            }
        }
        return false;
    }

    /** @param before {@code done} at the last look: where it does not move, there may be nothing to be read */
    private boolean isWorkedOff(TopicPartition partition, long done, long end, @Nullable Long before) {
        if (done >= end) {
            return true;
        }
        Gap gap = gaps.get(partition);
        if (gap == null || !gap.contains(done)) {
            gap = new Gap(done, done, false);
        }
        if (gap.to() < end && !gap.record() && before != null && before == done) {
            gap = gapAt(partition, gap);
            gaps.put(partition, gap);
        }
        return gap.to() >= end;
    }

    /** Reads on from where no record was found so far. */
    private Gap gapAt(TopicPartition partition, Gap known) {
        Consumer<byte[], byte[]> reader = consumer == null ? clients.consumer() : consumer;
        consumer = reader;
        reader.assign(List.of(partition));
        reader.seek(partition, known.to());
        List<ConsumerRecord<byte[], byte[]>> records = reader.poll(READ_WITHIN).records(partition);
        return records.isEmpty()
                ? new Gap(known.from(), reader.position(partition), false)
                : new Gap(known.from(), records.getFirst().offset(), true);
    }

    /** Up to where the group has committed; where it begins, if it has not. */
    private Map<TopicPartition, Long> done(Map<TopicPartition, Long> starts) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                await(admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> done = new HashMap<>(starts);
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                done.merge(partition, offset.offset(), Math::max);
            }
        });
        return done;
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> question =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
        Map<TopicPartition, ListOffsetsResultInfo> answer = await(
                admin().listOffsets(question, new ListOffsetsOptions(isolation)).all());
        return answer.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** @param all must all be there? */
    private Set<TopicPartition> partitions(Set<String> topics, boolean all) {
        Set<TopicPartition> partitions = new HashSet<>();
        admin().describeTopics(topics).topicNameValues().forEach((topic, description) -> {
            try {
                TopicDescription there = await(description);
                there.partitions().forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            } catch (UnknownTopicOrPartitionException e) {
                if (all) {
                    throw e;
                }
            }
        });
        return partitions;
    }

    private Admin admin() {
        Admin made = admin == null ? clients.admin() : admin;
        admin = made;
        return made;
    }

    /** Waits a little; true when this is closed meanwhile. */
    private boolean closes() {
        try {
            return closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    /** Waits a moment at most: a broker that does not answer is no reason to keep the service from stopping. */
    @Override
    public void close() {
        closed.countDown();
        thread.execute(this::closeClients);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.debug("left behind: the broker does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeClients() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        if (consumer != null) {
            consumer.close();
        }
    }
}
