package io.ordersync.domain;

import io.ordersync.domain.Alert.Action;
import io.ordersync.domain.Alert.Code;
import org.jspecify.annotations.Nullable;

/**
 * The table of CONTRACT.md, Recalls and alerts: of the rows that fit a parcel in excess, the first one gives the alert.
 * The parcel is intercepted if that row allows it, and where it depends on the policy, if those below do too.
 */
enum Row {
    DIGITAL(Recall.NEVER, Code.DIGITAL_DELIVERED_AFTER_REFUND, Action.NONE),
    COMING_BACK(Recall.NEVER, null, Action.NONE),
    LOST_OR_DAMAGED(Recall.NEVER, Code.CLAIM_COURIER, Action.CLAIM),
    DELIVERED(Recall.NEVER, Code.DELIVERED_AFTER_REFUND, Action.REQUEST_RETURN),
    NOT_HEARD_OF(Recall.NEVER, Code.REFUNDED_BUT_SHIPPED, Action.REVIEW),
    MIXED(Recall.IF_THE_ROWS_BELOW_DO, Code.MIXED_PARCEL, Action.REVIEW),
    SUSPECTED(Recall.IF_THE_ROWS_BELOW_DO, Code.REFUNDED_BUT_SHIPPED, Action.REVIEW),
    WITHOUT_INTERCEPT(Recall.NEVER, Code.INTERCEPT_UNSUPPORTED, Action.REVIEW),
    WORTH_LESS_THAN_THE_FEE(Recall.NEVER, Code.WRITE_OFF_SUGGESTED, Action.WRITE_OFF),
    ON_THE_BENCH(Recall.LATER, Code.REFUNDED_BUT_SHIPPED, Action.PULL),
    ON_ITS_WAY(Recall.NOW, Code.REFUNDED_BUT_SHIPPED, Action.INTERCEPT);

    /** Is a parcel of this row intercepted? */
    enum Recall {
        NEVER,
        IF_THE_ROWS_BELOW_DO,
        /** When the courier has it. */
        LATER,
        NOW
    }

    /** Copied once: it is asked several times for each parcel in excess. */
    private static final Row[] ALL = values();

    private final Recall recall;
    private final @Nullable Code code;
    private final Action action;

    Row(Recall recall, @Nullable Code code, Action action) {
        this.recall = recall;
        this.code = code;
        this.action = action;
    }

    @Nullable
    Code code() {
        return code;
    }

    Action action() {
        return action;
    }

    /** The first row that fits. */
    static Row of(Race race, Policy policy) {
        for (Row row : ALL) {
            if (row.fits(race, policy)) {
                return row;
            }
        }
        throw theLastFits();
    }

    /** Is the parcel to be intercepted? Never leaves it to the rows below. */
    static Recall recallOf(Race race, Policy policy) {
        for (Row row : ALL) {
            boolean decides = row.recall != Recall.IF_THE_ROWS_BELOW_DO || !row.isAllowedBy(race, policy);
            if (row.fits(race, policy) && decides) {
                return row.recall == Recall.IF_THE_ROWS_BELOW_DO ? Recall.NEVER : row.recall;
            }
        }
        throw theLastFits();
    }

    private static IllegalStateException theLastFits() {
        return new IllegalStateException("the last row fits every parcel");
    }

    private boolean fits(Race race, Policy policy) {
        Parcel parcel = race.parcel();
        ShipmentCreated made = parcel.made();
        return switch (this) {
            case DIGITAL -> made.digital();
            case COMING_BACK -> parcel.isComingBack();
            case LOST_OR_DAMAGED -> parcel.stage() == ParcelStage.LOST || parcel.stage() == ParcelStage.DAMAGED;
            case DELIVERED ->
                parcel.stage() == ParcelStage.DELIVERED || parcel.recall() == Parcel.RecallAnswer.DELIVERED;
            case NOT_HEARD_OF -> !parcel.heardOfAt().plus(policy.recallWithin()).isAfter(race.foundAt());
            case MIXED -> race.isMixed();
            case SUSPECTED -> race.isSuspected();
            case WITHOUT_INTERCEPT ->
                made.trackingNumber() == null
                        || made.courier() == null
                        || policy.couriersWithoutIntercept().contains(made.courier())
                        || parcel.recall() == Parcel.RecallAnswer.UNSUPPORTED;
            case WORTH_LESS_THAN_THE_FEE -> race.isWorthLessThan(policy.interceptFeeMinor());
            case ON_THE_BENCH -> parcel.stage() == ParcelStage.LABEL_CREATED;
            case ON_ITS_WAY -> true;
        };
    }

    /** Does the policy let a mixed, or a suspected, parcel be intercepted? */
    private boolean isAllowedBy(Race race, Policy policy) {
        return switch (this) {
            case MIXED -> policy.recallMixedParcels();
            case SUSPECTED -> policy.recallSuspected() && race.isRefundedForSure();
            default -> throw new IllegalStateException(this + " does not depend on the policy");
        };
    }
}
