package io.ordersync.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a refund and a parcel met (CONTRACT.md, Time).
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

    /** @param locks what was sent for the order's refunds */
    static RaceTiming of(
            RefundApproved refund, ShipmentCreated made, SortedMap<LockKey, Sent.Lock> locks, Duration tolerance) {
        long gap = millisBetween(refund.approvedAt(), made.createdAt());
        if (gap < -tolerance.toMillis()) {
            return new RaceTiming(Type.SHIPMENT_FIRST, Cause.REFUND_AFTER_SHIPMENT, gap);
        }
        if (gap <= tolerance.toMillis()) {
            return new RaceTiming(Type.AMBIGUOUS, Cause.UNDETERMINED, gap);
        }
        Sent.Lock lock = locks.get(new LockKey(refund.refundId(), made.warehouseId()));
        if (lock == null) {
            lock = locks.get(new LockKey(refund.refundId(), null));
        }
        return new RaceTiming(Type.REFUND_FIRST, cause(made.createdAt(), lock, tolerance), gap);
    }

    /** Whose cause it is that a parcel was made after the refund depends on the LOCK, and on its answer. */
    private static Cause cause(Instant createdAt, Sent.@Nullable Lock lock, Duration tolerance) {
        if (lock == null) {
            return Cause.REFUND_SYNC_DELAY;
        }
        long sinceLock = millisBetween(lock.firstIssuedAt(), createdAt);
        if (Math.abs(sinceLock) <= tolerance.toMillis()) {
            return Cause.UNDETERMINED;
        }
        return sinceLock < 0 ? Cause.REFUND_SYNC_DELAY : Cause.LOCK_UNANSWERED;
    }

    /** Times that no clock shows must not overflow. */
    private static long millisBetween(Instant from, Instant to) {
        try {
            return Math.subtractExact(to.toEpochMilli(), from.toEpochMilli());
        } catch (ArithmeticException e) {
            return to.isAfter(from) ? Long.MAX_VALUE : Long.MIN_VALUE + 1;
        }
    }
}
