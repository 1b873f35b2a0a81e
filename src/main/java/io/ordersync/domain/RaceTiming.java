package io.ordersync.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a refund and a parcel met (CONTRACT.md, Time).
 *
 * @param gapMillis when the parcel was made less when the refund was approved; negative: the parcel came first
 */
public record RaceTiming(Type type, Cause cause, long gapMillis) {

    /** Which came first, beyond the tolerance of the clocks; the graver first. */
    public enum Type {
        REFUND_FIRST,
        SHIPMENT_FIRST,
        AMBIGUOUS;

        /** Of several parcels the case has the gravest: the smaller number. */
        int gravity() {
            return switch (this) {
                case REFUND_FIRST -> 0;
                case AMBIGUOUS -> 1;
                case SHIPMENT_FIRST -> 2;
            };
        }
    }

    /** Whose cause it was, as far as is known. */
    public enum Cause {
        REFUND_SYNC_DELAY,
        LOCK_UNANSWERED,
        REFUND_AFTER_SHIPMENT,
        UNDETERMINED,
        LOCK_IN_FLIGHT,
        LOCK_REFUSED,
        WAREHOUSE_IGNORED_LOCK
    }

    /**
     * The first LOCK that should have kept a parcel back.
     *
     * @param issuedAt wall clock
     * @param result its final answer; null: none is known
     */
    record Warning(Instant issuedAt, @Nullable WarehouseLockResult result) {}

    /** @param warning null: no LOCK was issued */
    static RaceTiming of(RefundApproved refund, ShipmentCreated made, @Nullable Warning warning, Duration tolerance) {
        long gap = millisBetween(refund.approvedAt(), made.createdAt());
        if (gap < -tolerance.toMillis()) {
            return new RaceTiming(Type.SHIPMENT_FIRST, Cause.REFUND_AFTER_SHIPMENT, gap);
        }
        if (gap <= tolerance.toMillis()) {
            return new RaceTiming(Type.AMBIGUOUS, Cause.UNDETERMINED, gap);
        }
        return new RaceTiming(Type.REFUND_FIRST, cause(made.createdAt(), warning, tolerance), gap);
    }

    /** Whose cause it is that a parcel was made after the refund depends on the LOCK, and on its answer. */
    private static Cause cause(Instant createdAt, @Nullable Warning warning, Duration tolerance) {
        if (warning == null) {
            return Cause.REFUND_SYNC_DELAY;
        }
        long sinceLock = millisBetween(warning.issuedAt(), createdAt);
        if (Math.abs(sinceLock) <= tolerance.toMillis()) {
            return Cause.UNDETERMINED;
        }
        if (sinceLock < 0) {
            return Cause.REFUND_SYNC_DELAY;
        }
        if (warning.result() == null) {
            return Cause.LOCK_UNANSWERED;
        }
        long sinceAnswer = millisBetween(warning.result().occurredAt(), createdAt);
        if (Math.abs(sinceAnswer) <= tolerance.toMillis()) {
            return Cause.UNDETERMINED;
        }
        if (sinceAnswer < 0) {
            return Cause.LOCK_IN_FLIGHT;
        }
        return warning.result().status() == WarehouseLockResult.Status.REFUSED
                ? Cause.LOCK_REFUSED
                : Cause.WAREHOUSE_IGNORED_LOCK;
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
