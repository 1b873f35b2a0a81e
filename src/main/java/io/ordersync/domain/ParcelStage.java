package io.ordersync.domain;

/** Where a parcel is. The order of the symbols decides between two scans of one moment: the later symbol stands. */
public enum ParcelStage {
    UNKNOWN,
    LABEL_CREATED,
    PICKED_UP,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    DELIVERED,
    REFUSED,
    RETURNING,
    RETURNED,
    LOST,
    DAMAGED
}
