package io.ordersync.domain;

/** A fact and the order it is about, as an input told them. */
public record Arrival(OrderKey order, Fact fact) {

    public Arrival {
        // One list for all orders of a merged parcel is told to each of them: an order is not merged with itself.
        if (fact instanceof ShipmentCreated shipment
                && shipment.mergedOrderIds().contains(order.orderId())) {
            fact = shipment.withoutMerged(order.orderId());
        }
    }
}
