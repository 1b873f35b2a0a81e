package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is open of the orders of one partition. Each pass over the store counts anew, and what changes in between is added and
 * taken off. What changes while a pass is under way may be missing until the next one. Written by the stream's thread, read
 * by any.
 */
public final class OpenOrders {

    /** By states of cases and codes of alerts. */
    private volatile Map<Enum<?>, Long> counts = new ConcurrentHashMap<>();

    private volatile Map<OrderCase.State, Instant> oldest = Map.of();
    private volatile Duration deadlinesHeld = Duration.ZERO;

    /** Of the pass that is under way. */
    private Map<Enum<?>, Long> passCounts = new ConcurrentHashMap<>();

    private Map<OrderCase.State, Instant> passOldest = new EnumMap<>(OrderCase.State.class);

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
    void changed(OrderRecord before, @Nullable OrderRecord after) {
        count(before, -1, counts);
        if (after != null) {
            count(after, 1, counts);
        }
    }

    private static void count(OrderRecord record, long by, Map<Enum<?>, Long> counts) {
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
    }

    /** The pass comes to an order. */
    void look(OrderRecord record) {
        count(record, 1, passCounts);
        OrderCase orderCase = record.orderCase();
        if (orderCase != null && orderCase.isOpen()) {
            passOldest.merge(
                    orderCase.state(), orderCase.openedAt(), (one, other) -> one.isBefore(other) ? one : other);
        }
    }

    /** The pass has come to its end. */
    void end() {
        counts = passCounts;
        oldest = passOldest;
    }
}
