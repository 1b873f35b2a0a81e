package io.ordersync.streams;

import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.Policy;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts about one unit of line A, which is all that was ordered: refunded at ten, sent at eleven. */
final class Facts {

    static final OrderKey O1 = new OrderKey("DOUYIN", "shop-1", "O1");

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Fact.Source SOURCE = new Fact.Source(0, 0);

    private Facts() {}

    static RefundApproved refund() {
        return refund(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT);
    }

    static RefundApproved refund(RefundApproved.Kind kind) {
        return refund(kind, 1);
    }

    /** Two units were ordered, then, and one of them may still be held back when the other was sent. */
    static RefundApproved refundOfTwo() {
        return refund(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT, 2);
    }

    private static RefundApproved refund(RefundApproved.Kind kind, int units) {
        return new RefundApproved(
                SOURCE,
                "event of R1",
                "R1",
                1,
                kind,
                RefundApproved.Cause.BUYER_REQUEST,
                false,
                "CNY",
                List.of(new RefundApproved.Line("A", "SKU-A", units, units, 12_900L, null, null, null)),
                TEN);
    }

    static ShipmentCreated parcel(ParcelStage stage) {
        return new ShipmentCreated(
                SOURCE,
                "event of S1",
                "S1",
                1,
                "SF1234567890",
                "SF",
                "W1",
                null,
                ShipmentCreated.Purpose.ORIGINAL,
                stage,
                false,
                List.of(),
                List.of(new ShipmentCreated.Line("A", "SKU-A", 1, 1, 12_900L, null)),
                TEN.plusSeconds(3600));
    }

    static InterceptResult answer(String commandId, InterceptResult.Status status) {
        return new InterceptResult(SOURCE, "event of an answer", commandId, status, null, TestStream.NOON);
    }

    static ShipmentStatusChanged returned() {
        return new ShipmentStatusChanged(SOURCE, "event of a scan", "S1", ParcelStage.RETURNED, TestStream.NOON);
    }

    /** The courier has a quarter of an hour to answer, the warehouse half an hour until the parcel is picked up. */
    static Policy policy() {
        return policy(null, false);
    }

    static Policy policy(@Nullable Duration lockAnswerWithin, boolean shadow) {
        return new Policy(
                Duration.ofMinutes(5),
                Duration.ofDays(10),
                false,
                false,
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Duration.ofMinutes(15),
                lockAnswerWithin,
                Duration.ofMinutes(30),
                true,
                true,
                shadow,
                Duration.ofDays(45),
                Duration.ofDays(180));
    }
}
