package io.ordersync.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was sent for one order and stands, or was taken back: a choice once made stays, and nothing goes out twice. A command
 * of the shadow mode is among them: it was not sent, and what follows from it is not sent either.
 *
 * @param locks the latest LOCK of each refund in each warehouse
 * @param recalls by shipmentId: what was done about each parcel that is or was in excess
 * @param alerts those FIRING
 * @param skewed the refunds and parcels that were told with a time in the future
 */
public record Sent(
        SortedMap<LockKey, Lock> locks,
        SortedMap<String, Recall> recalls,
        SortedMap<AlertKey, Firing> alerts,
        SortedSet<String> skewed) {

    public static final Sent NOTHING = new Sent(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());

    public Sent {
        locks = Collections.unmodifiableSortedMap(locks);
        recalls = Collections.unmodifiableSortedMap(recalls);
        alerts = Collections.unmodifiableSortedMap(alerts);
        skewed = Collections.unmodifiableSortedSet(skewed);
    }

    /**
     * That a command was sent.
     *
     * @param at wall clock
     * @param answerBy wall clock, until when its answer is waited for; null: it is not
     * @param overdue did {@code answerBy} pass without an answer? Set by the deadline alone ({@link Deadlines})
     */
    public record Issue(Instant at, @Nullable Instant answerBy, boolean overdue) {

        Issue late() {
            return new Issue(at, answerBy, true);
        }
    }

    /**
     * A LOCK.
     *
     * @param first when the first LOCK of this refund in this warehouse was issued, and its generation
     * @param generation the refund's version when the latest was sent
     * @param released its RELEASE; null: it stands
     * @param shadow was it reckoned in shadow, and not sent?
     */
    public record Lock(
            First first,
            long generation,
            Issue issued,
            @Nullable Issue released,
            boolean shadow) {

        /** The LOCK that says whose cause a race is. */
        public record First(long generation, Instant issuedAt) {}

        Lock takenBack(Issue release) {
            return new Lock(first, generation, issued, release, shadow);
        }
    }

    /**
     * What was done about a parcel.
     *
     * @param foundAt wall clock, when it was found in excess; null: it is not
     * @param intercepts all, the first one first; of more than {@value #MAX_INTERCEPTS} the latest
     */
    public record Recall(
            @Nullable Instant foundAt, @Nullable Pull pull, List<Intercept> intercepts) {

        /** Each is sent for another reason; who has more of them changes tracking numbers for ever. */
        static final int MAX_INTERCEPTS = 20;

        static final Recall NONE = new Recall(null, null, List.of());

        public Recall {
            intercepts = List.copyOf(intercepts);
        }

        /** The latest; null: none was sent. */
        public @Nullable Intercept intercept() {
            return intercepts.isEmpty() ? null : intercepts.getLast();
        }

        /** Was the courier ever asked? What shadow withheld was not sent. */
        boolean wasIntercepted() {
            for (Intercept intercept : intercepts) {
                if (!intercept.shadow()) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * The latest PULL_PARCEL of a parcel.
     *
     * @param warehouseId who was told; null: every warehouse of the shop
     * @param units that are to be taken off, by line
     * @param graceOver did {@link Policy#pickupGrace()} pass since? Set by the deadline alone
     * @param released its RELEASE; null: it stands
     * @param shadow was it reckoned in shadow, and not sent?
     */
    public record Pull(
            int generation,
            String refundId,
            @Nullable String warehouseId,
            SortedMap<String, Long> units,
            Issue issued,
            boolean graceOver,
            @Nullable Issue released,
            boolean shadow) {

        Pull takenBack(Issue release) {
            return new Pull(generation, refundId, warehouseId, units, issued, graceOver, release, shadow);
        }
    }

    /**
     * An INTERCEPT of a parcel.
     *
     * @param units that were in excess, by line
     * @param cancelled its CANCEL; null: it stands
     * @param shadow was it reckoned in shadow, and not sent?
     */
    public record Intercept(
            int generation,
            List<String> refundIds,
            SortedMap<String, Long> units,
            String trackingNumber,
            String courier,
            Effect.Certainty certainty,
            Issue issued,
            @Nullable Issue cancelled,
            boolean shadow) {

        Intercept takenBack(Issue cancel) {
            return with(issued, cancel);
        }

        Intercept with(Issue asked, @Nullable Issue cancel) {
            return new Intercept(
                    generation, refundIds, units, trackingNumber, courier, certainty, asked, cancel, shadow);
        }
    }

    /**
     * An alert that is FIRING, as it was sent last.
     *
     * @param digest of all that it said: another one is sent anew
     * @param occurredAt business time
     * @param refundId the refund it is about; null: it is about a parcel
     * @param shipmentId the parcel it is about; null: it is about a refund
     */
    public record Firing(
            long digest,
            Alert.Severity severity,
            Alert.Action action,
            Instant occurredAt,
            @Nullable String refundId,
            @Nullable String shipmentId) {}

    /** Was nothing sent, or nothing that anybody need remember? */
    public boolean isNothing() {
        return locks.isEmpty() && recalls.isEmpty() && alerts.isEmpty() && skewed.isEmpty();
    }

    Recall recall(String shipmentId) {
        return recalls.getOrDefault(shipmentId, Recall.NONE);
    }

    /** The units of a parcel that stand recalled: they stay with it, whatever else is found. */
    Units unitsAskedBackOf(String shipmentId) {
        Recall recall = recall(shipmentId);
        Pull pull = recall.pull();
        Units units = pull != null && pull.released() == null ? Units.of(pull.units()) : new Units();
        Intercept intercept = recall.intercept();
        if (intercept != null && intercept.cancelled() == null) {
            // Both ask for the same parcel: of each line, the greater number.
            Units intercepted = Units.of(intercept.units());
            units = units.plus(intercepted.minus(units));
        }
        return units;
    }
}
