package io.ordersync.domain;

import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.Collateral;
import io.ordersync.domain.Effect.LineUnits;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A parcel in excess and all that is reckoned of it.
 *
 * @param isRefundedForSure is all that has shipped on its lines refunded, and nothing on them told in unknown symbols?
 * @param foundAt wall clock, when it was found in excess
 * @param lines the units in excess
 * @param categories of the goods in excess
 * @param exposureMinor worth of the units in excess, in the currency's minor unit; null: a price is not known, or
 *     there are several currencies
 * @param currency null: there are several
 */
record Race(
        Excess.Holding holding,
        Certainty certainty,
        boolean isRefundedForSure,
        Instant foundAt,
        List<LineUnits> lines,
        List<String> categories,
        @Nullable Long exposureMinor,
        @Nullable String currency) {

    /** What is told of the goods on a line: by the refunds, the earliest approved first, else by the parcel. */
    private record Goods(
            String skuId,
            @Nullable Long unitPriceMinor,
            @Nullable String category) {

        Goods or(Goods other) {
            return new Goods(
                    skuId,
                    unitPriceMinor == null ? other.unitPriceMinor : unitPriceMinor,
                    category == null ? other.category : category);
        }
    }

    static Race of(Excess.Holding holding, Excess excess, Instant foundAt) {
        Map<String, Goods> goods = goods(holding);
        List<LineUnits> lines = new ArrayList<>();
        SortedSet<String> categories = new TreeSet<>();
        holding.units().forEach((lineId, units) -> {
            Goods told = goods.getOrDefault(lineId, new Goods(lineId, null, null));
            lines.add(new LineUnits(lineId, told.skuId(), units));
            if (told.category() != null) {
                categories.add(told.category());
            }
        });
        Set<String> currencies = new HashSet<>();
        for (RefundApproved refund : holding.refunds()) {
            currencies.add(refund.currency());
        }
        boolean oneCurrency = currencies.size() == 1;
        return new Race(
                holding,
                excess.certaintyOf(holding),
                excess.reckoning().isRefundedForSure(holding.parcel()),
                foundAt,
                lines,
                List.copyOf(categories),
                oneCurrency ? worth(holding, goods) : null,
                oneCurrency ? currencies.iterator().next() : null);
    }

    private static Map<String, Goods> goods(Excess.Holding holding) {
        Map<String, Goods> goods = new HashMap<>();
        for (RefundApproved refund : holding.refunds()) {
            for (RefundApproved.Line line : refund.lines()) {
                goods.merge(line.lineId(), new Goods(line.skuId(), line.unitPriceMinor(), line.category()), Goods::or);
            }
        }
        for (ShipmentCreated.Line line : holding.parcel().made().lines()) {
            goods.merge(line.lineId(), new Goods(line.skuId(), line.unitPriceMinor(), line.category()), Goods::or);
        }
        return goods;
    }

    /** Null when a price is not told, or of no shop there is: then it is as good as not told. */
    private static @Nullable Long worth(Excess.Holding holding, Map<String, Goods> goods) {
        BigInteger worth = BigInteger.ZERO;
        for (Map.Entry<String, Long> line : holding.units().entrySet()) {
            Goods told = goods.get(line.getKey());
            if (told == null || told.unitPriceMinor() == null) {
                return null;
            }
            worth = worth.add(BigInteger.valueOf(told.unitPriceMinor()).multiply(BigInteger.valueOf(line.getValue())));
        }
        return holding.units().isEmpty() || worth.bitLength() > 63 ? null : (Long) worth.longValue();
    }

    Parcel parcel() {
        return holding.parcel();
    }

    String shipmentId() {
        return parcel().id();
    }

    boolean isMixed() {
        return holding.mixed();
    }

    boolean isSuspected() {
        return certainty == Certainty.SUSPECTED;
    }

    boolean isWorthLessThan(Map<String, Long> feeMinor) {
        Long fee = currency == null ? null : feeMinor.get(currency);
        return fee != null && exposureMinor != null && exposureMinor < fee;
    }

    /** Is the warehouse to take it off the bench? A suspected parcel only if it would be intercepted too. */
    boolean isToBePulled(Policy policy) {
        return parcel().mayBeOnTheBench()
                && !parcel().made().digital()
                && Row.of(this, policy) != Row.NOT_HEARD_OF
                && !(isMixed() && parcel().isWithoutLines())
                && !(isSuspected() && Row.recallOf(this, policy) == Row.Recall.NEVER);
    }

    /** Of the refunds that have a part in it, the earliest approved. */
    RefundApproved firstRefund() {
        return holding.refunds().getFirst();
    }

    List<String> refundIds() {
        List<String> ids = new ArrayList<>();
        for (RefundApproved refund : holding.refunds()) {
            ids.add(refund.refundId());
        }
        Collections.sort(ids);
        return Collections.unmodifiableList(ids);
    }

    /** Business time: when the second of refund and parcel happened. */
    Instant occurredAt() {
        return isParcelMadeAfterRefund()
                ? parcel().made().createdAt()
                : firstRefund().approvedAt();
    }

    boolean isParcelMadeAfterRefund() {
        return parcel().made().createdAt().isAfter(firstRefund().approvedAt());
    }

    /** Paid goods in the same parcel: of this order, and whatever the other orders in it hold. */
    List<Collateral> collateral(String orderId) {
        List<Collateral> collateral = new ArrayList<>();
        for (LineUnits paid : parcel().skuUnits(holding.paid())) {
            collateral.add(new Collateral(orderId, paid.lineId(), paid.skuId(), paid.quantity()));
        }
        for (String other : parcel().made().mergedOrderIds()) {
            collateral.add(Collateral.ofMergedOrder(other));
        }
        return Collections.unmodifiableList(collateral);
    }
}
