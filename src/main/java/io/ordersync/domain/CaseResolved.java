package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person closed the case. By whom is not kept: it decides nothing.
 *
 * @param caseId the order's ({@link Arrival})
 * @param shipmentIds the parcels it settles, as the person saw them; empty: every parcel created up to {@code resolvedAt}
 * @param resolvedAt UTC, by the clock of who tells it
 */
public record CaseResolved(
        Source source,
        String eventId,
        String caseId,
        Resolution resolution,
        List<String> shipmentIds,
        Instant resolvedAt)
        implements Fact {

    /** What became of the goods. UNKNOWN, a symbol of a newer schema, can't be acted on and is rejected. */
    public enum Resolution {
        UNKNOWN,
        KEPT_AND_REPAID,
        BUYER_RETURNED,
        WRITTEN_OFF,
        CLAIMED,
        FALSE_ALARM;

        /** Are the refunded units paid for after all? Then nothing holds them back any longer. */
        boolean freesGoods() {
            return this == KEPT_AND_REPAID || this == FALSE_ALARM;
        }
    }

    /** Earlier ones settle first. */
    public static final Comparator<CaseResolved> BY_TIME = Comparator.comparing(CaseResolved::resolvedAt)
            .thenComparing(CaseResolved::eventId)
            .thenComparing(CaseResolved::resolution)
            .thenComparing(resolved -> resolved.shipmentIds().toString());

    public CaseResolved {
        eventId = Rejection.id("eventId", eventId);
        caseId = Rejection.id("caseId", caseId);
        if (resolution == Resolution.UNKNOWN) {
            throw Rejection.invalid("resolution is none known here");
        }
        Rejection.atMost(OrderFacts.MAX_OF_EACH, "shipmentIds", shipmentIds.size());
        shipmentIds = shipmentIds.stream()
                .map(id -> Rejection.id("shipmentIds", id))
                .distinct()
                .sorted()
                .toList();
    }

    /** Does it settle what this parcel holds in excess? */
    boolean covers(ParcelTold parcel) {
        ShipmentCreated made = parcel.made();
        return made != null && (shipmentIds.isEmpty() ? wasThere(parcel) : shipmentIds.contains(made.shipmentId()));
    }

    /** Was the parcel made by then, in any version? */
    boolean wasThere(ParcelTold parcel) {
        Instant madeAt = parcel.firstMadeAt();
        return madeAt != null && !madeAt.isAfter(resolvedAt);
    }

    @Override
    public Instant at() {
        return resolvedAt;
    }

    @Override
    public @Nullable String subject() {
        return null;
    }
}
