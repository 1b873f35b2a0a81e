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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many units of each order line have shipped although they were refunded, and which parcels hold them
 * (CONTRACT.md, When is it a race). Of a line, O units were ordered, R are refunded and S have shipped.
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
            List<RefundApproved> refunds) {}

    /** Refunded units that are bound to no parcel, as one line of a refund tells them. */
    record Owed(RefundApproved refund, RefundApproved.Line line, long units) {

        boolean isOf(RefundApproved other) {
            return refund.refundId().equals(other.refundId());
        }
    }

    /** Units of a refund that are bound to a parcel. */
    private record Bound(RefundApproved refund, String shipmentId, String lineId) {}

    private final OrderFacts facts;
    private final Sent sent;
    private final Predicate<Parcel> isOut;
    private final boolean knownOnly;

    private final List<RefundApproved> refunds;
    private final List<Parcel> parcels;
    private final boolean wholeOrder;
    private final SortedMap<String, Integer> ordered;

    /** What each parcel holds and nothing below has accounted for. */
    private final Map<String, Units> free = new HashMap<>();
    /** What each parcel holds of units that are refunded as its own. */
    private final Map<String, Units> bound = new HashMap<>();
    /** What each parcel holds of the other units in excess. */
    private final Map<String, Units> covered = new HashMap<>();
    /** Units that leave O and R, and S where S counts them. */
    private final Units left = new Units();

    private final List<Bound> bindings = new ArrayList<>();
    private final List<Owed> owed = new ArrayList<>();
    private final Units owedOnLine = new Units();
    private final Units shipped = new Units();
    private final Units cameBack = new Units();
    private final Units boundAndCounted = new Units();

    private Excess(OrderFacts facts, Sent sent, Predicate<Parcel> isOut, boolean knownOnly) {
        this.facts = facts;
        this.sent = sent;
        this.isOut = isOut;
        this.knownOnly = knownOnly;
        this.refunds = facts.refunds().values().stream()
                .filter(refund -> refund.kind().counts())
                .filter(refund -> !knownOnly || refund.kind() != RefundApproved.Kind.UNKNOWN)
                .sorted(RefundApproved.BY_APPROVAL)
                .toList();
        this.parcels = facts.parcels().values().stream()
                .filter(parcel -> !knownOnly || parcel.made().purpose() != ShipmentCreated.Purpose.UNKNOWN)
                .toList();
        this.wholeOrder = refunds.stream().anyMatch(RefundApproved::isWholeOrder);
        this.ordered = facts.ordered();
        reckon();
    }

    /** As things are. */
    static Excess of(OrderFacts facts, Sent sent) {
        return new Excess(facts, sent, Parcel::isOut, false);
    }

    /** As if a LOST parcel were out: would it be in excess? */
    Excess asIfOut(Parcel lost) {
        return new Excess(facts, sent, parcel -> parcel.id().equals(lost.id()) || isOut.test(parcel), knownOnly);
    }

    /** As if all that came back or is gone were still out: it ended well, and is no reason to take a command back. */
    Excess asIfAllOut() {
        return facts.parcels().values().stream().allMatch(Parcel::isOut)
                ? this
                : new Excess(facts, sent, parcel -> true, knownOnly);
    }

    /** Without the refunds and parcels that were told in symbols nobody here knows. */
    private Excess known() {
        boolean allKnown = refunds.stream().noneMatch(refund -> refund.kind() == RefundApproved.Kind.UNKNOWN)
                && parcels.stream().noneMatch(parcel -> parcel.made().purpose() == ShipmentCreated.Purpose.UNKNOWN);
        return allKnown ? this : new Excess(facts, sent, isOut, true);
    }

    private void reckon() {
        for (Parcel parcel : parcels) {
            Units units = new Units();
            parcel.made().lines().forEach(line -> units.add(line.lineId(), line.quantity()));
            free.put(parcel.id(), units);
        }
        List<Owed> unbound = new ArrayList<>();
        refunds.forEach(refund -> refund.lines().forEach(line -> unbound.add(bind(refund, line))));
        // Whoever is refunded for goods that came back, or that he keeps, has his units among those parcels first.
        refunds.forEach(refund -> settle(refund, unbound));
        sumUp();
        cover();
    }

    /** Gives the units of a line that names a parcel to that parcel. @return what is not bound */
    private Owed bind(RefundApproved refund, RefundApproved.Line line) {
        String shipmentId = line.shipmentId();
        if (shipmentId == null) {
            return new Owed(refund, line, line.quantity());
        }
        Parcel parcel = facts.parcels().get(shipmentId);
        Units inParcel = free.get(shipmentId);
        if (parcel == null || inParcel == null) {
            // Bound to a parcel not yet seen: counts nowhere until it is seen.
            return new Owed(refund, line, 0);
        }
        long units = inParcel.take(line.lineId(), line.quantity());
        if (!isOut.test(parcel) || isForGoodsBack(refund, parcel) || isForGoodsKept(refund, parcel)) {
            leave(parcel, line.lineId(), units);
        } else {
            of(bound, parcel).add(line.lineId(), units);
            bindings.add(new Bound(refund, shipmentId, line.lineId()));
            if (parcel.carriesOrdered()) {
                boundAndCounted.add(line.lineId(), units);
            }
        }
        return new Owed(refund, line, line.quantity() - units);
    }

    /** Units leave O with a parcel that carries what was ordered: those of others were never in it. */
    private void leave(Parcel parcel, String lineId, long units) {
        if (parcel.carriesOrdered()) {
            left.add(lineId, units);
        }
    }

    private void settle(RefundApproved refund, List<Owed> unbound) {
        List<Parcel> settling = Stream.concat(
                        parcels.stream()
                                .filter(parcel -> isForGoodsBack(refund, parcel))
                                .sorted(GOODS_BACK_FIRST),
                        counted().stream()
                                .filter(parcel -> isForGoodsKept(refund, parcel))
                                .sorted(GOODS_BACK_FIRST))
                .toList();
        Units taken = new Units();
        if (refund.isWholeOrder()) {
            for (String line : facts.lineIds()) {
                long all = ordered.containsKey(line) ? orderedButBound(line) : Long.MAX_VALUE;
                long units = take(settling, line, all);
                taken.add(line, units);
                owedOnLine.add(line, ordered.containsKey(line) ? all - units : 0);
            }
        }
        for (Owed each : unbound) {
            if (each.isOf(refund)) {
                String line = each.line().lineId();
                long rest = each.units()
                        - (refund.isWholeOrder() ? taken.take(line, each.units()) : take(settling, line, each.units()));
                owed.add(new Owed(refund, each.line(), rest));
                if (!refund.isWholeOrder()) {
                    owedOnLine.add(line, rest);
                }
            }
        }
    }

    /** Takes up to {@code atMost} units of the line out of these parcels: they leave. @return how many there were */
    private long take(List<Parcel> settling, String lineId, long atMost) {
        long taken = 0;
        for (Parcel parcel : settling) {
            long units = of(free, parcel).take(lineId, atMost - taken);
            leave(parcel, lineId, units);
            taken += units;
        }
        return taken;
    }

    /** Is a refund first for units in this parcel since they come back or are gone? */
    private static boolean isForGoodsBack(RefundApproved refund, Parcel parcel) {
        return refund.cause().isGone() && !parcel.made().createdAt().isAfter(refund.approvedAt());
    }

    /** Is a refund first for units in this parcel since the buyer has them, and keeps them? */
    private static boolean isForGoodsKept(RefundApproved refund, Parcel parcel) {
        return refund.kind() == RefundApproved.Kind.REFUND_ONLY && parcel.wasDeliveredBefore(refund.approvedAt());
    }

    private static final Comparator<Parcel> GOODS_BACK_FIRST = Comparator.<Parcel>comparingInt(
                    parcel -> parcel.isOut() && !parcel.isComingBack() ? 1 : 0)
            .thenComparing(parcel -> parcel.made().createdAt())
            .thenComparing(Parcel::id);

    private void sumUp() {
        for (Parcel parcel : parcels) {
            boolean out = isOut.test(parcel);
            if (parcel.carriesOrdered() || !out) {
                of(free, parcel).asMap().forEach(out ? shipped::add : cameBack::add);
            }
        }
    }

    /** The units in excess on a line that are bound to no parcel. */
    private long loose(String lineId) {
        long s = shipped.on(lineId);
        if (!ordered.containsKey(lineId)) {
            return wholeOrder ? s : Math.min(s, Math.max(0, owedOnLine.on(lineId) - cameBack.on(lineId)));
        }
        long o = orderedButBound(lineId);
        long r = Math.min(owedOnLine.on(lineId), o);
        if (r == 0) {
            return 0;
        }
        return r >= o ? s : Math.min(r, Math.max(0, s + r - o));
    }

    private long orderedButBound(String lineId) {
        return Math.max(0, ordered.getOrDefault(lineId, 0) - left.on(lineId) - boundAndCounted.on(lineId));
    }

    /** Decides which parcels hold the loose excess: the choice is made once, and stays with what was sent. */
    private void cover() {
        Units open = new Units();
        shipped.asMap().keySet().forEach(line -> open.add(line, loose(line)));
        List<Parcel> counted = counted();
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
                    .filter(offer -> offer.parcel().made().mergedOrderIds().isEmpty())
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
                of(covered, taken.parcel()).add(line, units);
            });
        }
    }

    private List<Parcel> counted() {
        return parcels.stream().filter(Parcel::carriesOrdered).filter(isOut).toList();
    }

    private Units uncovered(Parcel parcel) {
        return of(free, parcel).minus(of(covered, parcel));
    }

    private Units inExcess(Parcel parcel) {
        return of(bound, parcel).plus(of(covered, parcel));
    }

    private static Units of(Map<String, Units> units, Parcel parcel) {
        return units.computeIfAbsent(parcel.id(), id -> new Units());
    }

    /** The parcels in excess, by shipmentId. */
    Map<String, Holding> holdings() {
        Map<String, Holding> holdings = new LinkedHashMap<>();
        for (Parcel parcel : parcels) {
            Holding holding = isOut.test(parcel) ? holding(parcel) : null;
            if (holding != null) {
                holdings.put(parcel.id(), holding);
            }
        }
        return holdings;
    }

    private @Nullable Holding holding(Parcel parcel) {
        if (parcel.isWithoutLines()) {
            return parcel.carriesOrdered() ? unknownPart(parcel) : null;
        }
        Units units = inExcess(parcel);
        if (units.isEmpty()) {
            return null;
        }
        Units paid = parcel.carriesOrdered() ? uncovered(parcel) : of(free, parcel);
        boolean mixed = !paid.isEmpty() || !parcel.made().mergedOrderIds().isEmpty();
        return new Holding(parcel, units.asMap(), paid.asMap(), mixed, refundsOf(parcel, units));
    }

    /** A parcel whose lines nobody told: in excess with the whole order, else it may hold refunded units not yet found. */
    private @Nullable Holding unknownPart(Parcel parcel) {
        List<RefundApproved> concerned = refunds.stream()
                .filter(refund -> !isForGoodsBack(refund, parcel))
                .filter(refund -> refund.isWholeOrder() || owes(refund, null))
                .toList();
        boolean deliveredBeforeAll =
                refunds.stream().allMatch(refund -> parcel.wasDeliveredBefore(refund.approvedAt()));
        boolean wholly = concerned.stream().anyMatch(RefundApproved::isWholeOrder);
        if (concerned.isEmpty() || deliveredBeforeAll || !(wholly || mayHoldRefunded(concerned, false))) {
            return null;
        }
        boolean mixed = !wholly || !parcel.made().mergedOrderIds().isEmpty();
        SortedMap<String, Long> unknown = new Units().asMap();
        return new Holding(parcel, unknown, unknown, mixed, concerned);
    }

    /** Are units of these refunds neither in a parcel that was told of nor bound? */
    private boolean mayHoldRefunded(List<RefundApproved> concerned, boolean orderedKnown) {
        return owed.stream()
                .filter(each -> concerned.contains(each.refund()))
                .map(each -> each.line().lineId())
                .anyMatch(line -> {
                    long q = owed.stream()
                            .filter(each -> concerned.contains(each.refund())
                                    && each.line().lineId().equals(line))
                            .mapToLong(Owed::units)
                            .sum();
                    return ordered.containsKey(line)
                            ? Math.min(q, orderedButBound(line)) > loose(line)
                            : !orderedKnown && q > loose(line);
                });
    }

    private List<RefundApproved> refundsOf(Parcel parcel, Units units) {
        return refunds.stream()
                .filter(refund -> units.asMap().keySet().stream()
                        .anyMatch(line -> refund.isWholeOrder()
                                || owes(refund, line)
                                || bindings.contains(new Bound(refund, parcel.id(), line))))
                .toList();
    }

    private boolean owes(RefundApproved refund, @Nullable String lineId) {
        return owed.stream()
                .anyMatch(each -> each.isOf(refund)
                        && each.units() > 0
                        && (lineId == null || each.line().lineId().equals(lineId)));
    }

    /** Would this parcel be in excess, with all that needs to be known, without what was told in unknown symbols? */
    Effect.Certainty certaintyOf(Holding holding) {
        Excess known = known();
        Holding sure = known.holdings().get(holding.parcel().id());
        boolean confirmed = sure != null
                && (holding.parcel().isWithoutLines()
                        ? isWhollyRefunded(holding)
                                ? isWhollyRefunded(sure)
                                : known.mayHoldRefunded(sure.refunds(), true)
                        : known.holdsForSure(sure, holding.units()));
        return confirmed ? Effect.Certainty.CONFIRMED : Effect.Certainty.SUSPECTED;
    }

    private static boolean isWhollyRefunded(Holding holding) {
        return holding.refunds().stream().anyMatch(RefundApproved::isWholeOrder);
    }

    private boolean holdsForSure(Holding sure, SortedMap<String, Long> units) {
        return units.entrySet().stream().allMatch(line -> {
            String lineId = line.getKey();
            boolean needsOrdered = !wholeOrder && of(covered, sure.parcel()).on(lineId) > 0;
            return sure.units().getOrDefault(lineId, 0L) >= line.getValue()
                    && (!needsOrdered || ordered.containsKey(lineId));
        });
    }

    /** Units in excess, by line. */
    SortedMap<String, Long> byLine() {
        Units all = new Units();
        shipped.asMap().keySet().forEach(line -> all.add(line, loose(line)));
        bound.values().forEach(units -> units.asMap().forEach(all::add));
        return all.asMap();
    }

    /** Units refunded and bound to no parcel, as they are told, less those that came back or that the buyer keeps. */
    List<Owed> owed() {
        return owed;
    }

    /** May units of the line still be shipped, as far as is known? */
    boolean isStillToShip(String lineId) {
        long s = shipped.on(lineId);
        return ordered.containsKey(lineId) ? s < orderedButBound(lineId) : s < owedOnLine.on(lineId);
    }

    /** Is some unit of the order still to be shipped, or some quantity unknown? */
    boolean isAnythingStillToShip() {
        Collection<String> lines = facts.lineIds();
        return lines.isEmpty() || lines.stream().anyMatch(line -> !ordered.containsKey(line) || isStillToShip(line));
    }

    /** Is any unit refunded that must not reach the buyer? R > 0 on some line. */
    boolean isAnythingRefunded() {
        return wholeOrder
                || !bindings.isEmpty()
                || owed.stream()
                        .anyMatch(each ->
                                each.units() > 0 && refundedOf(each.line().lineId()) > 0);
    }

    /** Does R reach S on the line? */
    boolean isRefundedAsFarAsShipped(String lineId) {
        return wholeOrder || refundedOf(lineId) >= shipped.on(lineId);
    }

    private long refundedOf(String lineId) {
        long q = owedOnLine.on(lineId);
        return ordered.containsKey(lineId) ? Math.min(q, orderedButBound(lineId)) : q;
    }

    /** Are kind and purpose known of all refunds and parcels on these lines? */
    boolean isAllKnownOn(Collection<String> lineIds) {
        boolean refundsKnown = refunds.stream()
                .filter(refund -> refund.kind() == RefundApproved.Kind.UNKNOWN)
                .noneMatch(refund -> refund.isWholeOrder()
                        || refund.lines().stream().anyMatch(line -> lineIds.contains(line.lineId())));
        boolean parcelsKnown = parcels.stream()
                .filter(parcel -> parcel.made().purpose() == ShipmentCreated.Purpose.UNKNOWN)
                .noneMatch(parcel -> parcel.isWithoutLines()
                        || parcel.made().lines().stream().anyMatch(line -> lineIds.contains(line.lineId())));
        return refundsKnown && parcelsKnown;
    }
}
