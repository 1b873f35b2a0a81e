package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was told of one refund.
 *
 * @param approved its highest version; null: only that it was closed
 * @param firstApprovedAt the earliest approvedAt of any version; null while none is known
 * @param closed the highest version of a close that ends it; null: none
 * @param unpaid the highest version of a close that does not, and is evidence only; null: none
 */
public record RefundTold(
        @Nullable RefundApproved approved,
        @Nullable Instant firstApprovedAt,
        @Nullable RefundClosed closed,
        @Nullable RefundClosed unpaid) {

    static final RefundTold NOTHING = new RefundTold(null, null, null, null);

    RefundTold and(RefundApproved told) {
        return new RefundTold(
                greater(approved, told, RefundApproved.BY_STANDING),
                earlier(firstApprovedAt, told.approvedAt()),
                closed,
                unpaid);
    }

    RefundTold and(RefundClosed told) {
        return told.outcome().endsRefund()
                ? new RefundTold(approved, firstApprovedAt, greater(closed, told, RefundClosed.BY_STANDING), unpaid)
                : new RefundTold(approved, firstApprovedAt, closed, greater(unpaid, told, RefundClosed.BY_STANDING));
    }

    /** The refund that stands; null: it is closed, or not approved as far as is known. */
    @Nullable
    RefundApproved standing() {
        return approved == null || (closed != null && approved.version() <= closed.version()) ? null : approved;
    }

    /** What its highest version names. */
    List<RefundApproved.Line> lines() {
        return approved == null ? List.of() : approved.lines();
    }

    /** Was it approved by then, in any version? */
    boolean isApprovedBy(Instant moment) {
        return firstApprovedAt != null && !firstApprovedAt.isAfter(moment);
    }

    static Instant earlier(@Nullable Instant known, Instant told) {
        return known == null || told.isBefore(known) ? told : known;
    }

    static <T> T greater(@Nullable T known, T told, Comparator<T> by) {
        return known == null || by.compare(told, known) > 0 ? told : known;
    }
}
