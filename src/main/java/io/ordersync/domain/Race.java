package io.ordersync.domain;

import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.Collateral;
import io.ordersync.domain.Effect.LineUnits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A parcel in excess and all that is reckoned of it.
 *
 * @param isRefundedForAllItIsKnown does R reach S on each of its lines, with kind and purpose known of all that is on them?
 * @param foundAt wall clock, when it was found in excess
 * @param exposureMinor worth of the units in excess, in the currency's minor unit; null: a price is not known, or
 *     there are several currencies
 * @param currency null: there are several
 */
record Race(
        Excess.Holding holding,
        Certainty certainty,
        boolean isRefundedForAllItIsKnown,
        Instant foundAt,
        @Nullable Long exposureMinor,
        @Nullable String currency) {

    static Race of(Excess.Holding holding, Excess excess, Instant foundAt) {
        List<String> lines = holding.parcel().made().lines().stream()
                .map(ShipmentCreated.Line::lineId)
                .toList();
        List<String> currencies = holding.refunds().stream()
                .map(RefundApproved::currency)
                .distinct()
                .toList();
        boolean oneCurrency = currencies.size() == 1;
        return new Race(
                holding,
                excess.certaintyOf(holding),
                lines.stream().allMatch(excess.reckoning()::isRefundedAsFarAsShipped)
                        && excess.reckoning().isAllKnownOn(lines),
                foundAt,
                oneCurrency ? worth(holding) : null,
                oneCurrency ? currencies.getFirst() : null);
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

    /** Is the courier to bring it back now? */
    boolean isToBeIntercepted(Policy policy) {
        return Row.recallOf(this, policy) == Row.Recall.NOW;
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
        return holding.refunds().stream().map(RefundApproved::refundId).sorted().toList();
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

    List<LineUnits> lines() {
        return parcel().skuUnits(holding.units());
    }

    /** Paid goods in the same parcel: of this order, and whatever the other orders in it hold. */
    List<Collateral> collateral(String orderId) {
        return Stream.concat(
                        parcel().skuUnits(holding.paid()).stream()
                                .map(paid -> new Collateral(orderId, paid.lineId(), paid.skuId(), paid.quantity())),
                        parcel().made().mergedOrderIds().stream().map(Collateral::ofMergedOrder))
                .toList();
    }

    /** Categories of the goods in excess. */
    List<String> categories() {
        return holding.units().keySet().stream()
                .flatMap(line -> told(holding, line, RefundApproved.Line::category, ShipmentCreated.Line::category)
                        .limit(1))
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable Long worth(Excess.Holding holding) {
        if (holding.units().isEmpty()) {
            return null;
        }
        try {
            long worth = 0;
            for (Map.Entry<String, Long> line : holding.units().entrySet()) {
                Long price = told(
                                holding,
                                line.getKey(),
                                RefundApproved.Line::unitPriceMinor,
                                ShipmentCreated.Line::unitPriceMinor)
                        .findFirst()
                        .orElse(null);
                if (price == null) {
                    return null;
                }
                worth = Math.addExact(worth, Math.multiplyExact(price, line.getValue()));
            }
            return worth;
        } catch (ArithmeticException e) {
            // Prices that no shop has: as good as not told.
            return null;
        }
    }

    /** What was told of a line: by the refunds, the earliest approved first, else by the parcel. */
    private static <T> Stream<T> told(
            Excess.Holding holding,
            String lineId,
            Function<RefundApproved.Line, @Nullable T> byRefund,
            Function<ShipmentCreated.Line, @Nullable T> byParcel) {
        List<T> told = new ArrayList<>();
        for (RefundApproved refund : holding.refunds()) {
            refund.lines().stream()
                    .filter(line -> line.lineId().equals(lineId))
                    .map(byRefund)
                    .filter(Objects::nonNull)
                    .forEach(told::add);
        }
        holding.parcel().made().lines().stream()
                .filter(line -> line.lineId().equals(lineId))
                .map(byParcel)
                .filter(Objects::nonNull)
                .forEach(told::add);
        return told.stream();
    }
}
