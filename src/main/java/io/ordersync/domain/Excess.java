package io.ordersync.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which parcels hold the units in excess (CONTRACT.md, Which parcels). A choice once made stays: units stay with a parcel
 * for which a command stands.
 */
final class Excess {

    /**
     * A parcel in excess.
     *
     * @param units in excess, by line; empty when nobody told what is in the parcel
     * @param mixed does it hold paid goods too?
     * @param paid units that are not in excess, by line
     * @param refunds all that have a part in it, the earliest approved first
     */
    record Holding(
            Parcel parcel,
            SortedMap<String, Long> units,
            SortedMap<String, Long> paid,
            boolean mixed,
            List<RefundApproved> refunds) {

        private boolean isOfWholeOrder() {
            return Reckoning.isAnyOfWholeOrder(refunds);
        }
    }

    private final Picture picture;
    private final Predicate<Parcel> isOut;
    private final boolean knownOnly;
    private final Reckoning reckoning;
    /** What each parcel holds of the units in excess that are not bound to it. */
    private final Map<String, Units> covered = new HashMap<>();

    private final Map<String, Holding> holdings = new LinkedHashMap<>();
    private @Nullable Excess known;

    private Excess(Picture picture, Predicate<Parcel> isOut, boolean knownOnly) {
        this.picture = picture;
        this.isOut = isOut;
        this.knownOnly = knownOnly;
        this.reckoning = new Reckoning(picture, isOut, knownOnly);
        cover();
        for (Parcel parcel : reckoning.parcelsOut()) {
            Holding holding = parcel.isWithoutLines()
                    ? unknownPart(parcel, reckoning)
                    : knownPart(parcel, inExcess(parcel), reckoning);
            if (holding != null) {
                holdings.put(parcel.id(), holding);
            }
        }
    }

    /** As things are. */
    static Excess of(Picture picture) {
        return new Excess(picture, Parcel::isOut, false);
    }

    /** As if a parcel that came back or is gone were still out: a recall that ended well is no reason to take it back. */
    Excess asIfOut(Parcel back) {
        return new Excess(picture, isOutOr(back), knownOnly);
    }

    /** As if all that came back, is gone or was pulled were still out. */
    Excess asIfAllOut() {
        return new Excess(picture, parcel -> !parcel.isVoid(), knownOnly);
    }

    /**
     * What a LOST parcel would hold in excess if it alone were out: by as much as it raises the excess. That depends on no
     * choice among parcels, and so not on which was told first.
     */
    @Nullable
    Holding ifOut(Parcel lost) {
        Reckoning with = new Reckoning(picture, isOutOr(lost), knownOnly);
        if (!with.reckons(lost)) {
            return null;
        }
        if (lost.isWithoutLines()) {
            return unknownPart(lost, with);
        }
        Units raised = new Units();
        lost.made().lines().stream()
                .map(ShipmentCreated.Line::lineId)
                .distinct()
                .forEach(line -> raised.add(line, with.loose(line) - reckoning.loose(line)));
        return knownPart(lost, with.bound(lost).plus(with.free(lost).common(raised)), with);
    }

    /** The LOST parcels that would be in excess, each if it alone were out: someone owes for them. By shipmentId. */
    Map<String, Holding> lost() {
        Map<String, Holding> lost = new LinkedHashMap<>();
        for (Parcel parcel : picture.parcels().values()) {
            if (parcel.stage() == ParcelStage.LOST && parcel.absence() == Parcel.Absence.NONE) {
                Holding holding = ifOut(parcel);
                if (holding != null) {
                    lost.put(parcel.id(), holding);
                }
            }
        }
        return lost;
    }

    private Predicate<Parcel> isOutOr(Parcel back) {
        return parcel -> parcel.id().equals(back.id()) || isOut.test(parcel);
    }

    Reckoning reckoning() {
        return reckoning;
    }

    private void cover() {
        Units open = reckoning.loose();
        if (open.isEmpty()) {
            return;
        }
        List<Parcel> counted = reckoning.counted();
        hold(open, those(counted, picture::isNamed), this::uncovered);
        hold(open, those(counted, Parcel::comesBackAnyway), this::uncovered);
        hold(open, counted, parcel -> uncovered(parcel).common(picture.askedBackOf(parcel)));
        hold(open, counted, this::uncovered);
    }

    private static List<Parcel> those(List<Parcel> parcels, Predicate<Parcel> which) {
        List<Parcel> those = new ArrayList<>();
        for (Parcel parcel : parcels) {
            if (which.test(parcel)) {
                those.add(parcel);
            }
        }
        return those;
    }

    /**
     * What a parcel can take of the units that are open.
     *
     * @param holds all that it holds and no one has accounted for
     * @param wholly how many units in excess it would hold with all of them
     */
    private record Offer(Parcel parcel, Units units, Units holds, long wholly) {}

    /**
     * First the parcels that hold nothing but open units, the fullest first; then, one by one, the one that offers most of
     * what is still open.
     */
    private void hold(Units open, Collection<Parcel> pool, Function<Parcel, Units> offered) {
        if (open.isEmpty()) {
            return;
        }
        List<Offer> offers = new ArrayList<>();
        for (Parcel parcel : pool) {
            Units units = offered.apply(parcel);
            if (!units.isEmpty()) {
                Units holds = uncovered(parcel);
                offers.add(new Offer(
                        parcel, units, holds, inExcess(parcel).plus(holds).total()));
            }
        }
        offers.sort(Comparator.comparingLong(Offer::wholly)
                .reversed()
                .thenComparing(Offer::parcel, Parcel.LEAST_ADVANCED_FIRST));
        for (Offer offer : List.copyOf(offers)) {
            if (!offer.parcel().isMerged() && offer.holds().fitsIn(open)) {
                take(open, offer);
                offers.remove(offer);
            }
        }
        while (!open.isEmpty() && !offers.isEmpty()) {
            Offer most = Collections.min(
                    offers,
                    Comparator.<Offer>comparingLong(
                                    offer -> -offer.units().common(open).total())
                            .thenComparing(Offer::parcel, Parcel.LEAST_ADVANCED_FIRST));
            take(open, most);
            offers.remove(most);
        }
    }

    private void take(Units open, Offer offer) {
        offer.units().common(open).asMap().forEach((line, units) -> {
            open.take(line, units);
            covered(offer.parcel()).add(line, units);
        });
    }

    private Units covered(Parcel parcel) {
        return covered.computeIfAbsent(parcel.id(), none -> new Units());
    }

    private Units uncovered(Parcel parcel) {
        return reckoning.free(parcel).minus(covered(parcel));
    }

    private Units inExcess(Parcel parcel) {
        return reckoning.bound(parcel).plus(covered(parcel));
    }

    /** The parcels in excess, by shipmentId. */
    Map<String, Holding> holdings() {
        return holdings;
    }

    private @Nullable Holding knownPart(Parcel parcel, Units units, Reckoning by) {
        if (units.isEmpty()) {
            return null;
        }
        SortedMap<String, Long> held = units.asMap();
        // What a resolution settled is paid for, or nobody's: it is not to be called back with the rest.
        SortedMap<String, Long> paid = by.free(parcel)
                .plus(by.bound(parcel))
                .minus(units)
                .plus(picture.settled().of(parcel))
                .asMap();
        List<RefundApproved> refunds = new ArrayList<>();
        for (RefundApproved refund : by.refunds()) {
            if (hasPartIn(refund, parcel, held, by)) {
                refunds.add(refund);
            }
        }
        return new Holding(
                parcel, held, paid, parcel.isMerged() || !paid.isEmpty(), Collections.unmodifiableList(refunds));
    }

    private static boolean hasPartIn(RefundApproved refund, Parcel parcel, SortedMap<String, Long> held, Reckoning by) {
        for (String line : held.keySet()) {
            if (by.hasPartIn(refund, parcel, line)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A parcel whose lines nobody told: not in excess when it was delivered before all refunds, wholly with the whole order.
     * Else it holds what is bound to it, and it may hold refunded units not yet found; what else is in it may be paid.
     */
    private static @Nullable Holding unknownPart(Parcel parcel, Reckoning by) {
        if (by.refunds().stream().allMatch(refund -> parcel.wasDeliveredBefore(refund.approvedAt()))) {
            return null;
        }
        SortedMap<String, Long> bound = by.bound(parcel).asMap();
        List<RefundApproved> refunds = by.refunds().stream()
                .filter(refund -> !Reckoning.isForGoodsBack(refund, parcel))
                .filter(refund -> by.owes(refund) || hasPartIn(refund, parcel, bound, by))
                .toList();
        boolean wholly = Reckoning.isAnyOfWholeOrder(refunds);
        boolean maybe = parcel.carriesOrdered() && (wholly || by.isMissingSome(refunds, false));
        if (!maybe && bound.isEmpty()) {
            return null;
        }
        SortedMap<String, Long> nothing = new Units().asMap();
        return new Holding(parcel, wholly ? nothing : bound, nothing, parcel.isMerged() || !wholly, refunds);
    }

    /** Would this parcel be in excess, with all that needs to be known, without what was told in unknown symbols? */
    Effect.Certainty certaintyOf(Holding holding) {
        Excess sureOnly = known();
        Parcel parcel = holding.parcel();
        Holding sure = isOut.test(parcel) ? sureOnly.holdings().get(parcel.id()) : sureOnly.ifOut(parcel);
        return sure != null && sureOnly.isSureOf(sure, holding)
                ? Effect.Certainty.CONFIRMED
                : Effect.Certainty.SUSPECTED;
    }

    private Excess known() {
        if (known == null) {
            known = reckoning.isAllKnown() ? this : new Excess(picture, isOut, true);
        }
        return known;
    }

    private boolean isSureOf(Holding sure, Holding holding) {
        if (holding.parcel().isWithoutLines() && holding.units().isEmpty()) {
            return holding.isOfWholeOrder() ? sure.isOfWholeOrder() : reckoning.isMissingSome(sure.refunds(), true);
        }
        for (Map.Entry<String, Long> line : holding.units().entrySet()) {
            String lineId = line.getKey();
            long units = sure.units().getOrDefault(lineId, 0L);
            boolean needsOrdered = !reckoning.isWholeOrder()
                    && units > reckoning.bound(sure.parcel()).on(lineId);
            if (units < line.getValue() || (needsOrdered && !reckoning.isOrderedKnown(lineId))) {
                return false;
            }
        }
        return true;
    }
}
