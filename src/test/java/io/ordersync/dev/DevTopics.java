package io.ordersync.dev;

import static java.util.Objects.requireNonNull;

import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.contract.WarehouseLockResult;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** The contract's topics by their default names, and the key that all records on them share. */
final class DevTopics {
    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";
    static final String REFUNDS_CLOSED = "refund-closed";
    static final String PARCELS_VOIDED = "shipment-voided";
    static final String SCANS = "shipment-status";
    static final String LOCK_RESULTS = "warehouse-lock-results";
    static final String INTERCEPT_RESULTS = "intercept-results";
    static final String RESOLUTIONS = "case-resolutions";
    static final String LOCKS = "warehouse-lock-commands";
    static final String INTERCEPTS = "intercept-shipment-commands";
    static final String ALERTS = "order-alerts";
    static final String CASES = "order-cases";
    static final String DEAD_LETTERS = "order-sync-dead-letters";
    static final String UNDELIVERED = "order-alerts-undelivered";

    /** Those about one order each. */
    static final List<String> OF_ORDERS = List.of(
            REFUNDS,
            PARCELS,
            REFUNDS_CLOSED,
            PARCELS_VOIDED,
            SCANS,
            LOCKS,
            LOCK_RESULTS,
            INTERCEPTS,
            INTERCEPT_RESULTS,
            ALERTS,
            CASES,
            RESOLUTIONS);

    private static final Map<Class<? extends SpecificRecordBase>, String> SAID = Map.of(
            RefundClosed.class, REFUNDS_CLOSED,
            ShipmentVoided.class, PARCELS_VOIDED,
            ShipmentStatusChanged.class, SCANS,
            WarehouseLockResult.class, LOCK_RESULTS,
            InterceptResult.class, INTERCEPT_RESULTS,
            CaseResolved.class, RESOLUTIONS);

    private DevTopics() {}

    /** Where the simulated world says this. */
    static String of(SpecificRecordBase said) {
        return requireNonNull(SAID.get(said.getClass()), () -> "nobody says a " + said.getClass());
    }

    static String orderKey(SpecificRecordBase value) {
        return value.get("platform") + ":" + value.get("shopId") + ":" + value.get("orderId");
    }
}
