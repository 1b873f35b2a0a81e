package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;

/**
 * The courier scanned a parcel.
 *
 * @param occurredAt UTC, by the courier's clock
 */
public record ShipmentStatusChanged(
        Source source, String eventId, String shipmentId, ParcelStage stage, Instant occurredAt) implements Fact {

    /** The greatest says where the parcel is. */
    static final Comparator<ShipmentStatusChanged> BY_TIME = Comparator.comparing(ShipmentStatusChanged::occurredAt)
            .thenComparing(ShipmentStatusChanged::stage)
            .thenComparing(ShipmentStatusChanged::eventId);

    public ShipmentStatusChanged {
        eventId = Rejection.id("eventId", eventId);
        shipmentId = Rejection.id("shipmentId", shipmentId);
    }

    @Override
    public Instant at() {
        return occurredAt;
    }

    @Override
    public String subject() {
        return shipmentId;
    }
}
