package io.ordersync.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which units must not leave which warehouse (CONTRACT.md, Locks). */
final class Locks {

    /** What a LOCK on a warehouse asks for. */
    record Wanted(boolean wholeOrder, List<Effect.LineUnits> lines) {}

    private final Picture picture;
    private final OrderFacts facts;
    private final Reckoning reckoning;

    Locks(Picture picture, Reckoning reckoning) {
        this.picture = picture;
        this.facts = picture.facts();
        this.reckoning = reckoning;
    }

    /** May any refunded unit still be shipped? Then the order is open. */
    boolean isAnyStillWanted() {
        for (RefundApproved refund : picture.refunds().values()) {
            if (isStillToShip(refund)) {
                return true;
            }
        }
        return false;
    }

    /** May any unit of the refund still be shipped? */
    boolean isStillToShip(RefundApproved refund) {
        return refund.kind().counts() && isStillToShip(refund, owedOf(refund));
    }

    /** Are all its units settled, as paid for after all? Then nothing is to be held back for it. */
    boolean isFreed(RefundApproved refund) {
        Settled settled = picture.settled();
        if (!settled.isFreed(refund)) {
            return false;
        }
        return refund.isWholeOrder()
                ? facts.lineIds().stream().allMatch(line -> reckoning.isNothingLeftOf(line))
                : owedOf(refund).isEmpty() && reckoning.isNothingBoundTo(refund);
    }

    /**
     * The locks that {@code refund} calls for, by warehouse: none when all its units have shipped, unless they replace
     * those of a former version.
     */
    SortedMap<LockKey, Wanted> of(RefundApproved refund, boolean replaces) {
        List<Reckoning.Owed> owed = owedOf(refund);
        if (!refund.kind().counts() || isFreed(refund) || !(replaces || isStillToShip(refund, owed))) {
            return Collections.emptySortedMap();
        }
        SortedMap<LockKey, Wanted> wanted = new TreeMap<>();
        if (refund.isWholeOrder()) {
            wanted.put(new LockKey(refund.refundId(), null), new Wanted(true, lines(wholeOrder(owed))));
            return wanted;
        }
        Map<LockKey, Units> byWarehouse = new TreeMap<>();
        for (Reckoning.Owed each : owed) {
            LockKey key = new LockKey(refund.refundId(), each.line().warehouseId());
            byWarehouse
                    .computeIfAbsent(key, none -> new Units())
                    .add(each.line().lineId(), each.units());
        }
        byWarehouse.forEach((key, units) -> wanted.put(key, new Wanted(false, lines(units))));
        return wanted;
    }

    /** What a LOCK of the refund can be on, whatever became of the units. */
    static Set<LockKey> namedBy(RefundApproved refund) {
        if (refund.isWholeOrder()) {
            return Set.of(new LockKey(refund.refundId(), null));
        }
        Set<LockKey> named = new HashSet<>();
        for (RefundApproved.Line line : refund.lines()) {
            named.add(new LockKey(refund.refundId(), line.warehouseId()));
        }
        return named;
    }

    /** All that is ordered, as far as it is known; of other lines what the refund itself tells. */
    private Units wholeOrder(List<Reckoning.Owed> owed) {
        Units units = new Units();
        for (Reckoning.Owed each : owed) {
            if (!reckoning.isOrderedKnown(each.line().lineId())) {
                units.add(each.line().lineId(), each.units());
            }
        }
        for (String line : facts.lineIds()) {
            units.add(line, reckoning.orderedButBound(line));
        }
        return units;
    }

    private List<Reckoning.Owed> owedOf(RefundApproved refund) {
        List<Reckoning.Owed> owed = new ArrayList<>();
        for (Reckoning.Owed each : reckoning.owed(refund)) {
            if (each.units() > 0) {
                owed.add(each);
            }
        }
        return owed;
    }

    private boolean isStillToShip(RefundApproved refund, List<Reckoning.Owed> owed) {
        if (refund.isWholeOrder()) {
            return reckoning.isAnythingStillToShip();
        }
        for (Reckoning.Owed each : owed) {
            if (reckoning.isStillToShip(each.line().lineId())) {
                return true;
            }
        }
        return false;
    }

    private List<Effect.LineUnits> lines(Units units) {
        Map<String, String> skus = facts.skus();
        List<Effect.LineUnits> lines = new ArrayList<>();
        units.asMap()
                .forEach((line, count) -> lines.add(new Effect.LineUnits(line, skus.getOrDefault(line, line), count)));
        return Collections.unmodifiableList(lines);
    }
}
