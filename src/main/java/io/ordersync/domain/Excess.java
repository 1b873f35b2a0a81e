package io.ordersync.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            return refunds.stream().anyMatch(RefundApproved::isWholeOrder);
        }
    }

    private final OrderFacts facts;
    private final Sent sent;
    private final Predicate<Parcel> isOut;
    private final Reckoning reckoning;
    /** What each parcel holds of the units in excess that are not bound to it. */
    private final Map<String, Units> covered = new HashMap<>();

    private Excess(OrderFacts facts, Sent sent, Predicate<Parcel> isOut, boolean knownOnly) {
        this.facts = facts;
        this.sent = sent;
        this.isOut = isOut;
        this.reckoning = new Reckoning(facts, isOut, knownOnly);
        cover();
    }

    /** As things are. */
    static Excess of(OrderFacts facts, Sent sent) {
        return new Excess(facts, sent, Parcel::isOut, false);
    }

    /** As if a LOST parcel were out: would it be in excess? */
    Excess asIfOut(Parcel lost) {
        return new Excess(facts, sent, parcel -> parcel.id().equals(lost.id()) || isOut.test(parcel), false);
    }

    /** As if all that came back or is gone were still out: it ended well, and is no reason to take a command back. */
    Excess asIfAllOut() {
        return facts.parcels().values().stream().allMatch(Parcel::isOut)
                ? this
                : new Excess(facts, sent, parcel -> true, false);
    }

    Reckoning reckoning() {
        return reckoning;
    }

    private void cover() {
        Units open = reckoning.loose();
        List<Parcel> counted = reckoning.counted();
        hold(open, counted.stream().filter(Parcel::isComingBack).toList(), this::uncovered);
        hold(open, counted, parcel -> uncovered(parcel).common(sent.unitsAskedBackOf(parcel.id())));
        hold(open, counted, this::uncovered);
    }

    /** What a parcel can hold of the units that are open. */
    private record Offer(Parcel parcel, Units units) {

        static Comparator<Offer> mostOf(Function<Offer, Units> units) {
            return Comparator.<Offer>comparingLong(offer -> -units.apply(offer).total())
                    .thenComparing(Offer::parcel, Parcel.LEAST_ADVANCED_FIRST);
        }
    }

    /**
     * First the parcels that offer nothing but open units, the fullest first; then, one by one, the one that offers most
     * of what is still open.
     */
    private void hold(Units open, Collection<Parcel> pool, Function<Parcel, Units> offered) {
        List<Offer> offers = new ArrayList<>();
        pool.forEach(parcel -> offers.add(new Offer(parcel, offered.apply(parcel))));
        while (!open.isEmpty()) {
            offers.removeIf(offer -> offer.units().common(open).isEmpty());
            Optional<Offer> wholly = offers.stream()
                    .filter(offer -> !offer.parcel().isMerged())
                    .filter(offer -> offer.units().fitsIn(open))
                    .min(Offer.mostOf(offer -> inExcess(offer.parcel()).plus(offer.units())));
            Optional<Offer> next = wholly.or(() ->
                    offers.stream().min(Offer.mostOf(offer -> offer.units().common(open))));
            if (next.isEmpty()) {
                return;
            }
            Offer taken = next.get();
            offers.remove(taken);
            taken.units().common(open).asMap().forEach((line, units) -> {
                open.take(line, units);
                covered(taken.parcel()).add(line, units);
            });
        }
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
        Map<String, Holding> holdings = new LinkedHashMap<>();
        for (Parcel parcel : reckoning.parcelsOut()) {
            Holding holding = parcel.isWithoutLines() ? unknownPart(parcel) : knownPart(parcel);
            if (holding != null) {
                holdings.put(parcel.id(), holding);
            }
        }
        return holdings;
    }

    private @Nullable Holding knownPart(Parcel parcel) {
        Units units = inExcess(parcel);
        if (units.isEmpty()) {
            return null;
        }
        SortedMap<String, Long> held = units.asMap();
        SortedMap<String, Long> paid = uncovered(parcel).asMap();
        List<RefundApproved> refunds = reckoning.refunds().stream()
                .filter(refund -> held.keySet().stream().anyMatch(line -> reckoning.hasPartIn(refund, parcel, line)))
                .toList();
        return new Holding(parcel, held, paid, parcel.isMerged() || !paid.isEmpty(), refunds);
    }

    /** A parcel whose lines nobody told: in excess with the whole order, else it may hold refunded units not yet found. */
    private @Nullable Holding unknownPart(Parcel parcel) {
        List<RefundApproved> refunds = reckoning.refunds().stream()
                .filter(refund -> !Reckoning.isForGoodsBack(refund, parcel))
                .filter(reckoning::owes)
                .toList();
        SortedMap<String, Long> unknown = new Units().asMap();
        boolean wholly = refunds.stream().anyMatch(RefundApproved::isWholeOrder);
        boolean kept = reckoning.refunds().stream().allMatch(refund -> parcel.wasDeliveredBefore(refund.approvedAt()));
        return !parcel.carriesOrdered() || kept || !(wholly || reckoning.isMissingSome(refunds, false))
                ? null
                : new Holding(parcel, unknown, unknown, parcel.isMerged() || !wholly, refunds);
    }

    /** Would this parcel be in excess, with all that needs to be known, without what was told in unknown symbols? */
    Effect.Certainty certaintyOf(Holding holding) {
        Excess known = reckoning.isAllKnown() ? this : new Excess(facts, sent, isOut, true);
        Holding sure = known.holdings().get(holding.parcel().id());
        return sure != null && known.isSureOf(sure, holding) ? Effect.Certainty.CONFIRMED : Effect.Certainty.SUSPECTED;
    }

    private boolean isSureOf(Holding sure, Holding holding) {
        if (holding.parcel().isWithoutLines()) {
            return holding.isOfWholeOrder() ? sure.isOfWholeOrder() : reckoning.isMissingSome(sure.refunds(), true);
        }
        return holding.units().entrySet().stream().allMatch(line -> {
            String lineId = line.getKey();
            boolean needsOrdered =
                    !reckoning.isWholeOrder() && covered(sure.parcel()).on(lineId) > 0;
            return sure.units().getOrDefault(lineId, 0L) >= line.getValue()
                    && (!needsOrdered || reckoning.isOrderedKnown(lineId));
        });
    }
}
