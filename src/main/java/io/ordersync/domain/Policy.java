package io.ordersync.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a shop decides: when a parcel is worth calling back, and how long is waited.
 *
 * @param clockTolerance business times closer than this are taken as simultaneous
 * @param recallWithin a parcel not heard of for longer is not called back
 * @param recallMixedParcels may a parcel that holds paid goods too be called back?
 * @param recallSuspected may a parcel be called back that is in excess only as far as is known?
 * @param couriersWithoutIntercept couriers that can't intercept, by their codes
 * @param interceptFeeMinor what an intercept costs, by currency, in its minor unit: goods worth less are not called back
 * @param maxInterceptFeeMinor what a courier may charge at most, by currency, in its minor unit
 * @param criticalExposureMinor from this worth on an alert is one step more severe, by currency, in its minor unit
 * @param interceptAnswerWithin how long a courier has to answer
 * @param lockAnswerWithin how long a warehouse has to answer; null: no answer is waited for
 * @param pickupGrace how long after a PULL_PARCEL a parcel that the courier may have by now is intercepted
 * @param lockAnswers does anybody answer commands to warehouses? Else no answer is waited for
 * @param interceptAnswers does anybody answer commands to couriers? Else no answer is waited for
 * @param shadow is all reckoned, and no command sent?
 * @param retention how long after its last arrival an order with nothing open is forgotten
 * @param lockRetention how long an order with something open is kept
 */
public record Policy(
        Duration clockTolerance,
        Duration recallWithin,
        boolean recallMixedParcels,
        boolean recallSuspected,
        Set<String> couriersWithoutIntercept,
        Map<String, Long> interceptFeeMinor,
        Map<String, Long> maxInterceptFeeMinor,
        Map<String, Long> criticalExposureMinor,
        Duration interceptAnswerWithin,
        @Nullable Duration lockAnswerWithin,
        Duration pickupGrace,
        boolean lockAnswers,
        boolean interceptAnswers,
        boolean shadow,
        Duration retention,
        Duration lockRetention) {

    public Policy {
        couriersWithoutIntercept = Set.copyOf(couriersWithoutIntercept);
        interceptFeeMinor = Map.copyOf(interceptFeeMinor);
        maxInterceptFeeMinor = Map.copyOf(maxInterceptFeeMinor);
        criticalExposureMinor = Map.copyOf(criticalExposureMinor);
    }

    /** Is an answer to a command to a warehouse waited for? */
    boolean awaitsLockAnswers() {
        return lockAnswers && !shadow;
    }

    /** Is an answer to a command to a courier waited for? */
    boolean awaitsInterceptAnswers() {
        return interceptAnswers && !shadow;
    }
}
