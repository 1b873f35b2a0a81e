package io.ordersync.alerting;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.OrderAlert;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts a channel is told of. A set that is empty asks for nothing.
 *
 * @param shops as {@code <PLATFORM>:<shopId>}: ids of shops are those of their platform
 */
public record Route(
        Set<AlertSeverity> severities,
        Set<AlertCode> codes,
        Set<String> shops,
        Set<String> warehouses,
        Set<String> couriers) {

    /** All alerts. */
    public static final Route ALL = new Route(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

    public Route {
        severities = Set.copyOf(severities);
        codes = Set.copyOf(codes);
        shops = Set.copyOf(shops);
        warehouses = Set.copyOf(warehouses);
        couriers = Set.copyOf(couriers);
    }

    /** True for what fits; a severity or code of a newer contract fits whatever is asked for: better one message too many. */
    boolean takes(OrderAlert alert) {
        return (alert.getSeverity() == AlertSeverity.UNKNOWN || allows(severities, alert.getSeverity()))
                && (alert.getCode() == AlertCode.UNKNOWN || allows(codes, alert.getCode()))
                && allows(shops, alert.getPlatform() + ":" + alert.getShopId())
                && allows(warehouses, alert.getWarehouseId())
                && allows(couriers, alert.getCourier());
    }

    private static <T> boolean allows(Set<T> asked, @Nullable T found) {
        return asked.isEmpty() || (found != null && asked.contains(found));
    }
}
