package io.ordersync.domain;

/**
 * All that is kept of one order.
 *
 * @param lastArrivalHour wall clock, hours since 1970 UTC, rounded up: finer steps would cost a write for every repetition
 */
public record OrderRecord(OrderFacts facts, Sent sent, long lastArrivalHour) {

    public static final OrderRecord NEW = new OrderRecord(OrderFacts.NONE, Sent.NOTHING, 0);
}
