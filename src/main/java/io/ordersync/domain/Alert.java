package io.ordersync.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of one thing a person should know: FIRING while its condition holds, then RESOLVED.
 *
 * @param caseId the order's, whether a case is open or not
 * @param details what it is about; when RESOLVED, only what is still so
 * @param occurredAt business time: when the second of the two facts happened, an answer was given, or was due
 * @param detectedAt wall clock of the service
 */
public record Alert(
        UUID id,
        UUID caseId,
        Code code,
        Severity severity,
        State state,
        Action action,
        Details details,
        Instant occurredAt,
        Instant detectedAt)
        implements Effect {

    /** What is wrong, by its name in the contract. */
    public enum Code {
        REFUNDED_BUT_SHIPPED,
        MIXED_PARCEL,
        INTERCEPT_UNSUPPORTED,
        DELIVERED_AFTER_REFUND,
        DIGITAL_DELIVERED_AFTER_REFUND,
        CLAIM_COURIER,
        WRITE_OFF_SUGGESTED,
        RESHIP_AFTER_REFUND,
        CLOCK_SKEW,
        PULL_AT_BENCH,
        LOCK_UNANSWERED,
        LOCK_TOO_LATE,
        LOCK_UNSUPPORTED,
        INTERCEPT_FAILED,
        INTERCEPT_UNANSWERED,
        INTERCEPT_UNKNOWN,
        CANCEL_FAILED
    }

    /** How bad it is; the later symbol is the worse. */
    public enum Severity {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL;

        Severity oneStepUp() {
            return this == LOW ? MEDIUM : this == MEDIUM ? HIGH : CRITICAL;
        }
    }

    /** Does the condition hold? */
    public enum State {
        FIRING,
        RESOLVED
    }

    /** What a person or a system should do about it. */
    public enum Action {
        NONE,
        PULL,
        INTERCEPT,
        REQUEST_RETURN,
        CLAIM,
        WRITE_OFF,
        REVIEW
    }

    /**
     * What the alert is about.
     *
     * @param race how refund and parcel met; null when the alert is not about a parcel in excess
     * @param exposureMinor worth of the units in excess, in the currency's minor unit; null: a price is unknown
     * @param lines the units in excess
     * @param collateral paid goods in the same parcel
     */
    public record Details(
            @Nullable RaceTiming race,
            @Nullable Long exposureMinor,
            @Nullable String currency,
            Certainty certainty,
            List<String> refundIds,
            List<String> shipmentIds,
            List<String> trackingNumbers,
            List<LineUnits> lines,
            List<Collateral> collateral,
            @Nullable String warehouseId,
            @Nullable String operatorId,
            @Nullable String courier,
            List<String> categories,
            List<Evidence> evidence) {}
}
