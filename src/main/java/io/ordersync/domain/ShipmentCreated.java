package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse made a parcel; it may still stand on the bench.
 *
 * @param shipmentId one parcel; a merged parcel is told once for each of its orders, with the same id
 * @param version the highest one of a parcel stands
 * @param trackingNumber null: none yet
 * @param courier code, as the courier adapters know it; null: not told
 * @param warehouseId null: not told
 * @param operatorId pseudonym of who packed or shipped; null: not told
 * @param stage where the parcel was when this was told
 * @param digital nothing physical travels
 * @param mergedOrderIds other orders of the same shop in this parcel
 * @param lines this order's goods in it; empty: not told
 * @param createdAt when this packing was made, UTC, by the warehouse system's clock
 */
public record ShipmentCreated(
        Source source,
        String eventId,
        String shipmentId,
        long version,
        @Nullable String trackingNumber,
        @Nullable String courier,
        @Nullable String warehouseId,
        @Nullable String operatorId,
        Purpose purpose,
        ParcelStage stage,
        boolean digital,
        List<String> mergedOrderIds,
        List<Line> lines,
        Instant createdAt)
        implements Fact {

    /** Why the parcel was made. A symbol of a newer schema is read as UNKNOWN. */
    public enum Purpose {
        UNKNOWN,
        ORIGINAL,
        RESHIP,
        EXCHANGE,
        REPAIR_RETURN;

        /** Does a parcel of it carry units that were ordered? */
        boolean counts() {
            return this == ORIGINAL || this == UNKNOWN;
        }
    }

    /**
     * Units of one order line in the parcel.
     *
     * @param quantity units, at least 1
     * @param orderedQuantity units ordered on this line, at least 1; null: not told
     * @param unitPriceMinor price of one unit in the currency's minor unit; null: not told
     * @param category of the goods; null: not told
     */
    public record Line(
            String lineId,
            String skuId,
            int quantity,
            @Nullable Integer orderedQuantity,
            @Nullable Long unitPriceMinor,
            @Nullable String category) {

        public Line {
            lineId = Rejection.id("lines.lineId", lineId);
            skuId = Rejection.id("lines.skuId", skuId);
            Rejection.atLeastOne("lines.quantity", quantity);
            if (orderedQuantity != null) {
                Rejection.atLeastOne("lines.orderedQuantity", orderedQuantity);
            }
        }
    }

    /** Which of two tellings of one parcel stands: the greater. */
    static final Comparator<ShipmentCreated> BY_STANDING = Comparator.comparingLong(ShipmentCreated::version)
            .thenComparing(ShipmentCreated::createdAt)
            .thenComparing(ShipmentCreated::eventId);

    public ShipmentCreated {
        eventId = Rejection.id("eventId", eventId);
        shipmentId = Rejection.id("shipmentId", shipmentId);
        trackingNumber = blankToNull(trackingNumber);
        courier = blankToNull(courier);
        warehouseId = warehouseId == null ? null : Rejection.id("warehouseId", warehouseId);
        operatorId = blankToNull(operatorId);
        mergedOrderIds = mergedOrderIds.isEmpty()
                ? List.of()
                : mergedOrderIds.stream()
                        .map(id -> Rejection.id("mergedOrderIds", id))
                        .distinct()
                        .toList();
        Rejection.atMost(MAX_LINES, "lines", lines.size());
        lines = List.copyOf(lines);
    }

    @Override
    public Instant at() {
        return createdAt;
    }

    @Override
    public String subject() {
        return shipmentId;
    }

    ShipmentCreated withoutMerged(String orderId) {
        List<String> others =
                mergedOrderIds.stream().filter(id -> !id.equals(orderId)).toList();
        return new ShipmentCreated(
                source,
                eventId,
                shipmentId,
                version,
                trackingNumber,
                courier,
                warehouseId,
                operatorId,
                purpose,
                stage,
                digital,
                others,
                lines,
                createdAt);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
