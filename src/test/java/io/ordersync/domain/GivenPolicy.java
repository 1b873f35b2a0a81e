package io.ordersync.domain;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A policy as a scenario names it; what it leaves unsaid is as it comes by default. */
final class GivenPolicy {
    private Duration clockTolerance = Duration.ofMinutes(5);
    private boolean recallMixed;
    private boolean recallSuspected;
    private final Set<String> couriersWithoutIntercept = new HashSet<>();
    private final Map<String, Long> fee = new HashMap<>();
    private final Map<String, Long> maxFee = new HashMap<>();
    private final Map<String, Long> critical = new HashMap<>();
    private @Nullable Duration lockAnswerWithin;
    private Duration pickupGrace = Duration.ofMinutes(30);
    private boolean lockAnswers = true;
    private boolean interceptAnswers = true;
    private boolean shadow;

    private GivenPolicy() {}

    static GivenPolicy policy() {
        return new GivenPolicy();
    }

    GivenPolicy clockTolerance(Duration tolerance) {
        clockTolerance = tolerance;
        return this;
    }

    GivenPolicy recallMixed() {
        recallMixed = true;
        return this;
    }

    GivenPolicy recallSuspected() {
        recallSuspected = true;
        return this;
    }

    GivenPolicy courierWithoutIntercept(String code) {
        couriersWithoutIntercept.add(code);
        return this;
    }

    GivenPolicy interceptFee(String currency, long minor) {
        fee.put(currency, minor);
        return this;
    }

    GivenPolicy maxInterceptFee(String currency, long minor) {
        maxFee.put(currency, minor);
        return this;
    }

    GivenPolicy criticalExposure(String currency, long minor) {
        critical.put(currency, minor);
        return this;
    }

    GivenPolicy lockAnswerWithin(Duration time) {
        lockAnswerWithin = time;
        return this;
    }

    GivenPolicy pickupGrace(Duration time) {
        pickupGrace = time;
        return this;
    }

    /** As without the input warehouse-lock-results. */
    GivenPolicy withoutLockAnswers() {
        lockAnswers = false;
        return this;
    }

    /** As without the input intercept-results. */
    GivenPolicy withoutInterceptAnswers() {
        interceptAnswers = false;
        return this;
    }

    GivenPolicy shadow() {
        shadow = true;
        return this;
    }

    Policy build() {
        return new Policy(
                clockTolerance,
                Duration.ofDays(10),
                recallMixed,
                recallSuspected,
                couriersWithoutIntercept,
                fee,
                maxFee,
                critical,
                Duration.ofMinutes(15),
                lockAnswerWithin,
                pickupGrace,
                lockAnswers,
                interceptAnswers,
                shadow,
                Duration.ofDays(45),
                Duration.ofDays(180));
    }
}
