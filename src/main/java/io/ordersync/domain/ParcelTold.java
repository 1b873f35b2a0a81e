package io.ordersync.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was told of one parcel.
 *
 * @param made the highest version of its ShipmentCreated; null: only scans or a void are known
 * @param firstVersion the lowest version of its ShipmentCreated; 0 while none is known
 * @param firstMadeAt the earliest createdAt of any version; null while none is known
 * @param voided the highest version of a void; null: none
 * @param scans by time; the stage of every version of its ShipmentCreated counts as one. At most {@value #MAX_SCANS}: the
 *     first that says DELIVERED, and the latest others
 * @param lastStatus the fact that told the latest scan of a courier; null: none
 */
public record ParcelTold(
        @Nullable ShipmentCreated made,
        long firstVersion,
        @Nullable Instant firstMadeAt,
        @Nullable ShipmentVoided voided,
        List<Scan> scans,
        @Nullable ShipmentStatusChanged lastStatus) {

    static final int MAX_SCANS = 20;

    static final ParcelTold NOTHING = new ParcelTold(null, 0, null, null, List.of(), null);

    public ParcelTold {
        scans = List.copyOf(scans);
    }

    ParcelTold and(ShipmentCreated told) {
        return new ParcelTold(
                RefundTold.greater(made, told, ShipmentCreated.BY_STANDING),
                made == null ? told.version() : Math.min(firstVersion, told.version()),
                RefundTold.earlier(firstMadeAt, told.createdAt()),
                voided,
                scanned(told.stage(), told.createdAt()),
                lastStatus);
    }

    ParcelTold and(ShipmentVoided told) {
        return new ParcelTold(
                made,
                firstVersion,
                firstMadeAt,
                RefundTold.greater(voided, told, ShipmentVoided.BY_STANDING),
                scans,
                lastStatus);
    }

    ParcelTold and(ShipmentStatusChanged told) {
        return told.stage() == ParcelStage.UNKNOWN
                ? this
                : new ParcelTold(
                        made,
                        firstVersion,
                        firstMadeAt,
                        voided,
                        scanned(told.stage(), told.occurredAt()),
                        RefundTold.greater(lastStatus, told, ShipmentStatusChanged.BY_TIME));
    }

    private List<Scan> scanned(ParcelStage stage, Instant at) {
        Scan scan = new Scan(stage, at);
        if (stage == ParcelStage.UNKNOWN || scans.contains(scan)) {
            return scans;
        }
        NavigableSet<Scan> all = new TreeSet<>(Scan.BY_TIME);
        all.addAll(scans);
        all.add(scan);
        if (all.size() > MAX_SCANS) {
            // When the buyer first had it decides what he may keep.
            Optional<Scan> delivered = all.stream().filter(Parcel::isDelivery).findFirst();
            all.stream()
                    .filter(other -> delivered.isEmpty() || !other.equals(delivered.get()))
                    .findFirst()
                    .ifPresent(all::remove);
        }
        return new ArrayList<>(all);
    }

    /** What its highest version holds. */
    List<ShipmentCreated.Line> lines() {
        return made == null ? List.of() : made.lines();
    }

    /**
     * Is it void? Not any more once it was scanned on its way after that, or was packed anew after that with a higher
     * version.
     *
     * @param seen the scans that are looked at
     * @param asOf a void after that is not looked at; null: all are
     */
    boolean isVoid(List<Scan> seen, @Nullable Instant asOf) {
        return voided != null
                && (asOf == null || !voided.voidedAt().isAfter(asOf))
                && !hasLeft(seen, voided.voidedAt())
                && !(shipped().version() > voided.version()
                        && shipped().createdAt().isAfter(voided.voidedAt()));
    }

    /** Is it off the bench since {@code pulledAt}, by the same rule? */
    boolean isPulled(List<Scan> seen, Instant pulledAt) {
        return !hasLeft(seen, pulledAt)
                && !(shipped().version() > firstVersion && shipped().createdAt().isAfter(pulledAt));
    }

    private static boolean hasLeft(List<Scan> seen, Instant after) {
        return seen.stream().anyMatch(scan -> scan.isUnderWay() && scan.at().isAfter(after));
    }

    private ShipmentCreated shipped() {
        return Objects.requireNonNull(made);
    }
}
