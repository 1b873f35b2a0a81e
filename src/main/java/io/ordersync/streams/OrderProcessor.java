package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.Policy;
import io.ordersync.domain.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a fact in: load, decide, save, forward. All that can fail on a record comes before the first save or forward, so
 * that a dead letter leaves no half of an event behind.
 */
final class OrderProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(OrderProcessor.class);

    /** A record older than this on arrival is one of a backlog: the commit interval alone decides then. */
    private static final Duration BEHIND = Duration.ofSeconds(1);

    /** Half of what the producer and the changelog take (application.yml), for what stands around a value. */
    private static final int MAX_STATE_BYTES = 8 << 20;

    /** A little less than a topic takes by default (1,048,588 bytes with key and headers). */
    private static final int MAX_VALUE_BYTES = 1_000_000;

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);
    /** A pass over 2,000,000 orders takes 100 s, and each slice holds the thread for some milliseconds. */
    private static final int SWEEP_SLICE = 20_000;
    /** Times are kept in hours: a pass that follows more closely finds nothing new. */
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

    private record Outgoing(String sink, Effect effect, Bytes value) {}

    private final Edges edges;
    private final Policy policy;
    private final StreamListener listener;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<Bytes, byte[]> orders;

    private @Nullable KeyValueIterator<Bytes, byte[]> sweep;
    private Instant nextSweep = Instant.EPOCH;

    OrderProcessor(Edges edges, Policy policy, StreamListener listener) {
        this.edges = edges;
        this.policy = policy;
        this.listener = listener;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        orders = processorContext.getStateStore(OrderTopology.ORDERS);
        processorContext.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sweep());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata source = context.recordMetadata().orElseThrow();
        if (record.value() == null) {
            listener.passedOver(source.topic());
            return;
        }
        try {
            apply(edges.read(source, record.value()), source, record.timestamp());
        } catch (Rejection rejection) {
            LOG.warn(
                    "dead letter: {}-{}@{} {}: {}",
                    source.topic(),
                    source.partition(),
                    source.offset(),
                    rejection.reason(),
                    rejection.getMessage());
            Headers headers = edges.deadLetterHeaders(source, record, rejection);
            context.forward(
                    new Record<>(record.key(), record.value(), context.currentSystemTimeMs(), headers),
                    OrderTopology.DEAD_LETTERS);
            listener.rejected(source.topic(), rejection);
        }
    }

    private void apply(Arrival arrival, RecordMetadata source, long arrivedAt) {
        Instant now = now();
        Bytes key = key(arrival.order());
        byte[] stored = orders.get(key);
        OrderRecord before = stored == null ? OrderRecord.NEW : OrderRecordCodec.decode(stored);

        Decision decision;
        byte[] next;
        List<Outgoing> outgoing;
        try {
            decision = Decision.on(arrival, before, policy, now);
            next = OrderRecordCodec.encode(Objects.requireNonNull(decision.next(), "a fact forgets no order"));
            if (next.length > MAX_STATE_BYTES) {
                throw new Rejection(Rejection.Reason.TOO_MANY, "the order has grown larger than is kept of one");
            }
            outgoing = outgoing(arrival.order(), decision);
        } catch (Rejection rejection) {
            throw rejection;
        } catch (RuntimeException e) {
            // A bug of ours in what follows from a record: it is kept with the dead letters, and the partition goes on.
            // A
            // state that can't be read, or a registry out of reach, is not the record's fault and stops the thread.
            LOG.error("failed on a record", e);
            throw new Rejection(Rejection.Reason.INTERNAL_ERROR, "the service failed on it: " + e.getClass(), e);
        }

        if (!Arrays.equals(stored, next)) {
            orders.put(key, next);
        }
        forward(key, outgoing, now);
        listener.arrived(source.topic(), decision.outcome());
        if (!outgoing.isEmpty() && arrivedAt >= now.minus(BEHIND).toEpochMilli()) {
            context.commit();
        }
    }

    private List<Outgoing> outgoing(OrderKey order, Decision decision) {
        List<Outgoing> outgoing = new ArrayList<>(decision.effects().size());
        for (Effect effect : decision.effects()) {
            byte[] value = edges.write(order, effect);
            if (value.length > MAX_VALUE_BYTES) {
                throw new Rejection(Rejection.Reason.TOO_MANY, "what is to be sent for it is larger than topics take");
            }
            outgoing.add(new Outgoing(sink(effect), effect, Bytes.wrap(value)));
        }
        return outgoing;
    }

    private static String sink(Effect effect) {
        return switch (effect) {
            case LockCommand lock -> OrderTopology.LOCK_COMMANDS;
            case InterceptCommand intercept -> OrderTopology.INTERCEPT_COMMANDS;
            case Alert alert -> OrderTopology.ALERTS;
            case OrderCase orderCase -> OrderTopology.CASES;
        };
    }

    private void forward(Bytes key, List<Outgoing> outgoing, Instant now) {
        for (Outgoing each : outgoing) {
            context.forward(
                    new Record<>(key.get(), each.value().get(), now.toEpochMilli(), new RecordHeaders()), each.sink());
            listener.sent(each.effect());
        }
    }

    /** Looks at the next slice of the store, and forgets the orders whose time has come. */
    private void sweep() {
        Instant now = now();
        if (sweep == null) {
            if (now.isBefore(nextSweep)) {
                return;
            }
            sweep = orders.all();
        }
        for (int i = 0; i < SWEEP_SLICE && sweep.hasNext(); i++) {
            forgetIfExpired(sweep.next(), now);
        }
        if (!sweep.hasNext()) {
            endSweep();
            nextSweep = now.plus(BETWEEN_SWEEPS);
        }
    }

    private void forgetIfExpired(KeyValue<Bytes, byte[]> entry, Instant now) {
        List<Outgoing> outgoing;
        try {
            if (!Decision.isOlderThan(policy.retention(), OrderRecordCodec.lastArrivalHour(entry.value), now)) {
                return;
            }
            // The iterator may be older than the order's latest arrival.
            byte[] stored = orders.get(entry.key);
            if (stored == null) {
                return;
            }
            OrderKey order = OrderKey.parse(new String(entry.key.get(), StandardCharsets.UTF_8));
            Decision expiry = Decision.expiry(order, OrderRecordCodec.decode(stored), policy, now);
            if (expiry == null) {
                return;
            }
            outgoing = outgoing(order, expiry);
        } catch (RuntimeException e) {
            // A bug of ours: the order is kept, and the sweep goes on.
            LOG.error("failed to forget an order", e);
            return;
        }
        orders.put(entry.key, null);
        forward(entry.key, outgoing, now);
        listener.forgotten();
    }

    private void endSweep() {
        if (sweep != null) {
            sweep.close();
            sweep = null;
        }
    }

    @Override
    public void close() {
        endSweep();
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    private static Bytes key(OrderKey order) {
        return Bytes.wrap(order.toString().getBytes(StandardCharsets.UTF_8));
    }
}
