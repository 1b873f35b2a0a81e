package io.ordersync.domain;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one order: of every refund and parcel the telling that stands. Facts may come in any order and any
 * number of times; the result is the same.
 *
 * @param refunds by refundId
 * @param parcels by shipmentId
 */
public record OrderFacts(SortedMap<String, RefundApproved> refunds, SortedMap<String, Parcel> parcels) {

    /** How many refunds, and how many parcels, an order may have (CONTRACT.md, Dead letters). */
    static final int MAX_OF_EACH = 200;

    public static final OrderFacts NONE = new OrderFacts(new TreeMap<>(), new TreeMap<>());

    public OrderFacts {
        refunds = Collections.unmodifiableSortedMap(refunds);
        parcels = Collections.unmodifiableSortedMap(parcels);
    }

    /**
     * These facts and {@code fact}; this very object when nothing new was said.
     *
     * @throws Rejection when it is of the order's 201st refund or parcel
     */
    OrderFacts with(Fact fact) {
        return switch (fact) {
            case RefundApproved refund -> with(refund);
            case ShipmentCreated shipment -> with(shipment);
        };
    }

    /** Does {@code fact} neither stand nor repeat what does? */
    boolean isStale(Fact fact) {
        return switch (fact) {
            case RefundApproved refund -> isBelow(refund, refunds.get(refund.refundId()));
            case ShipmentCreated shipment -> {
                Parcel parcel = parcels.get(shipment.shipmentId());
                yield parcel != null && ShipmentCreated.BY_STANDING.compare(shipment, parcel.made()) < 0;
            }
        };
    }

    private static boolean isBelow(RefundApproved refund, @Nullable RefundApproved stands) {
        return stands != null && RefundApproved.BY_STANDING.compare(refund, stands) < 0;
    }

    private OrderFacts with(RefundApproved refund) {
        RefundApproved known = refunds.get(refund.refundId());
        if (known != null && RefundApproved.BY_STANDING.compare(refund, known) <= 0) {
            return this;
        }
        return new OrderFacts(and(refunds, refund.refundId(), refund, "refundId"), parcels);
    }

    private OrderFacts with(ShipmentCreated shipment) {
        Parcel known = parcels.get(shipment.shipmentId());
        Parcel parcel = known == null ? Parcel.of(shipment) : known.toldAgain(shipment);
        return parcel.equals(known)
                ? this
                : new OrderFacts(refunds, and(parcels, shipment.shipmentId(), parcel, "shipmentId"));
    }

    private static <T> SortedMap<String, T> and(SortedMap<String, T> known, String id, T news, String field) {
        if (known.size() >= MAX_OF_EACH && !known.containsKey(id)) {
            throw new Rejection(
                    Rejection.Reason.TOO_MANY,
                    field + " is of one more than the " + MAX_OF_EACH + " that are kept of an order");
        }
        NavigableMap<String, T> all = new TreeMap<>(known);
        all.put(id, news);
        return all;
    }

    /** Units ordered, by line: the greatest number anyone told, whatever became of the refund or parcel that told it. */
    SortedMap<String, Integer> ordered() {
        SortedMap<String, Integer> ordered = new TreeMap<>();
        refunds.values()
                .forEach(refund ->
                        refund.lines().forEach(line -> learn(ordered, line.lineId(), line.orderedQuantity())));
        parcels.values()
                .forEach(parcel ->
                        parcel.made().lines().forEach(line -> learn(ordered, line.lineId(), line.orderedQuantity())));
        return ordered;
    }

    private static void learn(SortedMap<String, Integer> ordered, String lineId, @Nullable Integer quantity) {
        if (quantity != null) {
            ordered.merge(lineId, quantity, Math::max);
        }
    }

    /** Every line that anyone told of. */
    SortedSet<String> lineIds() {
        SortedSet<String> lineIds = new TreeSet<>();
        refunds.values().forEach(refund -> refund.lines().forEach(line -> lineIds.add(line.lineId())));
        parcels.values().forEach(parcel -> parcel.made().lines().forEach(line -> lineIds.add(line.lineId())));
        return lineIds;
    }

    /** Is a unit refunded of a parcel not yet seen? */
    boolean isAnyParcelAwaited() {
        return refunds.values().stream()
                .filter(refund -> refund.kind().counts())
                .flatMap(refund -> refund.lines().stream())
                .anyMatch(line -> line.shipmentId() != null && !parcels.containsKey(line.shipmentId()));
    }

    /** The sku of every line, as a refund tells it, else a parcel. */
    Map<String, String> skus() {
        Map<String, String> skus = new HashMap<>();
        refunds.values()
                .forEach(refund -> refund.lines().forEach(line -> skus.putIfAbsent(line.lineId(), line.skuId())));
        parcels.values()
                .forEach(
                        parcel -> parcel.made().lines().forEach(line -> skus.putIfAbsent(line.lineId(), line.skuId())));
        return skus;
    }
}
