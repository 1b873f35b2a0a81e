package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What is open of the orders of one partition. A pass over the store counts it, and what changes afterwards, or meanwhile, is
 * added and taken off. Written by the stream's thread, read by any.
 */
public final class OpenOrders {

    /** By states of cases and codes of alerts. */
    private volatile Map<Enum<?>, Long> counts = new ConcurrentHashMap<>();

    private volatile Map<OrderCase.State, Instant> oldest = Map.of();
    private volatile Duration deadlinesHeld = Duration.ZERO;

    /** Of the pass that is under way. */
    private Map<Enum<?>, Long> passCounts = new ConcurrentHashMap<>();

    private Map<OrderCase.State, Instant> passOldest = new EnumMap<>(OrderCase.State.class);

    /** The orders that the pass has counted, as far as anything of them is open. */
    private final Set<Bytes> looked = new HashSet<>();

    /** The orders that have changed since the pass began: it has counted them, and need not come to them. */
    private final Set<Bytes> changed = new HashSet<>();

    private boolean underWay;

    /** How many cases are in this state. */
    public long cases(OrderCase.State state) {
        return count(state);
    }

    /** How many alerts with this code are FIRING. */
    public long firing(Alert.Code code) {
        return count(code);
    }

    private long count(Enum<?> what) {
        // Before the first pass ends, more may have been closed than were seen to open.
        return Math.max(0, counts.getOrDefault(what, 0L));
    }

    /** When the oldest case opened that the last pass found in this state, business time; null: there is none. */
    public @Nullable Instant oldest(OrderCase.State state) {
        return cases(state) == 0 ? null : oldest.get(state);
    }

    /** How long the deadline that fell due first has been held back, by the wall clock; zero: none is. */
    public Duration deadlinesHeld() {
        return deadlinesHeld;
    }

    void deadlinesHeld(Duration howLong) {
        deadlinesHeld = howLong;
    }

    /** @param after null: the order is forgotten */
    void changed(Bytes key, OrderRecord before, @Nullable OrderRecord after) {
        count(before, -1, counts);
        count(after, 1, counts);
        if (underWay && (isOpen(before) || isOpen(after))) {
            if (!changed.add(key) || looked.contains(key)) {
                count(before, -1, passCounts);
            }
            count(after, 1, passCounts);
            age(after);
        }
    }

    private static boolean isOpen(@Nullable OrderRecord record) {
        if (record == null) {
            return false;
        }
        OrderCase orderCase = record.orderCase();
        return (orderCase != null && orderCase.isOpen())
                || !record.sent().alerts().isEmpty();
    }

    private static void count(@Nullable OrderRecord record, long by, Map<Enum<?>, Long> counts) {
        if (record == null) {
            return;
        }
        OrderCase orderCase = record.orderCase();
        if (orderCase != null && orderCase.isOpen()) {
            counts.merge(orderCase.state(), by, Long::sum);
        }
        record.sent().alerts().keySet().forEach(key -> counts.merge(key.code(), by, Long::sum));
    }

    /** A pass begins. */
    void begin() {
        passCounts = new ConcurrentHashMap<>();
        passOldest = new EnumMap<>(OrderCase.State.class);
        looked.clear();
        changed.clear();
        underWay = true;
    }

    /** The pass comes to an order, as it is or as it was when the pass began. */
    void look(Bytes key, OrderRecord record) {
        if (isOpen(record) && !changed.contains(key)) {
            looked.add(key);
            count(record, 1, passCounts);
            age(record);
        }
    }

    private void age(@Nullable OrderRecord record) {
        OrderCase orderCase = record == null ? null : record.orderCase();
        if (orderCase != null && orderCase.isOpen()) {
            passOldest.merge(
                    orderCase.state(), orderCase.openedAt(), (one, other) -> one.isBefore(other) ? one : other);
        }
    }

    /** The pass has come to its end. */
    void end() {
        counts = passCounts;
        oldest = passOldest;
        looked.clear();
        changed.clear();
        underWay = false;
    }
}
