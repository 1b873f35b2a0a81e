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
 * What was sent for one order and stands, or was taken back: a choice once made stays, and nothing goes out twice.
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
     * A LOCK.
     *
     * @param generation the refund's version when it was sent
     * @param firstIssuedAt wall clock, of the first LOCK of this refund in this warehouse
     * @param released was it taken back?
     */
    public record Lock(long generation, Instant firstIssuedAt, boolean released) {}

    /**
     * What was done about a parcel.
     *
     * @param foundAt wall clock, when it was found in excess; null: it is not
     */
    public record Recall(
            @Nullable Instant foundAt,
            @Nullable Pull pull,
            @Nullable Intercept intercept) {

        static final Recall NONE = new Recall(null, null, null);
    }

    /**
     * The latest PULL_PARCEL of a parcel.
     *
     * @param warehouseId who was told; null: every warehouse of the shop
     * @param units that are to be taken off, by line
     * @param issuedAt wall clock
     */
    public record Pull(
            int generation,
            String refundId,
            @Nullable String warehouseId,
            SortedMap<String, Long> units,
            Instant issuedAt,
            boolean released) {

        Pull takenBack() {
            return new Pull(generation, refundId, warehouseId, units, issuedAt, true);
        }
    }

    /**
     * The latest INTERCEPT of a parcel.
     *
     * @param units that were in excess, by line
     * @param issuedAt wall clock
     */
    public record Intercept(
            int generation,
            List<String> refundIds,
            SortedMap<String, Long> units,
            String trackingNumber,
            String courier,
            Effect.Certainty certainty,
            Instant issuedAt,
            boolean cancelled) {

        Intercept takenBack() {
            return new Intercept(generation, refundIds, units, trackingNumber, courier, certainty, issuedAt, true);
        }
    }

    /**
     * An alert that is FIRING, as it was sent last.
     *
     * @param digest of all that it said: another one is sent anew
     * @param occurredAt business time
     */
    public record Firing(long digest, Alert.Severity severity, Alert.Action action, Instant occurredAt) {}

    Recall recall(String shipmentId) {
        return recalls.getOrDefault(shipmentId, Recall.NONE);
    }

    /** The units of a parcel that stand recalled: they stay with it, whatever else is found. */
    Units unitsAskedBackOf(String shipmentId) {
        Recall recall = recall(shipmentId);
        Units units = new Units();
        Pull pull = recall.pull();
        if (pull != null && !pull.released()) {
            units = Units.of(pull.units());
        }
        Intercept intercept = recall.intercept();
        if (intercept != null && !intercept.cancelled()) {
            // Both ask for the same parcel: of each line, the greater number.
            Units intercepted = Units.of(intercept.units());
            units = units.plus(intercepted.minus(units));
        }
        return units;
    }
}
