package io.ordersync.domain;

/**
 * How a refund and a parcel met.
 *
 * @param gapMillis when the parcel was made less when the refund was approved; negative: the parcel came first
 */
public record RaceTiming(Type type, Cause cause, long gapMillis) {

    /** Which came first, beyond the tolerance of the clocks. */
    public enum Type {
        REFUND_FIRST,
        SHIPMENT_FIRST,
        AMBIGUOUS
    }

    /** Whose cause it was, as far as is known. Those that rest on an answer come with the answers. */
    public enum Cause {
        REFUND_SYNC_DELAY,
        LOCK_UNANSWERED,
        REFUND_AFTER_SHIPMENT,
        UNDETERMINED
    }
}
