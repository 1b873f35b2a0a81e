package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;

/**
 * An approved refund no longer stands, if {@code outcome} says so.
 *
 * @param version of the refund: it is closed in this version and in lower ones
 * @param closedAt UTC, by the refund system's clock
 */
public record RefundClosed(
        Source source, String eventId, String refundId, long version, Outcome outcome, Instant closedAt)
        implements Fact {

    /** Why it was closed. A symbol of a newer schema is read as UNKNOWN. */
    public enum Outcome {
        UNKNOWN,
        WITHDRAWN,
        REJECTED,
        PAYMENT_FAILED;

        /** Is the buyer owed nothing any more? After a failed payment he still is. */
        boolean endsRefund() {
            return this == WITHDRAWN || this == REJECTED;
        }
    }

    /** Which of two closes of one refund stands: the greater. */
    static final Comparator<RefundClosed> BY_STANDING = Comparator.comparingLong(RefundClosed::version)
            .thenComparing(RefundClosed::closedAt)
            .thenComparing(RefundClosed::eventId);

    public RefundClosed {
        eventId = Rejection.id("eventId", eventId);
        refundId = Rejection.id("refundId", refundId);
    }

    @Override
    public Instant at() {
        return closedAt;
    }

    @Override
    public String subject() {
        return refundId;
    }
}
