package io.ordersync.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a courier's adapter is told to do.
 *
 * @param targetId of a CANCEL, the INTERCEPT it takes back; else null
 * @param generation a receiver ignores one lower than it has seen for the same parcel
 * @param refundIds the refunds that make this parcel excess
 * @param stage last known when it was issued
 * @param goodsValueMinor worth of the units in excess, in the currency's minor unit; null: a price is unknown
 * @param maxFeeMinor the courier may charge up to this, in the currency's minor unit; null: no limit is configured
 * @param issuedAt wall clock of the service
 * @param answerBy wall clock
 */
public record InterceptCommand(
        UUID id,
        Action action,
        @Nullable UUID targetId,
        long generation,
        UUID caseId,
        String shipmentId,
        String trackingNumber,
        String courier,
        @Nullable String warehouseId,
        List<String> refundIds,
        ParcelStage stage,
        Certainty certainty,
        @Nullable Long goodsValueMinor,
        @Nullable Long maxFeeMinor,
        @Nullable String currency,
        List<Collateral> collateral,
        Instant issuedAt,
        Instant answerBy)
        implements Effect {

    /** What to do. */
    public enum Action {
        INTERCEPT,
        CANCEL
    }
}
