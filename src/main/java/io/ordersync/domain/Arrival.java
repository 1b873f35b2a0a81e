package io.ordersync.domain;

/** A fact and the order it is about, as an input told them. */
public record Arrival(OrderKey order, Fact fact) {

    /** @throws Rejection when it resolves the case of another order */
    public Arrival {
        // One list for all orders of a merged parcel is told to each of them: an order is not merged with itself.
        if (fact instanceof ShipmentCreated shipment
                && shipment.mergedOrderIds().contains(order.orderId())) {
            fact = shipment.withoutMerged(order.orderId());
        }
        if (fact instanceof CaseResolved resolved
                && !resolved.caseId().equals(new Ids(order).orderCase().toString())) {
            throw Rejection.invalid("caseId is not that of the order's case");
        }
    }
}
