package io.ordersync.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which units must not leave which warehouse (CONTRACT.md, Locks). */
final class Locks {

    /** What a LOCK on a warehouse asks for. */
    record Wanted(boolean wholeOrder, List<Effect.LineUnits> lines) {}

    private final OrderFacts facts;
    private final Reckoning reckoning;

    Locks(OrderFacts facts, Reckoning reckoning) {
        this.facts = facts;
        this.reckoning = reckoning;
    }

    /** May any refunded unit still be shipped? Then the order is open. */
    boolean isAnyStillWanted() {
        return facts.refunds().values().stream()
                .anyMatch(refund -> refund.kind().counts() && isStillToShip(refund, owedOf(refund)));
    }

    /**
     * The locks that {@code refund} calls for, by warehouse: none when all its units have shipped, unless they replace
     * those of a former version.
     */
    SortedMap<LockKey, Wanted> of(RefundApproved refund, boolean replaces) {
        List<Reckoning.Owed> owed = owedOf(refund);
        if (!refund.kind().counts() || !(replaces || isStillToShip(refund, owed))) {
            return Collections.emptySortedMap();
        }
        SortedMap<LockKey, Wanted> wanted = new TreeMap<>();
        if (refund.isWholeOrder()) {
            wanted.put(new LockKey(refund.refundId(), null), new Wanted(true, lines(owed)));
            return wanted;
        }
        Map<LockKey, List<Reckoning.Owed>> byWarehouse = new TreeMap<>();
        for (Reckoning.Owed each : owed) {
            LockKey key = new LockKey(refund.refundId(), each.line().warehouseId());
            byWarehouse.computeIfAbsent(key, none -> new ArrayList<>()).add(each);
        }
        byWarehouse.forEach((key, lines) -> wanted.put(key, new Wanted(false, lines(lines))));
        return wanted;
    }

    private List<Reckoning.Owed> owedOf(RefundApproved refund) {
        return reckoning.owed().stream()
                .filter(owed -> owed.isOf(refund))
                .filter(owed -> owed.units() > 0)
                .toList();
    }

    private boolean isStillToShip(RefundApproved refund, List<Reckoning.Owed> owed) {
        return refund.isWholeOrder()
                ? reckoning.isAnythingStillToShip()
                : owed.stream()
                        .anyMatch(each -> reckoning.isStillToShip(each.line().lineId()));
    }

    private static List<Effect.LineUnits> lines(List<Reckoning.Owed> owed) {
        Units units = new Units();
        SortedMap<String, String> skus = new TreeMap<>();
        for (Reckoning.Owed each : owed) {
            units.add(each.line().lineId(), each.units());
            skus.putIfAbsent(each.line().lineId(), each.line().skuId());
        }
        List<Effect.LineUnits> lines = new ArrayList<>();
        units.asMap().forEach((line, quantity) -> {
            @Nullable String sku = skus.get(line);
            lines.add(new Effect.LineUnits(line, sku == null ? line : sku, quantity));
        });
        return lines;
    }
}
