package io.ordersync.alerting;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.ordersync.alerting.RelayListener.Outcome;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.OrderAlert;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings alerts from their topic to one channel. Each channel has a consumer group of its own, so that none waits for another:
 * what it was not told yet is not committed, and is read again after a crash. What it was told while the commit was still to
 * come is told twice then: one request at most.
 *
 * <p>All but {@link #status} is called by the thread of the consumer.
 */
public final class Relay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** What was said last is remembered of so many alerts: about as many as may be open at once. */
    private static final int REMEMBERED = 10_000;

    /** So long at a time, then the consumer is to poll: it must not seem dead. */
    private static final Duration A_TURN = Duration.ofSeconds(5);

    private final ChannelSettings settings;
    private final AlertReader reader;
    private final Undelivered undelivered;
    private final RelayListener listener;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Post post;
    private final Shape shape;
    private final Progress progress = new Progress();
    private final Deque<ConsumerRecord<byte[], byte[]>> unread = new ArrayDeque<>();
    private final Deque<Refusal> refused = new ArrayDeque<>();
    /** What a channel was told, or is to be told. */
    private final Map<String, Standing> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Standing> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Outbox outbox;
    private long asideNotBefore;
    private @Nullable String kafkaFailure;
    private @Nullable String asideFailure;

    private record Refusal(ConsumerRecord<byte[], byte[]> record, String reason) {}

    private volatile Status status = new Status(0, null, null, CircuitBreaker.State.CLOSED);

    /**
     * How a channel is.
     *
     * @param pending so many records were read, and are not told yet
     * @param oldest timestamp of the oldest of them; null: there is none
     * @param failure why it could not be told last time; null: it could
     */
    public record Status(
            int pending, @Nullable Instant oldest, @Nullable String failure, CircuitBreaker.State circuit) {}

    /** @param clock the wall clock */
    public Relay(
            ChannelSettings settings,
            AlertReader reader,
            Undelivered undelivered,
            RelayListener listener,
            Resilience resilience,
            Clock clock) {
        this(settings, reader, undelivered, listener, resilience, clock, System::nanoTime);
    }

    Relay(
            ChannelSettings settings,
            AlertReader reader,
            Undelivered undelivered,
            RelayListener listener,
            Resilience resilience,
            Clock clock,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.reader = reader;
        this.undelivered = undelivered;
        this.listener = listener;
        this.clock = clock;
        this.nanoTime = nanoTime;
        asideNotBefore = nanoTime.getAsLong();
        post = new Post(settings, resilience, clock, nanoTime);
        shape = post.shape();
        outbox = new Outbox(shape, settings.grouping());
    }

    /** The channel's name. */
    public String channel() {
        return settings.name();
    }

    /** How the channel is. By any thread. */
    public Status status() {
        return status;
    }

    /**
     * Partitions came: looks up where they are to be read from, and what was told behind it. One that was never read begins
     * with what is as old as the channel looks back. What fails is tried again by {@link #work}.
     */
    public void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            prepare(consumer, partitions);
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("channel", channel())
                    .addKeyValue("error", e.toString())
                    .log("it is not known yet what was told");
        }
    }

    private void prepare(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Set<TopicPartition> fresh = partitions.stream()
                .filter(partition -> !progress.knows(partition))
                .collect(Collectors.toSet());
        if (fresh.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(fresh);
        Map<TopicPartition, OffsetAndMetadata> begun = begun(
                consumer,
                fresh.stream()
                        .filter(partition -> committed.get(partition) == null)
                        .toList());
        Map<TopicPartition, Long> first = consumer.beginningOffsets(fresh);
        for (TopicPartition partition : fresh) {
            OffsetAndMetadata position =
                    Objects.requireNonNull(begun.getOrDefault(partition, committed.get(partition)));
            long from = Objects.requireNonNull(first.get(partition));
            if (position.offset() < from) {
                // Retention has taken what stood there; what is left is told.
                position = new OffsetAndMetadata(from);
            }
            consumer.seek(partition, position.offset());
            unread.removeIf(record -> new TopicPartition(record.topic(), record.partition()).equals(partition));
            progress.assigned(partition, position, begun.containsKey(partition));
        }
    }

    /** Where a channel begins on partitions that it never read. */
    private Map<TopicPartition, OffsetAndMetadata> begun(Consumer<?, ?> consumer, List<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        // The ends first: what comes after them is told in any case.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long since = clock.instant().minus(settings.lookBack()).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> young = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> since)));
        Map<TopicPartition, OffsetAndMetadata> begun = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp at = young.get(partition);
            begun.put(
                    partition,
                    new OffsetAndMetadata(at == null ? Objects.requireNonNull(ends.get(partition)) : at.offset()));
        }
        return begun;
    }

    /** Partitions go: whoever reads them next begins where this one is. */
    public void revoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        commit(consumer);
        lost(partitions);
    }

    /** Partitions are somebody else's already. */
    public void lost(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            // All of them go together, and what waits of one group may be of several.
            progress.revoked(partitions);
            unread.clear();
            refused.clear();
            last.clear();
            post.rest();
            kafkaFailure = null;
            asideFailure = null;
            outbox = new Outbox(shape, settings.grouping());
        }
    }

    /** Takes what was read. It is told by {@link #work}. */
    public void take(List<ConsumerRecord<byte[], byte[]>> records) {
        unread.addAll(records);
    }

    /** True while no more is to be read: there is enough to tell, or the registry has to be asked first. */
    public boolean isFull() {
        return !unread.isEmpty();
    }

    /**
     * Tells what is due and can be told, and commits it. Returns within seconds; to be called again and again.
     *
     * @throws KafkaException when Kafka is out of reach: nothing is lost by calling again
     */
    public void work(Consumer<?, ?> consumer) {
        long start = nanoTime.getAsLong();
        try {
            prepare(consumer, consumer.assignment());
        } catch (KafkaException e) {
            kafkaFailure = "it is not known what was told: " + why(e);
            tellStatus();
            throw e;
        }
        do {
            sort();
            putAside();
            // Who can't say what was told tells no more: after a crash it would all be told again.
        } while (commit(consumer) && nanoTime.getAsLong() - start < A_TURN.toNanos() && tellOne());
        tellStatus();
    }

    private void tellStatus() {
        status = new Status(
                outbox.size() + unread.size() + refused.size(),
                oldest(),
                Stream.of(kafkaFailure, asideFailure, post.failure())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                post.circuit());
    }

    /** What is not allowed is told by the message, and everything else by its kind. */
    private static String why(RuntimeException e) {
        return e instanceof AuthorizationException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }

    private @Nullable Instant oldest() {
        return Stream.of(
                        outbox.oldest().stream().map(Entry::record),
                        unread.stream().limit(1),
                        refused.stream().limit(1).map(Refusal::record))
                .flatMap(each -> each)
                .map(record -> Instant.ofEpochMilli(record.timestamp()))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    private boolean isOutboxFull() {
        return outbox.size() + refused.size() >= settings.mostPending();
    }

    private void sort() {
        while (!unread.isEmpty() && !isOutboxFull()) {
            ConsumerRecord<byte[], byte[]> record = unread.element();
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            OrderAlert alert = null;
            if (record.value() != null) {
                if (!reader.isReadable(record.value())) {
                    return;
                }
                try {
                    alert = reader.read(record.value());
                } catch (RetriableException e) {
                    // The registry was there a moment ago.
                    return;
                }
            }
            unread.remove();
            progress.seen(partition, record.offset());
            if (!progress.isNew(partition, record.offset())) {
                progress.done(partition, record.offset());
            } else if (record.value() == null) {
                done(record, Outcome.UNCHANGED);
            } else {
                sort(record, alert);
            }
        }
    }

    private void sort(ConsumerRecord<byte[], byte[]> record, @Nullable OrderAlert alert) {
        if (alert == null) {
            refused.add(new Refusal(record, "it is no alert that can be read"));
            return;
        }
        String id = Objects.requireNonNull(alert.getAlertId());
        Standing before = last.get(id);
        boolean wanted = isWanted(alert, before);
        if (wanted) {
            last.put(id, Standing.of(alert));
        } else {
            last.remove(id);
        }
        if (!wanted) {
            done(record, Outcome.UNROUTED);
        } else if (!shape.tellsRepeats() && !outbox.joins(id) && before != null && before.isRepeatedBy(alert)) {
            done(record, Outcome.UNCHANGED);
        } else {
            outbox.add(new Entry(record, alert, before), nowMs());
        }
    }

    /** Whoever was told that an alert fires is told how it goes on, wherever it leads. */
    private boolean isWanted(OrderAlert alert, @Nullable Standing before) {
        if (alert.getState() == AlertState.RESOLVED && !settings.tellsResolved()) {
            return false;
        }
        return (before != null && before.isFiring())
                || settings.routes().stream().anyMatch(route -> route.takes(alert));
    }

    /** True when a letter was settled: there may be another one. */
    private boolean tellOne() {
        if (!post.isReady()) {
            return false;
        }
        Optional<Letter> due = outbox.next(nowMs(), isOutboxFull());
        if (due.isEmpty()) {
            return false;
        }
        Letter letter = due.get();
        Optional<Verdict> verdict = post.attempt(letter);
        if (verdict.isEmpty()) {
            return false;
        }
        if (verdict.get() instanceof Verdict.Refused answer) {
            if (answer.forItsContent() && outbox.divide()) {
                return true;
            }
            letter.entries().forEach(entry -> refused.add(new Refusal(entry.record(), answer.reason())));
            letter.entries().reversed().forEach(this::forget);
        } else {
            Instant oldest = Instant.ofEpochMilli(letter.entries().stream()
                    .mapToLong(entry -> entry.record().timestamp())
                    .min()
                    .orElseThrow());
            Duration since = Duration.between(oldest, clock.instant());
            listener.told(channel(), since.isNegative() ? Duration.ZERO : since);
            letter.entries().forEach(entry -> done(entry.record(), Outcome.DELIVERED));
        }
        outbox.settled(nowMs());
        return true;
    }

    /** It was not told: what was told before stands, unless more was said since. */
    private void forget(Entry entry) {
        if (Standing.of(entry.alert()).equals(last.get(entry.alertId()))) {
            if (entry.before() == null) {
                last.remove(entry.alertId());
            } else {
                last.put(entry.alertId(), entry.before());
            }
        }
    }

    /** Until what is refused is kept, it counts as not told; and others are told meanwhile. */
    private void putAside() {
        long start = nanoTime.getAsLong();
        while (!refused.isEmpty()
                && nanoTime.getAsLong() - asideNotBefore >= 0
                && nanoTime.getAsLong() - start < A_TURN.toNanos()) {
            Refusal refusal = refused.element();
            ConsumerRecord<byte[], byte[]> record = refusal.record();
            try {
                undelivered.put(record, channel(), refusal.reason());
                asideFailure = null;
            } catch (RuntimeException e) {
                asideFailure = "what it refuses is not put aside: " + why(e);
                asideNotBefore = nanoTime.getAsLong() + settings.longestPause().toNanos();
                LOG.atError()
                        .addKeyValue("channel", channel())
                        .addKeyValue("waiting", refused.size())
                        .addKeyValue("error", e.toString())
                        .log("alerts that can't be delivered can't be put aside either: trying again");
                return;
            }
            LOG.atError()
                    .addKeyValue("channel", channel())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("error", refusal.reason())
                    .log("alert can't be delivered");
            refused.remove();
            done(record, Outcome.UNDELIVERED);
        }
    }

    private void done(ConsumerRecord<byte[], byte[]> record, Outcome outcome) {
        progress.done(new TopicPartition(record.topic(), record.partition()), record.offset());
        listener.done(channel(), outcome);
    }

    /** True when all that is done is committed. */
    private boolean commit(Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = progress.toCommit();
        if (positions.isEmpty()) {
            // All is committed, and where it was is known.
            kafkaFailure = null;
            return true;
        }
        try {
            consumer.commitSync(positions, A_TURN);
            progress.committed(positions);
            kafkaFailure = null;
            return true;
        } catch (OffsetMetadataTooLarge e) {
            // This cluster takes less than others: what is done behind is told again after a restart.
            progress.leaveOutWhatIsBehind();
            return false;
        } catch (KafkaException e) {
            kafkaFailure = "what was told is not committed: " + why(e);
            // It is tried again with the next one; whoever reads these partitions instead tells it again.
            LOG.atWarn()
                    .addKeyValue("channel", channel())
                    .addKeyValue("error", e.toString())
                    .log("what was told is not committed yet");
            return false;
        }
    }

    @Override
    public void close() {
        post.close();
    }
}
