package io.ordersync.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * O, R and S of every order line: the units ordered, refunded and shipped, and how many of them are in excess
 * (CONTRACT.md, When is it a race). {@link Excess} says which parcels hold those.
 */
final class Reckoning {

    /** Refunded units that are bound to no parcel, as one line of a refund tells them. */
    record Owed(RefundApproved.Line line, long units) {}

    /** A refund of units of that very parcel. */
    private record Bound(String refundId, String shipmentId, String lineId) {}

    private final OrderFacts facts;
    private final Picture picture;
    private final Settled settled;
    private final Predicate<Parcel> isOut;

    private final List<RefundApproved> refunds;
    private final List<Parcel> parcels;
    private final Set<String> parcelIds = new HashSet<>();
    private final boolean wholeOrder;
    private final SortedMap<String, Integer> ordered;

    /** What each parcel holds and nothing below has accounted for. */
    private final Map<String, Units> free = new HashMap<>();
    /** What each parcel holds of units that are refunded as its own. */
    private final Map<String, Units> bound = new HashMap<>();
    /** Units that leave O, and S where S counts them. */
    private final Units left = new Units();

    private final Map<Bound, Long> bindings = new HashMap<>();
    /** By shipmentId, settled units that no refund has named yet beside those that were settled with them. */
    private final Map<String, Units> settledLeft = new HashMap<>();
    /** By refundId. */
    private final Map<String, List<Owed>> owed = new HashMap<>();
    /** Of each refund that counts, by refundId, what it owes on each line. */
    private final Map<String, Units> owedByRefund = new HashMap<>();

    /** The parcels of which units left for a refund whose cause is that they come back or are gone. */
    private final Set<String> refundedForComingBack = new HashSet<>();

    private final Units owedOnLine = new Units();
    private final Units shipped = new Units();
    private final Units cameBack = new Units();
    private final Units boundAndCounted = new Units();

    /**
     * @param isOut which parcels are on their way to the buyer, or there
     * @param knownOnly leave out what was told in symbols nobody here knows? What it said of O is true all the same
     */
    Reckoning(Picture picture, Predicate<Parcel> isOut, boolean knownOnly) {
        this.facts = picture.facts();
        this.picture = picture;
        this.settled = picture.settled();
        this.isOut = isOut;
        this.refunds = refunds(picture, knownOnly);
        this.parcels = parcels(picture, knownOnly);
        for (Parcel parcel : parcels) {
            parcelIds.add(parcel.id());
        }
        this.wholeOrder = isAnyOfWholeOrder(refunds);
        this.ordered = facts.ordered();

        for (Parcel parcel : parcels) {
            Units held = free(parcel);
            for (ShipmentCreated.Line line : parcel.made().lines()) {
                held.add(line.lineId(), line.quantity());
            }
        }
        // What is settled leaves first, also of a parcel that is void by now, and takes its refunded units with it.
        for (Parcel parcel : picture.parcels().values()) {
            settled.of(parcel).asMap().forEach((line, units) -> {
                free(parcel).take(line, units);
                leave(parcel, line, units);
            });
        }
        Map<String, List<Owed>> unbound = new HashMap<>();
        for (RefundApproved refund : refunds) {
            unbound.put(refund.refundId(), bind(refund));
        }
        // What is bound to a parcel takes its place there before what is not.
        for (RefundApproved refund : refunds) {
            settle(refund, unbound.getOrDefault(refund.refundId(), List.of()));
        }
        sumUp();
    }

    // Here and below are loops where streams would say the same: this is done for each event of a refunded order.

    private static List<RefundApproved> refunds(Picture picture, boolean knownOnly) {
        List<RefundApproved> counting = new ArrayList<>();
        for (RefundApproved refund : picture.refunds().values()) {
            if (refund.kind().counts() && (!knownOnly || isKnown(refund))) {
                counting.add(refund);
            }
        }
        counting.sort(RefundApproved.BY_APPROVAL);
        return Collections.unmodifiableList(counting);
    }

    private static List<Parcel> parcels(Picture picture, boolean knownOnly) {
        List<Parcel> standing = new ArrayList<>();
        for (Parcel parcel : picture.parcels().values()) {
            if (!parcel.isVoid() && !picture.settled().isWhole(parcel) && (!knownOnly || isKnown(parcel))) {
                standing.add(parcel);
            }
        }
        return Collections.unmodifiableList(standing);
    }

    static boolean isAnyOfWholeOrder(List<RefundApproved> refunds) {
        for (RefundApproved refund : refunds) {
            if (refund.isWholeOrder()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKnown(RefundApproved refund) {
        return refund.kind() != RefundApproved.Kind.UNKNOWN;
    }

    private static boolean isKnown(Parcel parcel) {
        return parcel.made().purpose() != ShipmentCreated.Purpose.UNKNOWN;
    }

    /** Gives the units of lines that name a parcel to that parcel. @return what is not bound, line by line */
    private List<Owed> bind(RefundApproved refund) {
        Units settledUnbound = settled.of(refund).copy();
        Map<String, Units> settledBound = new HashMap<>();
        List<Owed> unbound = new ArrayList<>();
        for (RefundApproved.Line line : refund.lines()) {
            String shipmentId = line.shipmentId();
            Units gone = shipmentId == null
                    ? new Units()
                    : settledBound.computeIfAbsent(
                            shipmentId, id -> settled.of(refund, id).copy());
            long units = line.quantity() - gone.take(line.lineId(), line.quantity());
            Owed owed = bind(refund, line, units);
            unbound.add(new Owed(line, owed.units() - settledUnbound.take(line.lineId(), owed.units())));
        }
        return unbound;
    }

    private Owed bind(RefundApproved refund, RefundApproved.Line line, long quantity) {
        String shipmentId = line.shipmentId();
        if (shipmentId == null) {
            return new Owed(line, quantity);
        }
        Parcel parcel = picture.parcels().get(shipmentId);
        if (parcel != null && parcel.isVoid()) {
            return new Owed(line, quantity);
        }
        if (parcel == null || !parcelIds.contains(shipmentId)) {
            // Bound to a parcel not yet seen: counts nowhere until it is seen.
            return new Owed(line, 0);
        }
        // What is in a parcel without lines nobody told: what is bound to it is in it.
        long units = parcel.isWithoutLines() ? quantity : free(parcel).take(line.lineId(), quantity);
        if (!isOut.test(parcel) || isForGoodsBack(refund, parcel) || isForGoodsKept(refund, parcel)) {
            leave(parcel, line.lineId(), units);
            noteComingBack(refund, parcel, units);
        } else if (units > 0) {
            bound(parcel).add(line.lineId(), units);
            bindings.merge(new Bound(refund.refundId(), shipmentId, line.lineId()), units, Long::sum);
            if (parcel.carriesOrdered()) {
                boundAndCounted.add(line.lineId(), units);
            }
        }
        // Who is refunded for a unit of this very parcel that is settled is refunded for none of another.
        long settledUnits = settledLeft
                .computeIfAbsent(shipmentId, id -> settled.of(parcel).copy())
                .take(line.lineId(), quantity - units);
        return new Owed(line, quantity - units - settledUnits);
    }

    /** Units leave O with a parcel that carries what was ordered: those of others were never in it. */
    private void leave(Parcel parcel, String lineId, long units) {
        if (parcel.carriesOrdered()) {
            left.add(lineId, units);
        }
    }

    /** Whoever is refunded for goods that came back, or that he keeps, has his units among those parcels first. */
    private void settle(RefundApproved refund, List<Owed> unbound) {
        List<Parcel> settling = settling(refund);
        Units taken = new Units();
        if (refund.isWholeOrder()) {
            for (String line : facts.lineIds()) {
                long all = ordered.containsKey(line) ? orderedButBound(line) : Long.MAX_VALUE;
                long units = take(refund, settling, line, all);
                taken.add(line, units);
                owedOnLine.add(line, ordered.containsKey(line) ? all - units : 0);
            }
        }
        List<Owed> rests = new ArrayList<>();
        Units rest = new Units();
        for (Owed each : unbound) {
            String line = each.line().lineId();
            long gone =
                    refund.isWholeOrder() ? taken.take(line, each.units()) : take(refund, settling, line, each.units());
            rests.add(new Owed(each.line(), each.units() - gone));
            rest.add(line, each.units() - gone);
        }
        owed.put(refund.refundId(), rests);
        owedByRefund.put(refund.refundId(), rest);
        if (!refund.isWholeOrder()) {
            owedOnLine.addAll(rest);
        }
    }

    /** The parcels whose units it is first for: those that come back or are gone, then those that the buyer keeps. */
    private List<Parcel> settling(RefundApproved refund) {
        List<Parcel> back = new ArrayList<>();
        List<Parcel> kept = new ArrayList<>();
        for (Parcel parcel : parcels) {
            if (isForGoodsBack(refund, parcel)) {
                back.add(parcel);
            }
            if (isCounted(parcel) && isForGoodsKept(refund, parcel)) {
                kept.add(parcel);
            }
        }
        back.sort(GOODS_BACK_FIRST);
        kept.sort(GOODS_BACK_FIRST);
        back.addAll(kept);
        return back;
    }

    /** Takes up to {@code atMost} units of the line out of these parcels: they leave. @return how many there were */
    private long take(RefundApproved refund, List<Parcel> settling, String lineId, long atMost) {
        long taken = 0;
        for (Parcel parcel : settling) {
            if (taken == atMost) {
                return taken;
            }
            long units = free(parcel).take(lineId, atMost - taken);
            leave(parcel, lineId, units);
            noteComingBack(refund, parcel, units);
            taken += units;
        }
        return taken;
    }

    private void noteComingBack(RefundApproved refund, Parcel parcel, long units) {
        if (units > 0 && isForGoodsBack(refund, parcel)) {
            refundedForComingBack.add(parcel.id());
        }
    }

    /** Is a refund first for units in this parcel since they come back or are gone? */
    static boolean isForGoodsBack(RefundApproved refund, Parcel parcel) {
        return refund.cause().isGone() && !parcel.made().createdAt().isAfter(refund.approvedAt());
    }

    /** Was a refund given for goods of this parcel since they come back, or are gone? */
    boolean isRefundedForComingBack(Parcel parcel) {
        return refundedForComingBack.contains(parcel.id())
                || (parcel.isWithoutLines() && refunds.stream().anyMatch(refund -> isForGoodsBack(refund, parcel)));
    }

    /** Is a refund first for units in this parcel since the buyer has them, and keeps them? */
    private static boolean isForGoodsKept(RefundApproved refund, Parcel parcel) {
        return refund.kind() == RefundApproved.Kind.REFUND_ONLY && parcel.wasDeliveredBefore(refund.approvedAt());
    }

    private static final Comparator<Parcel> GOODS_BACK_FIRST = Comparator.<Parcel>comparingInt(
                    parcel -> parcel.isBackOrGone() || parcel.isComingBack() ? 0 : 1)
            .thenComparing(parcel -> parcel.made().createdAt())
            .thenComparing(Parcel::id);

    private void sumUp() {
        for (Parcel parcel : parcels) {
            boolean out = isOut.test(parcel);
            // What was pulled never left: it neither shipped nor came back.
            boolean counts = out ? parcel.carriesOrdered() : parcel.isBackOrGone();
            if (counts) {
                (out ? shipped : cameBack).addAll(free(parcel));
            }
        }
    }

    /** The units in excess on a line that are bound to no parcel. */
    long loose(String lineId) {
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

    /** Units ordered on a line, less those that left or are bound to a parcel that S counts. */
    long orderedButBound(String lineId) {
        return Math.max(0, ordered.getOrDefault(lineId, 0) - left.on(lineId) - boundAndCounted.on(lineId));
    }

    /** What each line has in excess that is bound to no parcel. */
    Units loose() {
        Units loose = new Units();
        shipped.asMap().keySet().forEach(line -> loose.add(line, loose(line)));
        return loose;
    }

    /** Units in excess, by line. */
    SortedMap<String, Long> excess() {
        Units all = loose();
        bound.values().forEach(all::addAll);
        return all.asMap();
    }

    /** The refunds that count, the earliest approved first. */
    List<RefundApproved> refunds() {
        return refunds;
    }

    /** Is the parcel among those looked at? Not one that is void or settled whole nor, perhaps, one of an unknown purpose. */
    boolean reckons(Parcel parcel) {
        return parcelIds.contains(parcel.id());
    }

    /** The parcels that are out, by shipmentId. */
    List<Parcel> parcelsOut() {
        List<Parcel> out = new ArrayList<>();
        for (Parcel parcel : parcels) {
            if (isOut.test(parcel)) {
                out.add(parcel);
            }
        }
        return out;
    }

    /** The parcels that S counts, by shipmentId. */
    List<Parcel> counted() {
        List<Parcel> counted = new ArrayList<>();
        for (Parcel parcel : parcels) {
            if (isCounted(parcel)) {
                counted.add(parcel);
            }
        }
        return counted;
    }

    private boolean isCounted(Parcel parcel) {
        return parcel.carriesOrdered() && isOut.test(parcel);
    }

    /** Units in the parcel that are neither bound to it nor left. */
    Units free(Parcel parcel) {
        return free.computeIfAbsent(parcel.id(), none -> new Units());
    }

    /** Units in the parcel that are refunded as its own. */
    Units bound(Parcel parcel) {
        return bound.computeIfAbsent(parcel.id(), none -> new Units());
    }

    boolean isWholeOrder() {
        return wholeOrder;
    }

    /** Was everything told in symbols known here? */
    boolean isAllKnown() {
        for (RefundApproved refund : refunds) {
            if (!isKnown(refund)) {
                return false;
            }
        }
        for (Parcel parcel : parcels) {
            if (!isKnown(parcel)) {
                return false;
            }
        }
        return true;
    }

    boolean isOrderedKnown(String lineId) {
        return ordered.containsKey(lineId);
    }

    /** Has the refund a part in what this parcel holds of the line: units bound to it, or to no parcel? */
    boolean hasPartIn(RefundApproved refund, Parcel parcel, String lineId) {
        Units owes = owedByRefund.get(refund.refundId());
        return refund.isWholeOrder() || (owes != null && owes.on(lineId) > 0) || boundBy(refund, parcel, lineId) > 0;
    }

    /** Units of the refund that are bound to this parcel. */
    long boundBy(RefundApproved refund, Parcel parcel, String lineId) {
        return bindings.getOrDefault(new Bound(refund.refundId(), parcel.id(), lineId), 0L);
    }

    boolean isNothingBoundTo(RefundApproved refund) {
        return bindings.keySet().stream().noneMatch(bound -> bound.refundId().equals(refund.refundId()));
    }

    /** Has every unit of the line left O, or as far as is known every one that shipped? */
    boolean isNothingLeftOf(String lineId) {
        return ordered.containsKey(lineId) ? orderedButBound(lineId) == 0 : shipped.on(lineId) == 0;
    }

    /** Has the refund units that are bound to no parcel? */
    boolean owes(RefundApproved refund) {
        return refund.isWholeOrder() || !owedBy(refund).isEmpty();
    }

    /** What a refund has bound to no parcel, less what came back or the buyer keeps. */
    Units owedBy(RefundApproved refund) {
        Units owes = owedByRefund.get(refund.refundId());
        return owes == null ? new Units() : owes.copy();
    }

    /** Are units of these refunds neither bound nor in a parcel that was told of? R > E on some line. */
    boolean isMissingSome(List<RefundApproved> of, boolean whereOrderedIsKnown) {
        Units missing = new Units();
        of.forEach(refund -> missing.addAll(owedBy(refund)));
        return missing.asMap().entrySet().stream().anyMatch(line -> {
            boolean known = ordered.containsKey(line.getKey());
            long r = known ? Math.min(line.getValue(), orderedButBound(line.getKey())) : line.getValue();
            return (known || !whereOrderedIsKnown) && r > loose(line.getKey());
        });
    }

    /** What a refund has bound to no parcel, line by line as it is told, less what came back or the buyer keeps. */
    List<Owed> owed(RefundApproved refund) {
        return owed.getOrDefault(refund.refundId(), List.of());
    }

    /** May units of the line still be shipped, as far as is known? */
    boolean isStillToShip(String lineId) {
        long s = shipped.on(lineId);
        return ordered.containsKey(lineId) ? s < orderedButBound(lineId) : s < owedOnLine.on(lineId);
    }

    /** Is some unit of the order still to be shipped, or some quantity unknown? */
    boolean isAnythingStillToShip() {
        Collection<String> lines = facts.lineIds();
        for (String line : lines) {
            if (!ordered.containsKey(line) || isStillToShip(line)) {
                return true;
            }
        }
        return lines.isEmpty();
    }

    /** Is any unit refunded that must not reach the buyer? R > 0 on some line. */
    boolean isAnythingRefunded() {
        if (!bindings.isEmpty()) {
            return true;
        }
        Collection<String> lines = facts.lineIds();
        for (String line : lines) {
            if (refundedOf(line) > 0) {
                return true;
            }
        }
        return wholeOrder && (lines.isEmpty() || !ordered.keySet().containsAll(lines));
    }

    /**
     * Is all that has shipped on each of the parcel's lines refunded, with kind and purpose known of all refunds and
     * parcels on them? What is on a parcel without lines, and so what has shipped, is known under wholeOrder only.
     */
    boolean isRefundedForSure(Parcel parcel) {
        if (!wholeOrder && !isAllRefunded(parcel)) {
            return false;
        }
        return isAllKnown()
                || (!parcel.isWithoutLines()
                        && isAllKnownOn(parcel.made().lines().stream()
                                .map(ShipmentCreated.Line::lineId)
                                .collect(Collectors.toSet())));
    }

    private boolean isAllRefunded(Parcel parcel) {
        for (Parcel each : parcels) {
            if (each.isWithoutLines() && isCounted(each)) {
                return false;
            }
        }
        for (ShipmentCreated.Line line : parcel.made().lines()) {
            if (refundedOf(line.lineId()) < shipped.on(line.lineId())) {
                return false;
            }
        }
        return true;
    }

    private long refundedOf(String lineId) {
        long q = owedOnLine.on(lineId);
        return ordered.containsKey(lineId) ? Math.min(q, orderedButBound(lineId)) : q;
    }

    private boolean isAllKnownOn(Set<String> lineIds) {
        boolean refundsKnown = refunds.stream()
                .filter(refund -> !isKnown(refund))
                .noneMatch(refund -> refund.isWholeOrder()
                        || refund.lines().stream().anyMatch(line -> lineIds.contains(line.lineId())));
        boolean parcelsKnown = parcels.stream()
                .filter(parcel -> !isKnown(parcel))
                .noneMatch(parcel -> parcel.isWithoutLines()
                        || parcel.made().lines().stream().anyMatch(line -> lineIds.contains(line.lineId())));
        return refundsKnown && parcelsKnown;
    }
}
