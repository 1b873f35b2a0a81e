package io.ordersync.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a fact, or from time: what is known and sent from now on, and what to send, in this order.
 *
 * @param next null: the order is forgotten, and with it its case: a tombstone is to be sent
 * @param withheld the commands that would be sent if the shadow mode did not keep them back
 * @param dropped how many answers that waited for their command gave way to later ones
 */
public record Decision(
        @Nullable OrderRecord next, List<Effect> effects, List<Effect> withheld, Outcome outcome, int dropped) {

    /** What the fact was to the order. */
    public enum Outcome {
        /** It stands. */
        NEWS,
        /** It says what was said before. */
        REPEATED,
        /** Something newer stands. Of a parcel, its stage is a scan all the same. */
        STALE,
        /** An answer that contradicts an earlier final one. */
        CONTRADICTED
    }

    /**
     * Merges the fact, reckons what should be in force, and gives the difference to what was sent.
     *
     * @param before {@link OrderRecord#NEW} for an order not heard of
     * @param now wall clock
     * @throws Rejection when the order has no room for the fact
     */
    @SuppressWarnings(
            "ReferenceEquality") // a merge gives back the very facts that it was given when nothing new was said
    public static Decision on(Arrival arrival, OrderRecord before, Policy policy, Instant now) {
        Fact fact = arrival.fact();
        OrderFacts merged = before.facts().with(fact);
        OrderFacts facts = merged.answers() <= OrderFacts.MAX_WAITING
                ? merged
                : merged.withoutOldestWaiting(
                        new Answers(merged, new Ids(arrival.order()), null).commandIds(before.sent()));
        boolean isNews = merged == facts ? facts != before.facts() : !facts.equals(before.facts());
        Outcome outcome = before.facts().standingOf(fact, isNews);
        int dropped = merged.answers() - facts.answers();
        if (isAllToBeKept(facts, before) && !Alerts.isInTheFuture(fact, policy, now)) {
            OrderRecord next =
                    new OrderRecord(facts, before.sent(), before.orderCase(), before.due(), false, hour(now));
            return new Decision(next, List.of(), List.of(), outcome, dropped);
        }
        Difference difference = new Difference(arrival.order(), facts, before, policy, now);
        difference.tellClockSkew(fact);
        if (isNews) {
            difference.reckon(fact, outcome == Outcome.STALE);
        }
        return done(arrival.order(), difference, hour(now), outcome, dropped, now);
    }

    /** Most orders: nothing is refunded and nothing was sent, so there is nothing to reckon. */
    private static boolean isAllToBeKept(OrderFacts facts, OrderRecord before) {
        return facts.refunds().isEmpty() && before.sent().isNothing() && !before.erasing();
    }

    /**
     * Marks what was not answered in time, and reckons anew. Only to be called when all that arrived by {@code asOf} was
     * taken in: an answer may be among it.
     *
     * @param asOf what was to be answered by then is late; up to {@code now}
     * @param now wall clock, of what is sent
     */
    public static Decision due(OrderKey order, OrderRecord before, Policy policy, Instant asOf, Instant now) {
        Answers answers = new Answers(before.facts(), new Ids(order), null);
        Sent late = new Deadlines(answers, policy).passed(before.sent(), asOf);
        Difference difference = new Difference(order, before.facts(), before.with(late), policy, now);
        difference.reckon(null, false);
        return done(order, difference, before.lastArrivalHour(), Outcome.NEWS, 0, now);
    }

    /**
     * Forgets the order, or as soon as nothing of it is open.
     *
     * @param before {@link OrderRecord#NEW} for an order not heard of: its case is forgotten all the same
     * @param now wall clock
     */
    public static Decision erase(OrderKey order, OrderRecord before, Policy policy, Instant now) {
        Difference difference = new Difference(order, before.facts(), before.toBeErased(), policy, now);
        return done(order, difference, hour(now), Outcome.NEWS, 0, now);
    }

    private static Decision done(
            OrderKey order, Difference difference, long lastArrivalHour, Outcome outcome, int dropped, Instant now) {
        OrderRecord next = difference.next(lastArrivalHour);
        if (next.erasing() && !isOpen(order, next, now)) {
            difference.close();
            next = null;
        }
        return new Decision(next, difference.effects(), difference.withheld(), outcome, dropped);
    }

    /**
     * Is it time to forget the order? With nothing open after {@link Policy#retention()}, with a case or with refunded units
     * that may still ship after {@link Policy#lockRetention()}: its alerts are resolved then, and its case is closed.
     *
     * @param now wall clock
     * @return a decision that forgets it, or null while it is kept
     */
    public static @Nullable Decision expiry(OrderKey order, OrderRecord record, Policy policy, Instant now) {
        boolean isOld = isOlderThan(policy.retention(), record.lastArrivalHour(), now)
                && (isOlderThan(policy.lockRetention(), record.lastArrivalHour(), now) || !isOpen(order, record, now));
        if (!isOld) {
            return null;
        }
        Difference difference = new Difference(order, record.facts(), record, policy, now);
        difference.close();
        return new Decision(null, difference.effects(), difference.withheld(), Outcome.NEWS, 0);
    }

    /** Is there a case, may a refunded unit still leave, or is an answer waited for? */
    private static boolean isOpen(OrderKey order, OrderRecord record, Instant now) {
        OrderCase orderCase = record.orderCase();
        if (record.due() != null || (orderCase != null && orderCase.isOpen())) {
            return true;
        }
        Picture picture = Picture.of(record.facts(), record.sent(), new Ids(order));
        return picture.isAnyParcelAwaited() || Desired.of(picture, now).locks().isAnyStillWanted();
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
