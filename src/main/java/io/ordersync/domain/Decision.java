package io.ordersync.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a fact: what is known and sent from now on, and what to send for it, in this order.
 *
 * @param next null: the order is forgotten
 */
public record Decision(@Nullable OrderRecord next, List<Effect> effects, Outcome outcome) {

    /** What the fact was to the order. */
    public enum Outcome {
        /** It stands. */
        NEWS,
        /** It says what was said before. */
        REPEATED,
        /** Something newer stands. Of a parcel, its stage is a scan all the same. */
        STALE
    }

    /**
     * Merges the fact, reckons what should be in force, and gives the difference to what was sent.
     *
     * @param before {@link OrderRecord#NEW} for an order not heard of
     * @param now wall clock
     * @throws Rejection when the order has no room for the fact
     */
    public static Decision on(Arrival arrival, OrderRecord before, Policy policy, Instant now) {
        Fact fact = arrival.fact();
        OrderFacts facts = before.facts().with(fact);
        Difference difference = new Difference(arrival.order(), facts, before.sent(), policy, now);
        difference.tellClockSkew(fact);
        if (!facts.equals(before.facts())) {
            difference.reckon();
        }
        OrderRecord next = new OrderRecord(facts, difference.sent(), hour(now));
        Outcome outcome = before.facts().isStale(fact)
                ? Outcome.STALE
                : facts.equals(before.facts()) ? Outcome.REPEATED : Outcome.NEWS;
        return new Decision(next, difference.effects(), outcome);
    }

    /**
     * Is it time to forget the order? With nothing open after {@link Policy#retention()}, with refunded units that may
     * still ship or a parcel in excess after {@link Policy#lockRetention()}: its alerts are resolved then.
     *
     * @param now wall clock
     * @return a decision that forgets it, or null while it is kept
     */
    public static @Nullable Decision expiry(OrderKey order, OrderRecord record, Policy policy, Instant now) {
        if (!isOlderThan(policy.retention(), record.lastArrivalHour(), now)) {
            return null;
        }
        if (Desired.of(record.facts(), record.sent(), now).isOpen(record.facts())
                && !isOlderThan(policy.lockRetention(), record.lastArrivalHour(), now)) {
            return null;
        }
        Difference difference = new Difference(order, record.facts(), record.sent(), policy, now);
        difference.resolveAll();
        return new Decision(null, difference.effects(), Outcome.NEWS);
    }

    /** Did the last arrival happen longer ago than {@code age}? Cheap enough to ask of every order. */
    public static boolean isOlderThan(Duration age, long lastArrivalHour, Instant now) {
        return Instant.ofEpochSecond(Math.multiplyExact(lastArrivalHour, 3600L))
                .plus(age)
                .isBefore(now);
    }

    private static long hour(Instant now) {
        return Math.ceilDiv(now.getEpochSecond(), 3600L);
    }
}
