package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;

/**
 * A parcel's label was cancelled: the goods did not leave.
 *
 * @param version of the parcel: it is void in this version and in lower ones
 * @param voidedAt UTC, by the warehouse system's clock
 */
public record ShipmentVoided(Source source, String eventId, String shipmentId, long version, Instant voidedAt)
        implements Fact {

    /** Which of two voids of one parcel stands: the greater. */
    static final Comparator<ShipmentVoided> BY_STANDING = Comparator.comparingLong(ShipmentVoided::version)
            .thenComparing(ShipmentVoided::voidedAt)
            .thenComparing(ShipmentVoided::eventId);

    public ShipmentVoided {
        eventId = Rejection.id("eventId", eventId);
        shipmentId = Rejection.id("shipmentId", shipmentId);
    }

    @Override
    public Instant at() {
        return voidedAt;
    }

    @Override
    public String subject() {
        return shipmentId;
    }
}
