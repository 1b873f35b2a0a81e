package io.ordersync.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The case of an order: one for ever, which may close and open again. What it says of parcels is of those in it; of those that
 * were in it last, when CLOSED.
 *
 * @param outcome null while it is open
 * @param race of the gravest of its parcels; null: none was ever reckoned
 * @param exposureMinor worth of the units in excess, in the currency's minor unit; null: a price is unknown
 * @param evidence the first {@value #MAX_EVIDENCE} facts and commands
 * @param openedAt business time, when it opened first
 * @param updatedAt wall clock of the service
 * @param closedAt business time; null while it is open
 * @param version grows by one with every change
 */
public record OrderCase(
        UUID id,
        State state,
        @Nullable Outcome outcome,
        @Nullable RaceTiming race,
        @Nullable Long exposureMinor,
        @Nullable String currency,
        List<String> refundIds,
        List<String> shipmentIds,
        List<String> trackingNumbers,
        @Nullable String warehouseId,
        @Nullable String operatorId,
        @Nullable String courier,
        List<String> categories,
        List<Evidence> evidence,
        Instant openedAt,
        Instant updatedAt,
        @Nullable Instant closedAt,
        long version)
        implements Effect {

    /** How many facts and commands a case keeps as evidence (CONTRACT.md, Case). */
    public static final int MAX_EVIDENCE = 50;

    /** Where it stands. The first that is true of a parcel in it is the case's. */
    public enum State {
        MANUAL,
        INTERCEPTING,
        PULLING,
        RETURNING,
        DETECTED,
        CLOSED
    }

    /** How it ended. UNKNOWN: nobody was heard of it for too long. */
    public enum Outcome {
        UNKNOWN,
        PREVENTED,
        VOIDED,
        RETURNED,
        REFUSED_BY_BUYER,
        KEPT_AND_REPAID,
        BUYER_RETURNED,
        WRITTEN_OFF,
        CLAIMED,
        REFUND_CLOSED,
        FALSE_ALARM
    }

    public boolean isOpen() {
        return state != State.CLOSED;
    }

    /** This case, CLOSED: what it said of its parcels stays. */
    OrderCase closed(Outcome why, List<Evidence> proof, Instant when, Instant now) {
        return new OrderCase(
                id,
                State.CLOSED,
                why,
                race,
                exposureMinor,
                currency,
                refundIds,
                shipmentIds,
                trackingNumbers,
                warehouseId,
                operatorId,
                courier,
                categories,
                proof,
                openedAt,
                now,
                when,
                version + 1);
    }
}
