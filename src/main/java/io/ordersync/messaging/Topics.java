package io.ordersync.messaging;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the topics. One that is not given (null, as configuration hands it in) has the contract's.
 *
 * @param alertsUndelivered alerts that no channel took
 */
public record Topics(
        String refundApproved,
        String shipmentCreated,
        String warehouseLockCommands,
        String interceptShipmentCommands,
        String orderAlerts,
        String deadLetters,
        String alertsUndelivered) {

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException when Kafka allows no such name, or two are the same: a dead letter would be read again
     */
    public Topics {
        refundApproved = orDefault(refundApproved, "refund-approved");
        shipmentCreated = orDefault(shipmentCreated, "shipment-created");
        warehouseLockCommands = orDefault(warehouseLockCommands, "warehouse-lock-commands");
        interceptShipmentCommands = orDefault(interceptShipmentCommands, "intercept-shipment-commands");
        orderAlerts = orDefault(orderAlerts, "order-alerts");
        deadLetters = orDefault(deadLetters, "order-sync-dead-letters");
        alertsUndelivered = orDefault(alertsUndelivered, "order-alerts-undelivered");
        Set<String> seen = new HashSet<>();
        for (String name : List.of(
                refundApproved,
                shipmentCreated,
                warehouseLockCommands,
                interceptShipmentCommands,
                orderAlerts,
                deadLetters,
                alertsUndelivered)) {
            if (!LEGAL.matcher(name).matches()) {
                throw new IllegalArgumentException("not a topic's name: '" + name + "'");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException("two topics have the name '" + name + "'");
            }
        }
    }

    private static String orDefault(@Nullable String name, String contract) {
        return Objects.requireNonNullElse(name, contract);
    }
}
