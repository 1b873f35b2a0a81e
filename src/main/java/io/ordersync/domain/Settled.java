package io.ordersync.domain;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What resolutions have settled: units that leave O, R and S together, whatever becomes of their parcels (CONTRACT.md, When
 * is it a race).
 */
final class Settled {

    private record BoundTo(String refundId, String shipmentId) {}

    static final Settled NOTHING = new Settled();

    /** By shipmentId. */
    private final Map<String, Units> ofParcel = new HashMap<>();
    /** Parcels whose lines nobody told: settled whole. */
    private final Set<String> wholeParcels = new HashSet<>();
    /** By refundId, units of it that are bound to no parcel. */
    private final Map<String, Units> ofRefund = new HashMap<>();
    /** Units of a refund that are bound to a parcel. */
    private final Map<BoundTo, Units> bound = new HashMap<>();
    /** Refunds that had a part in what was settled last as paid for after all. */
    private final Set<String> freed = new HashSet<>();

    private Settled() {}

    /** The resolutions one after the other, each as its person saw the order. */
    static Settled of(OrderFacts facts, Sent sent, Answers answers) {
        if (facts.resolutions().isEmpty()) {
            return NOTHING;
        }
        Settled settled = new Settled();
        for (CaseResolved resolved : facts.resolutions()) {
            settled.add(resolved, Picture.seenBy(resolved, facts, sent, answers, settled));
        }
        return settled;
    }

    private void add(CaseResolved resolved, Picture seen) {
        Excess excess = Excess.of(seen);
        Map<String, Excess.Holding> holdings = new HashMap<>(excess.holdings());
        holdings.putAll(excess.lost());
        // Of each refund, what it owes and no settled unit has taken.
        Map<String, Units> owed = new HashMap<>();
        for (RefundApproved refund : excess.reckoning().refunds()) {
            owed.put(refund.refundId(), excess.reckoning().owedBy(refund));
        }
        holdings.values().stream()
                .filter(holding -> seen.isCovered(resolved, holding.parcel()))
                .sorted(Comparator.comparing(holding -> holding.parcel().id()))
                .forEach(holding -> {
                    add(holding, excess.reckoning(), owed);
                    free(resolved, holding);
                });
    }

    private void add(Excess.Holding holding, Reckoning reckoning, Map<String, Units> owed) {
        Parcel parcel = holding.parcel();
        if (parcel.isWithoutLines()) {
            wholeParcels.add(parcel.id());
        }
        holding.units().forEach((line, units) -> {
            units(ofParcel, parcel.id()).add(line, units);
            long rest = units;
            for (RefundApproved refund : reckoning.refunds()) {
                long its = Math.min(rest, reckoning.boundBy(refund, parcel, line));
                units(bound, boundKey(refund, parcel.id())).add(line, its);
                rest -= its;
            }
            for (RefundApproved refund : reckoning.refunds()) {
                long its = units(owed, refund.refundId()).take(line, rest);
                units(ofRefund, refund.refundId()).add(line, its);
                rest -= its;
            }
        });
    }

    private void free(CaseResolved resolved, Excess.Holding holding) {
        for (RefundApproved refund : holding.refunds()) {
            if (resolved.resolution().freesGoods()) {
                freed.add(refund.refundId());
            } else {
                freed.remove(refund.refundId());
            }
        }
    }

    private static <K> Units units(Map<K, Units> of, K key) {
        return of.computeIfAbsent(key, none -> new Units());
    }

    private static BoundTo boundKey(RefundApproved refund, String shipmentId) {
        return new BoundTo(refund.refundId(), shipmentId);
    }

    /** Is it settled whole, since nobody told what is in it? */
    boolean isWhole(Parcel parcel) {
        return wholeParcels.contains(parcel.id());
    }

    /** Units of the parcel. */
    Units of(Parcel parcel) {
        return ofParcel.getOrDefault(parcel.id(), new Units());
    }

    /** Units of the refund that are bound to no parcel. */
    Units of(RefundApproved refund) {
        return ofRefund.getOrDefault(refund.refundId(), new Units());
    }

    /** Units of the refund that are bound to the parcel. */
    Units of(RefundApproved refund, String shipmentId) {
        return bound.getOrDefault(boundKey(refund, shipmentId), new Units());
    }

    /** Are units of it paid for after all? */
    boolean isFreed(RefundApproved refund) {
        return freed.contains(refund.refundId());
    }
}
