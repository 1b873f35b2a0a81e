package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one parcel: the telling that stands, and where it was seen last.
 *
 * @param made the highest version of its ShipmentCreated
 * @param stage of its latest scan that knew one; UNKNOWN: never seen
 * @param seenAt business time of that scan; null: never seen
 * @param deliveredAt business time of its first DELIVERED scan; null: none
 */
public record Parcel(
        ShipmentCreated made,
        ParcelStage stage,
        @Nullable Instant seenAt,
        @Nullable Instant deliveredAt) {

    /**
     * Which of two parcels is called back first, all else being equal: the less advanced, the later made, the one with
     * the greater id (CONTRACT.md, Which parcels).
     */
    static final Comparator<Parcel> LEAST_ADVANCED_FIRST = Comparator.<Parcel>comparingInt(
                    parcel -> advance(parcel.stage))
            .thenComparing(parcel -> parcel.made.createdAt(), Comparator.reverseOrder())
            .thenComparing(Parcel::id, Comparator.reverseOrder());

    static Parcel of(ShipmentCreated made) {
        return new Parcel(made, ParcelStage.UNKNOWN, null, null).scanned(made.stage(), made.createdAt());
    }

    /** This parcel, told once more: the higher version stands, and the stage of every version counts as a scan. */
    Parcel toldAgain(ShipmentCreated told) {
        ShipmentCreated stands = ShipmentCreated.BY_STANDING.compare(told, made) > 0 ? told : made;
        return new Parcel(stands, stage, seenAt, deliveredAt).scanned(told.stage(), told.createdAt());
    }

    private Parcel scanned(ParcelStage scan, Instant at) {
        if (scan == ParcelStage.UNKNOWN) {
            return this;
        }
        boolean delivered = scan == ParcelStage.DELIVERED && (deliveredAt == null || at.isBefore(deliveredAt));
        boolean later = seenAt == null || at.isAfter(seenAt) || (at.equals(seenAt) && scan.compareTo(stage) > 0);
        if (!delivered && !later) {
            return this;
        }
        return new Parcel(made, later ? scan : stage, later ? at : seenAt, delivered ? at : deliveredAt);
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
        return stage != ParcelStage.RETURNED && stage != ParcelStage.LOST;
    }

    boolean isComingBack() {
        return stage == ParcelStage.REFUSED || stage == ParcelStage.RETURNING;
    }

    /** Is it still with the warehouse, as far as is known? */
    boolean mayBeOnTheBench() {
        return stage == ParcelStage.LABEL_CREATED || stage == ParcelStage.UNKNOWN;
    }

    /** May it still be on its way to the buyer, as far as is known? */
    boolean isTravelling() {
        return switch (stage) {
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
        return deliveredAt != null && deliveredAt.isBefore(when);
    }

    /** When it was heard of last: at its latest scan, or when it was made, whichever is later. */
    Instant heardOfAt() {
        return seenAt == null || seenAt.isBefore(made.createdAt()) ? made.createdAt() : seenAt;
    }

    /** These units of it, with their skus; of a line that a later version no longer has, the line itself. */
    List<Effect.LineUnits> skuUnits(SortedMap<String, Long> units) {
        Map<String, String> skus = new HashMap<>();
        made.lines().forEach(line -> skus.putIfAbsent(line.lineId(), line.skuId()));
        return units.entrySet().stream()
                .map(line -> new Effect.LineUnits(
                        line.getKey(), skus.getOrDefault(line.getKey(), line.getKey()), line.getValue()))
                .toList();
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
