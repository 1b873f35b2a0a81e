package io.ordersync.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a warehouse is told to do.
 *
 * @param targetId of a RELEASE, the command it takes back; else null
 * @param generation a receiver ignores one lower than it has seen for the same refund and warehouse, or the same parcel
 * @param refundId who holds the lock; for a parcel, the smallest of the refunds concerned
 * @param caseId of the order's case for a parcel; null for a lock
 * @param warehouseId null: every warehouse of the shop
 * @param lines what must not leave; empty under wholeOrder when the lines are not known
 * @param shipmentId the parcel to take off the bench; null for a lock
 * @param issuedAt wall clock of the service
 * @param answerBy wall clock; null: no answer is waited for
 */
public record LockCommand(
        UUID id,
        Action action,
        @Nullable UUID targetId,
        long generation,
        String refundId,
        @Nullable UUID caseId,
        @Nullable String warehouseId,
        boolean wholeOrder,
        List<LineUnits> lines,
        @Nullable String shipmentId,
        @Nullable String trackingNumber,
        Reason reason,
        Instant issuedAt,
        @Nullable Instant answerBy)
        implements Effect {

    /** What to do. */
    public enum Action {
        LOCK,
        RELEASE,
        PULL_PARCEL
    }

    /** Why. */
    public enum Reason {
        REFUND_APPROVED,
        REFUND_CHANGED,
        REFUND_CLOSED,
        CASE_RESOLVED,
        NOT_IN_EXCESS
    }
}
