package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RecommendedAction;
import org.jspecify.annotations.Nullable;

/** What is remembered of what a channel was told last of an alert: an alert itself may be large. */
record Standing(
        AlertState state,
        AlertSeverity severity,
        RecommendedAction action,
        @Nullable String warehouseId,
        @Nullable String courier) {

    static Standing of(OrderAlert alert) {
        return new Standing(
                alert.getState(),
                alert.getSeverity(),
                alert.getRecommendedAction(),
                alert.getWarehouseId(),
                alert.getCourier());
    }

    boolean isFiring() {
        return state != AlertState.RESOLVED;
    }

    /** True when {@code alert} asks people for nothing else. */
    boolean isRepeatedBy(OrderAlert alert) {
        return state == alert.getState() && severity == alert.getSeverity() && action == alert.getRecommendedAction();
    }
}
