package io.ordersync.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A parcel as it is by all that is known, now or at an earlier moment ({@link Picture}).
 *
 * @param made the highest version of its ShipmentCreated
 * @param scans by time
 * @param absence is it not there at all?
 * @param recall what its courier said to being asked for it
 */
public record Parcel(ShipmentCreated made, List<Scan> scans, Absence absence, RecallAnswer recall) {

    /** Why a parcel is none that could reach a buyer. */
    public enum Absence {
        /** It is there. */
        NONE,
        /** Its label was cancelled. */
        VOIDED,
        /** The warehouse took it off the bench for a PULL_PARCEL. */
        PULLED
    }

    /** What a courier said to an INTERCEPT, as far as it decides what the parcel is. */
    public enum RecallAnswer {
        /** Nothing, or nothing of the following. */
        NONE,
        /** It comes back. */
        COMES_BACK,
        /** The buyer has it. */
        DELIVERED,
        /** This courier does no such thing. */
        UNSUPPORTED
    }

    /**
     * Which of two parcels is called back first, all else being equal: the less advanced, the later made, the one with
     * the greater id (CONTRACT.md, Which parcels).
     */
    static final Comparator<Parcel> LEAST_ADVANCED_FIRST = Comparator.<Parcel>comparingInt(
                    parcel -> advance(parcel.stage()))
            .thenComparing(parcel -> parcel.made.createdAt(), Comparator.reverseOrder())
            .thenComparing(Parcel::id, Comparator.reverseOrder());

    /** Where it was seen last; UNKNOWN: never seen. */
    public ParcelStage stage() {
        return scans.isEmpty() ? ParcelStage.UNKNOWN : scans.getLast().stage();
    }

    /** Business time of its latest scan; null: never seen. */
    @Nullable
    Instant seenAt() {
        return scans.isEmpty() ? null : scans.getLast().at();
    }

    static boolean isDelivery(Scan scan) {
        return scan.stage() == ParcelStage.DELIVERED;
    }

    boolean wasEver(ParcelStage stage) {
        return scans.stream().anyMatch(scan -> scan.stage() == stage);
    }

    /** Did the courier have it at some time after that? */
    boolean isUnderWaySince(Instant after) {
        return scans.stream().anyMatch(scan -> scan.isUnderWay() && scan.at().isAfter(after));
    }

    String id() {
        return made.shipmentId();
    }

    /** Are its goods among those that were ordered? Then what it holds is shipped, while it is out. */
    boolean carriesOrdered() {
        return made.purpose().counts();
    }

    /** Are its goods on their way to the buyer, or there? */
    boolean isOut() {
        return absence == Absence.NONE && !isBackOrGone();
    }

    boolean isBackOrGone() {
        return stage() == ParcelStage.RETURNED || stage() == ParcelStage.LOST;
    }

    boolean isVoid() {
        return absence == Absence.VOIDED;
    }

    boolean isPulled() {
        return absence == Absence.PULLED;
    }

    boolean isComingBack() {
        return stage() == ParcelStage.REFUSED || stage() == ParcelStage.RETURNING;
    }

    /** Does it come back without anything more being done about it? */
    boolean comesBackAnyway() {
        return isComingBack() || recall == RecallAnswer.COMES_BACK;
    }

    /** Is it still with the warehouse, as far as is known? */
    boolean mayBeOnTheBench() {
        return stage() == ParcelStage.LABEL_CREATED || stage() == ParcelStage.UNKNOWN;
    }

    /** May it still be on its way to the buyer, as far as is known? */
    boolean isTravelling() {
        return switch (stage()) {
            case UNKNOWN, LABEL_CREATED, PICKED_UP, IN_TRANSIT, OUT_FOR_DELIVERY -> true;
            case DELIVERED, REFUSED, RETURNING, RETURNED, LOST, DAMAGED -> false;
        };
    }

    /** Did nobody tell what is in it? */
    boolean isWithoutLines() {
        return made.lines().isEmpty();
    }

    /** Does it hold goods of other orders too? */
    boolean isMerged() {
        return !made.mergedOrderIds().isEmpty();
    }

    boolean wasDeliveredBefore(Instant when) {
        for (Scan scan : scans) {
            if (isDelivery(scan) && scan.at().isBefore(when)) {
                return true;
            }
        }
        return false;
    }

    /** When it was heard of last: at its latest scan, or when it was made, whichever is later. */
    Instant heardOfAt() {
        Instant seenAt = seenAt();
        return seenAt == null || seenAt.isBefore(made.createdAt()) ? made.createdAt() : seenAt;
    }

    /** These units of it, with their skus; of a line that a later version no longer has, the line itself. */
    List<Effect.LineUnits> skuUnits(SortedMap<String, Long> units) {
        Map<String, String> skus = new HashMap<>();
        for (ShipmentCreated.Line line : made.lines()) {
            skus.putIfAbsent(line.lineId(), line.skuId());
        }
        List<Effect.LineUnits> lines = new ArrayList<>();
        units.forEach((line, count) -> lines.add(new Effect.LineUnits(line, skus.getOrDefault(line, line), count)));
        return Collections.unmodifiableList(lines);
    }

    private static int advance(ParcelStage stage) {
        return switch (stage) {
            case LABEL_CREATED -> 0;
            case UNKNOWN -> 1;
            case PICKED_UP -> 2;
            case IN_TRANSIT -> 3;
            case OUT_FOR_DELIVERY -> 4;
            case DAMAGED -> 5;
            case LOST -> 6;
            case DELIVERED -> 7;
            // They come back anyway, and are asked for before all others.
            case REFUSED, RETURNING, RETURNED -> 8;
        };
    }
}
