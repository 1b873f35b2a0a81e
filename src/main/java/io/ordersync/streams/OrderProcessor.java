package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.Policy;
import io.ordersync.domain.Rejection;
import io.ordersync.streams.Strays.Event;
import io.ordersync.streams.Timers.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
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
 * Takes a fact in, or a deadline that passed: load, decide, save, forward. All that can fail comes before the first save or
 * forward, so that a dead letter leaves no half of an event behind.
 */
final class OrderProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(OrderProcessor.class);

    /** A record older than this on arrival is one of a backlog: the commit interval alone decides then. */
    private static final Duration BEHIND = Duration.ofSeconds(1);

    /** Half of what the producer and the changelog take (application.yml), for what stands around a value. */
    private static final int MAX_STATE_BYTES = 8 << 20;

    /** A little less than a topic takes by default (1,048,588 bytes with key and headers). */
    private static final int MAX_VALUE_BYTES = 1_000_000;

    /** With another number of partitions at most every other order of some partition would still be at home. */
    private static final int SAMPLE = 100;

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);
    /** A pass over 2,000,000 orders takes 100 s, and each slice holds the thread for some milliseconds. */
    private static final int SWEEP_SLICE = 20_000;
    /** The times of orders are kept in hours. */
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

    /** Of what time alone has caused. */
    private static final Headers NO_TRACE = new RecordHeaders();

    /** How late a deadline is at most, when nothing else is to be done. */
    private static final Duration DEADLINE_INTERVAL = Duration.ofSeconds(1);
    /** Each is some 100 µs: the thread is held for a tenth of a second at most, and what is left is for the next tick. */
    static final int MAX_DEADLINES = 1_000;
    /** What failed by a bug fails again: not for each tick, and not for ever once the bug is gone. */
    private static final Duration PUT_OFF = Duration.ofMinutes(1);

    /**
     * What is known of an order.
     *
     * @param bytes {@code record} as it is stored; null: the order was not heard of
     */
    private record Known(
            Bytes key, OrderRecord record, @Nullable Bytes bytes) {}

    /**
     * A decision on an order, and all that is to be stored and sent for it.
     *
     * @param bytes the order's record from now on; null: it is forgotten
     */
    private record Change(
            Known known, Decision decision, @Nullable Bytes bytes, List<Outgoing> outgoing) {}

    /**
     * A record to be sent.
     *
     * @param effect null: a tombstone
     */
    private record Outgoing(
            String sink, @Nullable Effect effect, @Nullable Bytes value) {

        static final Outgoing TOMBSTONE = new Outgoing(OrderTopology.CASES, null, null);
    }

    private final Edges edges;
    private final Policy policy;
    private final StreamListener listener;
    private final Backlog backlog;
    private final Strays strays;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private KnownOrders orders;

    @SuppressWarnings("NullAway.Init")
    private Timers timers;
    /** The orders on whose deadline it failed, by their key: when it is tried again, besides the time in their record. */
    private final Map<Bytes, Timer> putOff = new HashMap<>();

    private int partition;
    private final OpenOrders open = new OpenOrders();

    private @Nullable KeyValueIterator<Bytes, byte[]> sweep;
    private Instant nextSweep = Instant.EPOCH;

    OrderProcessor(Edges edges, Policy policy, StreamListener listener, Backlog backlog, Strays strays) {
        this.edges = edges;
        this.policy = policy;
        this.listener = listener;
        this.backlog = backlog;
        this.strays = strays;
    }

    /** Once more when the task starts again after a rebalance or with its state made anew. */
    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        KeyValueStore<Bytes, byte[]> store = processorContext.getStateStore(OrderTopology.ORDERS);
        orders = new KnownOrders(store);
        timers = new Timers(processorContext.getStateStore(OrderTopology.TIMERS));
        partition = processorContext.taskId().partition();
        requireAtHome(store);
        // What was counted before may have been rolled back.
        nextSweep = Instant.EPOCH;
        listener.took(open);
        processorContext.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sweep());
        processorContext.schedule(DEADLINE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> meetDeadlines());
    }

    /** The state itself tells whether it was made with this number of partitions: an order that is not found is lost. */
    private void requireAtHome(KeyValueStore<Bytes, byte[]> store) {
        try (KeyValueIterator<Bytes, byte[]> some = store.all()) {
            for (int i = 0; i < SAMPLE && some.hasNext(); i++) {
                if (strays.homeOf(some.next().key) != partition) {
                    throw new IllegalStateException("the state was made with another number of partitions than "
                            + strays.topic() + " has: an order of partition " + partition
                            + " would be looked for elsewhere; make that topic anew with the number it had, or start with"
                            + " an application id of its own");
                }
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------- records

    @Override
    public void process(Record<byte[], byte[]> record) {
        // Until it is known better, it is what it seems: that can be put to the dead letters.
        Event event = new Event(context.recordMetadata().orElseThrow(), record);
        edges.follow(record.headers());
        try {
            event = strays.event(event.source(), record);
            take(event);
        } catch (Rejection rejection) {
            reject(event, rejection);
        } finally {
            edges.follow(NO_TRACE);
        }
    }

    private void take(Event event) {
        RecordMetadata source = event.source();
        if (event.record().value() == null) {
            OrderKey order = edges.erasureOf(source, event.record().key());
            if (order == null) {
                listener.passedOver(source.topic());
                return;
            }
            Bytes key = key(order);
            if (isHome(key, event)) {
                apply(order, key, null, before -> Decision.erase(order, before, policy, now()), event);
                listener.erased();
            }
        } else {
            Arrival arrival = edges.read(source, event.record().value());
            Bytes key = key(arrival.order());
            if (isHome(key, event)) {
                apply(
                        arrival.order(),
                        key,
                        arrival.fact(),
                        before -> Decision.on(arrival, before, policy, now()),
                        event);
            }
        }
    }

    /** Is the order of {@code event} here? If not, the event is sent to where it is. */
    private boolean isHome(Bytes order, Event event) {
        if (strays.homeOf(order) == partition) {
            return true;
        }
        context.forward(strays.carry(order, event, context.currentSystemTimeMs()), OrderTopology.STRAYS);
        listener.strayed(event.source().topic());
        return false;
    }

    private void apply(
            OrderKey order, Bytes key, @Nullable Fact fact, Function<OrderRecord, Decision> decide, Event event) {
        Known known = known(key);
        Change change;
        try {
            change = change(order, known, decide.apply(known.record()), true);
            if (change.bytes() != null && change.bytes().get().length > MAX_STATE_BYTES) {
                throw new Rejection(Rejection.Reason.TOO_MANY, "the order has grown larger than is kept of one");
            }
        } catch (Rejection | RetriableException e) {
            // What may be tried again, such as a registry that is out of reach, is not the record's fault: it is read
            // again.
            throw e;
        } catch (RuntimeException e) {
            // A bug of ours in what follows from a record: it is kept with the dead letters, and the partition goes on.
            // A
            // state that can't be read stops the thread.
            LOG.error("failed on a record", e);
            throw new Rejection(Rejection.Reason.INTERNAL_ERROR, "the service failed on it: " + e.getClass(), e);
        }
        carryOut(change, edges.traceOf(event.record().headers()));
        listener.arrived(event.source().topic(), fact, change.decision().outcome());
        Duration sinceArrival = Duration.ofMillis(
                Math.max(0, context.currentSystemTimeMs() - event.record().timestamp()));
        if (change.decision().effects().stream().anyMatch(OrderProcessor::isCommand)) {
            listener.detected(sinceArrival);
        }
        if (!change.outgoing().isEmpty() && sinceArrival.compareTo(BEHIND) <= 0) {
            context.commit();
        }
    }

    private void reject(Event event, Rejection rejection) {
        RecordMetadata source = event.source();
        Record<byte[], byte[]> record = event.record();
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

    // --------------------------------------------------------------------------------------------------- deadlines

    /** Looks at the orders whose time has come, unless what they wait for may be in the backlog. */
    private void meetDeadlines() {
        Instant now = now();
        List<Timer> first = timers.due(now, 1);
        if (first.isEmpty()) {
            open.deadlinesHeld(Duration.ZERO);
            return;
        }
        Instant workedOffBy = backlog.workedOffBy(now);
        if (workedOffBy == null) {
            open.deadlinesHeld(
                    Duration.between(Instant.ofEpochMilli(first.getFirst().dueMillis()), now));
            return;
        }
        open.deadlinesHeld(Duration.ZERO);
        boolean sent = false;
        for (Timer timer : timers.due(workedOffBy, MAX_DEADLINES)) {
            sent |= meet(timer, workedOffBy, now);
        }
        if (sent) {
            context.commit();
        }
    }

    /**
     * Decides on an order whose time has come.
     *
     * @param asOf what arrived later may not be processed yet: deadlines after that are not looked at
     * @param now when it is sent what follows
     * @return was anything sent?
     */
    private boolean meet(Timer timer, Instant asOf, Instant now) {
        Change change;
        try {
            Known known = known(timer.order());
            Instant due = known.record().due();
            if (due == null || due.toEpochMilli() > timer.dueMillis()) {
                // Of an order that was put off, and has been heard of meanwhile.
                timers.remove(timer);
                putOff.remove(timer.order());
                return false;
            }
            OrderKey order = order(timer.order());
            Decision decision = Decision.due(order, known.record(), policy, asOf, now);
            change = change(order, known, decision, true);
            if (decision.next() != null
                    && decision.next().due() != null
                    && !decision.next().due().isAfter(asOf)) {
                throw new IllegalStateException("a deadline that passed is waited for again");
            }
        } catch (RetriableException | ProcessorStateException e) {
            throw e;
        } catch (RuntimeException e) {
            // A bug of ours: the order stays as it is, and the others go on.
            LOG.error("failed on a deadline", e);
            putOff(timer);
            listener.failed();
            return false;
        }
        timers.remove(timer);
        putOff.remove(timer.order());
        carryOut(change, NO_TRACE);
        listener.deadlinesPassed();
        return !change.outgoing().isEmpty();
    }

    private void putOff(Timer timer) {
        Timer later = new Timer(now().plus(PUT_OFF).toEpochMilli(), timer.order());
        Timer former = putOff.put(timer.order(), later);
        timers.remove(timer);
        if (former != null) {
            timers.remove(former);
        }
        timers.add(later);
    }

    // --------------------------------------------------------------------------------------------------- retention

    /** Looks at the next slice of the store, counts what is open, and forgets the orders whose time has come. */
    private void sweep() {
        Instant now = now();
        if (sweep == null) {
            if (now.isBefore(nextSweep)) {
                return;
            }
            sweep = orders.pass();
            open.begin();
        }
        for (int i = 0; i < SWEEP_SLICE; i++) {
            // Not asked before the slice ends: what the iterator has found must not change until it is taken.
            if (!sweep.hasNext()) {
                endSweep();
                open.end();
                nextSweep = now.plus(BETWEEN_SWEEPS);
                return;
            }
            lookAt(sweep.next(), now);
        }
    }

    private void lookAt(KeyValue<Bytes, byte[]> entry, Instant now) {
        Change change;
        try {
            change = expiry(entry, now);
            if (change == null) {
                if (OrderRecordCodec.mayBeOpen(entry.value)) {
                    OrderRecord record = OrderRecordCodec.decode(entry.key.get(), entry.value);
                    open.look(entry.key, record);
                    requireTimer(entry.key, record.due());
                }
                return;
            }
        } catch (RetriableException | ProcessorStateException e) {
            throw e;
        } catch (RuntimeException e) {
            // A bug of ours: the order is kept, and the sweep goes on.
            LOG.error("failed to look at an order, or to forget it", e);
            listener.failed();
            return;
        }
        carryOut(change, NO_TRACE);
    }

    /**
     * What can't be read of the timers is passed over without a word ({@link KnownOrders#pass}), and a deadline would never come.
     * An order that waits for one is asked for its own: that is read, or is known to be unreadable.
     *
     * @param due as the pass has found it: the order may have been heard of since
     */
    private void requireTimer(Bytes key, @Nullable Instant due) {
        if (due == null || putOff.containsKey(key) || timers.has(key, due)) {
            return;
        }
        Instant current = known(key).record().due();
        if (current != null && !timers.has(key, current)) {
            LOG.error("an order waits for a deadline that is not among the timers: it is set again");
            timers.add(new Timer(current.toEpochMilli(), key));
        }
    }

    /** What is to be done to forget the order; null: it is kept. */
    private @Nullable Change expiry(KeyValue<Bytes, byte[]> entry, Instant now) {
        if (!Decision.isOlderThan(policy.retention(), OrderRecordCodec.lastArrivalHour(entry.value), now)) {
            return null;
        }
        // The iterator may be older than the order's latest arrival.
        Known known = known(entry.key);
        if (known.bytes() == null) {
            return null;
        }
        OrderKey order = order(entry.key);
        Decision expiry = Decision.expiry(order, known.record(), policy, now);
        if (expiry == null) {
            return null;
        }
        boolean hasCase = known.record().orderCase() != null || known.record().erasing();
        return change(order, known, expiry, hasCase);
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
        listener.left(open);
    }

    // ------------------------------------------------------------------------------------------------------ orders

    private Known known(Bytes key) {
        byte[] stored = orders.get(key);
        return stored == null
                ? new Known(key, OrderRecord.NEW, null)
                : new Known(key, OrderRecordCodec.decode(key.get(), stored), Bytes.wrap(stored));
    }

    /**
     * Does all that can fail, and changes nothing.
     *
     * @param hasCase may a case of the order be known to others, which is to be forgotten with it?
     */
    private Change change(OrderKey order, Known known, Decision decision, boolean hasCase) {
        List<Outgoing> outgoing = new ArrayList<>(decision.effects().size());
        for (Effect effect : decision.effects()) {
            byte[] value = edges.write(order, effect);
            if (value.length > MAX_VALUE_BYTES) {
                throw new Rejection(Rejection.Reason.TOO_MANY, "what is to be sent for it is larger than topics take");
            }
            outgoing.add(new Outgoing(sink(effect), effect, Bytes.wrap(value)));
        }
        OrderRecord next = decision.next();
        if (next != null) {
            return new Change(
                    known,
                    decision,
                    Bytes.wrap(OrderRecordCodec.encode(known.key().get(), next)),
                    outgoing);
        }
        if (hasCase) {
            outgoing.add(Outgoing.TOMBSTONE);
        }
        return new Change(known, decision, null, outgoing);
    }

    private static String sink(Effect effect) {
        return switch (effect) {
            case LockCommand lock -> OrderTopology.LOCK_COMMANDS;
            case InterceptCommand intercept -> OrderTopology.INTERCEPT_COMMANDS;
            case Alert alert -> OrderTopology.ALERTS;
            case OrderCase orderCase -> OrderTopology.CASES;
        };
    }

    /** @param trace for the headers of what is sent */
    private void carryOut(Change change, Headers trace) {
        Bytes key = change.known().key();
        Bytes before = change.known().bytes();
        Bytes next = change.bytes();
        OrderRecord record = change.decision().next();
        if (next != null && (before == null || !Arrays.equals(before.get(), next.get()))) {
            orders.put(key, next.get());
        }
        if (next == null && before != null) {
            orders.remove(key);
            listener.forgotten();
        }
        timers.move(key, change.known().record().due(), record == null ? null : record.due());
        open.changed(key, change.known().record(), record);
        tellOfCases(change);
        change.outgoing().forEach(outgoing -> forward(key, outgoing, trace));
        change.decision().withheld().forEach(listener::withheld);
        if (change.decision().dropped() > 0) {
            listener.answersDropped(change.decision().dropped());
        }
    }

    private void tellOfCases(Change change) {
        OrderCase before = change.known().record().orderCase();
        boolean wasOpen = before != null && before.isOpen();
        for (Effect effect : change.decision().effects()) {
            if (effect instanceof OrderCase orderCase && orderCase.isOpen() != wasOpen) {
                wasOpen = orderCase.isOpen();
                if (wasOpen) {
                    listener.opened(orderCase);
                } else {
                    listener.closed(orderCase);
                }
            }
        }
    }

    private static boolean isCommand(Effect effect) {
        return effect instanceof LockCommand || effect instanceof InterceptCommand;
    }

    private void forward(Bytes key, Outgoing outgoing, Headers trace) {
        byte[] value = outgoing.value() == null ? null : outgoing.value().get();
        context.forward(
                new Record<>(key.get(), value, context.currentSystemTimeMs(), new RecordHeaders(trace)),
                outgoing.sink());
        if (outgoing.effect() != null) {
            listener.sent(outgoing.effect());
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    private static Bytes key(OrderKey order) {
        return Bytes.wrap(order.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static OrderKey order(Bytes key) {
        return OrderKey.parse(new String(key.get(), StandardCharsets.UTF_8));
    }
}
