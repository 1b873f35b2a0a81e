package io.ordersync.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many units of each order line have shipped although they were refunded, found the slow way: every unit that was
 * ordered, shipped or refunded is a thing of its own, and all sets of ordered units that may be the shipped ones are gone
 * through. It shares no rule with what it checks, not even which of two tellings stands.
 *
 * <p>Where the contract leaves open who takes a unit first: bound refunded units before all others; refunds by
 * approvedAt, then by the smallest refundId; of one refund goods that are gone before goods the buyer keeps. Where it
 * leaves open which unit is taken: of parcels LOST, RETURNED, REFUSED or RETURNING before all others, then of the one
 * with the earliest createdAt, then with the smallest shipmentId.
 *
 * <p>Where it admits two readings: a unit of a reshipment is none of those ordered, so it never leaves O; no unit is
 * taken twice; a parcel without lines has no unit to take; goods the buyer keeps are units that count as shipped, in a
 * parcel once scanned as DELIVERED, whatever was scanned after it; refunds are cut to O after units were taken.
 */
final class ExcessOracle {
    private static final Set<ParcelStage> AT_AN_END = Set.of(ParcelStage.RETURNED, ParcelStage.LOST);
    private static final Set<ParcelStage> GONE_OR_COMING_BACK =
            Set.of(ParcelStage.LOST, ParcelStage.RETURNED, ParcelStage.REFUSED, ParcelStage.RETURNING);
    private static final Set<RefundApproved.Kind> GOODS_MUST_NOT_ARRIVE = Set.of(
            RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT, RefundApproved.Kind.REFUND_ONLY, RefundApproved.Kind.UNKNOWN);
    private static final Set<ShipmentCreated.Purpose> OF_THE_ORDER =
            Set.of(ShipmentCreated.Purpose.ORIGINAL, ShipmentCreated.Purpose.UNKNOWN);
    private static final Set<RefundApproved.Cause> GOODS_ARE_GONE = Set.of(
            RefundApproved.Cause.INTERCEPT_SUCCEEDED,
            RefundApproved.Cause.DELIVERY_REFUSED,
            RefundApproved.Cause.PARCEL_LOST);
    private static final int MOST_ORDERED_UNITS = 20;

    private final List<RefundApproved> refunds;
    private final List<Box> boxes;

    private ExcessOracle(Collection<? extends Fact> facts) {
        Map<String, RefundApproved> standing = new TreeMap<>();
        Map<String, Box> parcels = new TreeMap<>();
        for (Fact fact : facts) {
            switch (fact) {
                case RefundApproved told -> standing.merge(told.refundId(), told, ExcessOracle::theOneThatStands);
                case ShipmentCreated told ->
                    parcels.computeIfAbsent(told.shipmentId(), shipmentId -> new Box(told))
                            .hear(told);
                default -> throw new IllegalArgumentException("counts refunds and parcels only: " + fact);
            }
        }
        refunds = standing.values().stream()
                .sorted(Comparator.comparing(RefundApproved::approvedAt).thenComparing(RefundApproved::refundId))
                .toList();
        boxes = parcels.values().stream()
                .sorted(Comparator.comparing((Box box) -> !GONE_OR_COMING_BACK.contains(box.stage))
                        .thenComparing(box -> box.told.createdAt())
                        .thenComparing(box -> box.told.shipmentId()))
                .toList();
    }

    /** Units in excess by line, for every line that a refund or parcel that stands names; 0: none. */
    static Map<String, Integer> excess(Collection<? extends Fact> facts) {
        var oracle = new ExcessOracle(facts);
        Map<String, Integer> excess = new TreeMap<>();
        oracle.lineIds().forEach(lineId -> excess.put(lineId, oracle.excessOf(lineId)));
        return excess;
    }

    private Set<String> lineIds() {
        Set<String> ids = new TreeSet<>();
        refunds.forEach(refund -> refund.lines().forEach(line -> ids.add(line.lineId())));
        boxes.forEach(box -> box.told.lines().forEach(line -> ids.add(line.lineId())));
        return ids;
    }

    private int excessOf(String lineId) {
        var line = new OrderLine(lineId);
        List<RefundApproved> counting = refunds.stream()
                .filter(refund -> GOODS_MUST_NOT_ARRIVE.contains(refund.kind()))
                .toList();
        // All bound units find their parcels before any other unit takes one.
        Map<String, Integer> notBound = new HashMap<>();
        counting.forEach(refund -> notBound.put(refund.refundId(), line.bind(refund)));
        counting.forEach(refund -> line.refund(refund, notBound.getOrDefault(refund.refundId(), 0)));
        return line.boundUnitsInLiveParcels() + line.otherUnitsInExcess();
    }

    /** All the units of one order line. */
    private final class OrderLine {
        private final String lineId;
        private final List<Unit> shipped = new ArrayList<>();

        /** The units ordered that no bound unit and no unit gone or kept was found to be; null: nobody told. */
        private @Nullable NavigableSet<Integer> ordered;

        private int refunded;
        private boolean everythingIsRefunded;

        OrderLine(String lineId) {
            this.lineId = lineId;
            for (Box box : boxes) {
                for (var line : box.told.lines()) {
                    for (int i = 0; i < line.quantity() && line.lineId().equals(lineId); i++) {
                        shipped.add(new Unit(box));
                    }
                }
            }
            List<Integer> told = new ArrayList<>();
            refunds.forEach(refund -> refund.lines().stream()
                    .filter(line -> line.lineId().equals(lineId))
                    .forEach(line -> Optional.ofNullable(line.orderedQuantity()).ifPresent(told::add)));
            boxes.forEach(box -> box.told.lines().stream()
                    .filter(line -> line.lineId().equals(lineId))
                    .forEach(line -> Optional.ofNullable(line.orderedQuantity()).ifPresent(told::add)));
            if (!told.isEmpty()) {
                ordered = new TreeSet<>();
                for (int number : told) {
                    for (int unit = 1; unit <= number; unit++) {
                        ordered.add(unit);
                    }
                }
            }
        }

        /** Binds what is bound to a parcel; the number of units that are reckoned as not bound. */
        int bind(RefundApproved refund) {
            int notBound = 0;
            for (var line : refund.lines()) {
                for (int i = 0; i < line.quantity() && line.lineId().equals(lineId); i++) {
                    if (line.shipmentId() == null || !isForAUnitOf(line.shipmentId(), refund)) {
                        notBound++;
                    }
                }
            }
            return notBound;
        }

        /** Is it? Not if the parcel is known and has no unit left. Of a parcel not yet seen it is for a unit not yet seen. */
        private boolean isForAUnitOf(String shipmentId, RefundApproved refund) {
            Optional<Box> named = boxes.stream()
                    .filter(box -> box.told.shipmentId().equals(shipmentId))
                    .findFirst();
            if (named.isEmpty()) {
                return true;
            }
            // Nobody told what is in a parcel without lines: what is bound to it is in it.
            if (named.get().told.lines().isEmpty()) {
                shipped.add(new Unit(named.get()));
            }
            for (Unit unit : shipped) {
                if (unit.box.told.shipmentId().equals(shipmentId) && unit.fate == Fate.FREE) {
                    boolean settled = !unit.box.isLive() || isGone(unit.box, refund) || isKept(unit.box, refund);
                    take(unit, settled ? Fate.LEFT : Fate.BOUND);
                    return true;
                }
            }
            return false;
        }

        /** A refund's units that are bound to no parcel; of a whole order as many as are ordered and not accounted for. */
        void refund(RefundApproved refund, int notBound) {
            boolean whole = refund.wholeOrder()
                    || (refund.lines().isEmpty() && refund.kind() == RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT);
            everythingIsRefunded |= whole;
            // Of a whole order of unknown size there is a refunded unit for whatever has shipped.
            int units = !whole ? notBound : ordered == null ? shipped.size() : ordered.size();
            for (int i = 0; i < units; i++) {
                Optional<Unit> goneOrKept = shipped.stream()
                        .filter(unit -> unit.fate == Fate.FREE && isGone(unit.box, refund))
                        .findFirst()
                        .or(() -> shipped.stream()
                                .filter(unit -> unit.fate == Fate.FREE && unit.isOut() && isKept(unit.box, refund))
                                .findFirst());
                goneOrKept.ifPresentOrElse(unit -> take(unit, Fate.LEFT), () -> refunded++);
            }
        }

        /** The unit is one of those ordered, if its parcel carries such: that one is no other's any more. */
        private void take(Unit unit, Fate fate) {
            unit.fate = fate;
            if (ordered != null && OF_THE_ORDER.contains(unit.box.told.purpose())) {
                ordered.pollLast();
            }
        }

        int boundUnitsInLiveParcels() {
            return (int)
                    shipped.stream().filter(unit -> unit.fate == Fate.BOUND).count();
        }

        int otherUnitsInExcess() {
            int out = (int) shipped.stream()
                    .filter(unit -> unit.fate == Fate.FREE && unit.isOut())
                    .count();
            if (ordered == null) {
                return everythingIsRefunded ? out : excessOfUnknownOrder(out);
            }
            int refundedOfOrdered = Math.min(refunded, ordered.size());
            if (refundedOfOrdered == 0) {
                return 0;
            }
            return refundedOfOrdered == ordered.size()
                    ? out
                    : leastRefundedAmongShipped(ordered.size(), refundedOfOrdered, out);
        }

        /** Each refunded unit is one of those that came back or are gone, as long as there are any, else one that is out. */
        private int excessOfUnknownOrder(int out) {
            long back = shipped.stream()
                    .filter(unit -> unit.fate == Fate.FREE && !unit.box.isLive())
                    .count();
            int found = 0;
            for (int i = 0; i < refunded; i++) {
                if (back > 0) {
                    back--;
                } else if (found < out) {
                    found++;
                }
            }
            return found;
        }
    }

    /**
     * The first {@code refunded} of the ordered units are the refunded ones. Which of them shipped is not known: the
     * least number of refunded ones over all sets of ordered units that may be the shipped ones. Of more shipped than
     * ordered all ordered units shipped; the surplus is nobody's.
     */
    private static int leastRefundedAmongShipped(int ordered, int refunded, int shipped) {
        if (ordered > MOST_ORDERED_UNITS) {
            throw new IllegalArgumentException("too many ordered units to go through all sets of them: " + ordered);
        }
        int refundedOnes = (1 << refunded) - 1;
        int least = refunded;
        for (int shippedOnes = 0; shippedOnes < 1 << ordered; shippedOnes++) {
            if (Integer.bitCount(shippedOnes) == Math.min(shipped, ordered)) {
                least = Math.min(least, Integer.bitCount(shippedOnes & refundedOnes));
            }
        }
        return least;
    }

    /** Is it for units of that parcel because they come back or are gone? */
    private static boolean isGone(Box box, RefundApproved refund) {
        return GOODS_ARE_GONE.contains(refund.cause()) && !box.told.createdAt().isAfter(refund.approvedAt());
    }

    /** Is it for units of that parcel because the buyer has them, and keeps them? */
    private static boolean isKept(Box box, RefundApproved refund) {
        return refund.kind() == RefundApproved.Kind.REFUND_ONLY
                && box.firstDelivered != null
                && box.firstDelivered.isBefore(refund.approvedAt());
    }

    private static RefundApproved theOneThatStands(RefundApproved one, RefundApproved other) {
        int order = Long.compare(one.version(), other.version());
        order = order != 0 ? order : one.approvedAt().compareTo(other.approvedAt());
        order = order != 0 ? order : one.eventId().compareTo(other.eventId());
        return order >= 0 ? one : other;
    }

    private static ShipmentCreated theOneThatStands(ShipmentCreated one, ShipmentCreated other) {
        int order = Long.compare(one.version(), other.version());
        order = order != 0 ? order : one.createdAt().compareTo(other.createdAt());
        order = order != 0 ? order : one.eventId().compareTo(other.eventId());
        return order >= 0 ? one : other;
    }

    /** What became of a unit in a parcel. */
    private enum Fate {
        /** No refund was found to be for it in particular. */
        FREE,
        /** A refund names its parcel. */
        BOUND,
        /** It is gone, comes back, or is the buyer's: out of the reckoning. */
        LEFT
    }

    /** One unit in a parcel. */
    private static final class Unit {
        private final Box box;
        private Fate fate = Fate.FREE;

        Unit(Box box) {
            this.box = box;
        }

        boolean isOut() {
            return box.isLive() && OF_THE_ORDER.contains(box.told.purpose());
        }
    }

    /** A parcel: the telling that stands, and what all its tellings say of where it was. */
    private static final class Box {
        private ShipmentCreated told;
        private ParcelStage stage = ParcelStage.UNKNOWN;
        private Instant seenAt = Instant.MIN;
        private @Nullable Instant firstDelivered;

        Box(ShipmentCreated told) {
            this.told = told;
        }

        void hear(ShipmentCreated telling) {
            told = theOneThatStands(told, telling);
            Instant at = telling.createdAt();
            boolean later =
                    at.isAfter(seenAt) || (at.equals(seenAt) && telling.stage().compareTo(stage) > 0);
            if (telling.stage() != ParcelStage.UNKNOWN && later) {
                stage = telling.stage();
                seenAt = at;
            }
            if (telling.stage() == ParcelStage.DELIVERED && (firstDelivered == null || at.isBefore(firstDelivered))) {
                firstDelivered = at;
            }
        }

        boolean isLive() {
            return !AT_AN_END.contains(stage);
        }
    }
}
