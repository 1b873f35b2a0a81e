package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Money went back, or will: from {@code approvedAt} on these units must not reach the buyer, if the kind says so. The
 * amount and the reason code of the record decide nothing and are not kept: only units matter.
 *
 * @param version the highest one of a refund stands
 * @param wholeOrder every unit of the order is refunded; {@code lines} may then be empty
 * @param currency of the prices, ISO 4217
 * @param approvedAt UTC, by the refund system's clock
 */
public record RefundApproved(
        Source source,
        String eventId,
        String refundId,
        long version,
        Kind kind,
        Cause cause,
        boolean wholeOrder,
        String currency,
        List<Line> lines,
        Instant approvedAt)
        implements Fact {

    /** What the refund is for. A symbol of a newer schema is read as UNKNOWN. */
    public enum Kind {
        UNKNOWN,
        CANCEL_BEFORE_SHIPMENT,
        REFUND_ONLY,
        RETURN_AND_REFUND,
        EXCHANGE,
        PRICE_ADJUSTMENT,
        RESHIP,
        REPAIR;

        /** Does it mean that the goods must not reach the buyer? */
        boolean counts() {
            return this == CANCEL_BEFORE_SHIPMENT || this == REFUND_ONLY || this == UNKNOWN;
        }
    }

    /** Why it was approved. */
    public enum Cause {
        UNKNOWN,
        BUYER_REQUEST,
        MERCHANT,
        PLATFORM_AUTO,
        ARBITRATION,
        INTERCEPT_SUCCEEDED,
        DELIVERY_REFUSED,
        PARCEL_LOST;

        /** Is the refund the consequence of goods that come back or are gone, rather than a reason to call them back? */
        boolean isGone() {
            return this == INTERCEPT_SUCCEEDED || this == DELIVERY_REFUSED || this == PARCEL_LOST;
        }
    }

    /**
     * Units refunded on one order line.
     *
     * @param lineId the order line, unique within the order
     * @param quantity units, at least 1
     * @param orderedQuantity units ordered on this line, at least 1; null: not told
     * @param unitPriceMinor price of one unit in the currency's minor unit; null: not told
     * @param category of the goods; null: not told
     * @param warehouseId the warehouse the line is allocated to; null: not told
     * @param shipmentId set when the refund is for units of that very parcel: they are bound to it
     */
    public record Line(
            String lineId,
            String skuId,
            int quantity,
            @Nullable Integer orderedQuantity,
            @Nullable Long unitPriceMinor,
            @Nullable String category,
            @Nullable String warehouseId,
            @Nullable String shipmentId) {

        public Line {
            lineId = Rejection.id("lines.lineId", lineId);
            skuId = Rejection.id("lines.skuId", skuId);
            Rejection.atLeastOne("lines.quantity", quantity);
            if (orderedQuantity != null) {
                Rejection.atLeastOne("lines.orderedQuantity", orderedQuantity);
            }
            warehouseId = warehouseId == null ? null : Rejection.id("lines.warehouseId", warehouseId);
            shipmentId = shipmentId == null ? null : Rejection.id("lines.shipmentId", shipmentId);
        }
    }

    /** Earlier approved first; of two approved at once, the smaller refundId. */
    static final Comparator<RefundApproved> BY_APPROVAL =
            Comparator.comparing(RefundApproved::approvedAt).thenComparing(RefundApproved::refundId);

    /** Which of two tellings of one refund stands: the greater. */
    static final Comparator<RefundApproved> BY_STANDING = Comparator.comparingLong(RefundApproved::version)
            .thenComparing(RefundApproved::approvedAt)
            .thenComparing(RefundApproved::eventId);

    public RefundApproved {
        eventId = Rejection.id("eventId", eventId);
        refundId = Rejection.id("refundId", refundId);
        Rejection.atMost(MAX_LINES, "lines", lines.size());
        lines = List.copyOf(lines);
    }

    /** Is every unit of the order refunded? A cancelled order whose lines were not told is cancelled whole. */
    boolean isWholeOrder() {
        return wholeOrder || (lines.isEmpty() && kind == Kind.CANCEL_BEFORE_SHIPMENT);
    }

    @Override
    public Instant at() {
        return approvedAt;
    }

    @Override
    public String subject() {
        return refundId;
    }
}
