package io.ordersync.streams;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import java.time.Instant;
import java.util.List;

/** Events as producers send them, about one unit of line A, which is all that was ordered. */
final class Events {

    static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");

    private Events() {}

    static RefundApproved.Builder refund(String orderId, String refundId) {
        return RefundApproved.newBuilder()
                .setEventId("event of " + refundId)
                .setPlatform("douyin")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setRefundId(refundId)
                .setRefundVersion(1)
                .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900)
                .setCurrency("CNY")
                .setLines(List.of(new RefundLine("A", "SKU-A", 1, 1, 12_900L, "phones", "W1", null)))
                .setApprovedAt(TEN);
    }

    static ShipmentCreated.Builder parcel(String orderId, String shipmentId) {
        return ShipmentCreated.newBuilder()
                .setEventId("event of " + shipmentId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setShipmentId(shipmentId)
                .setShipmentVersion(1)
                .setTrackingNumber("SF1234567890")
                .setCourier("SF")
                .setWarehouseId("W1")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(ParcelStage.IN_TRANSIT)
                .setLines(List.of(new ShipmentLine("A", "SKU-A", 1, 1, 12_900L, "phones")))
                .setCreatedAt(TEN.plusSeconds(2400));
    }
}
