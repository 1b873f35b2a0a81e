package io.ordersync.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of one order.
 *
 * @param orderCase as it was sent last; null: there never was one
 * @param due wall clock, when the next deadline is; null: nothing is waited for
 * @param erasing is it to be forgotten as soon as nothing is open?
 * @param lastArrivalHour wall clock, hours since 1970 UTC, rounded up: finer steps would cost a write for every repetition
 */
public record OrderRecord(
        OrderFacts facts,
        Sent sent,
        @Nullable OrderCase orderCase,
        @Nullable Instant due,
        boolean erasing,
        long lastArrivalHour) {

    public static final OrderRecord NEW = new OrderRecord(OrderFacts.NONE, Sent.NOTHING, null, null, false, 0);

    OrderRecord with(Sent other) {
        return new OrderRecord(facts, other, orderCase, due, erasing, lastArrivalHour);
    }

    OrderRecord toBeErased() {
        return new OrderRecord(facts, sent, orderCase, due, true, lastArrivalHour);
    }
}
