package io.ordersync.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of the topics. One that is not given (null, as configuration hands it in) has the contract's. */
public record Topics(
        String refundApproved,
        String shipmentCreated,
        String warehouseLockCommands,
        String interceptShipmentCommands,
        String orderAlerts,
        String deadLetters) {

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException when Kafka allows no such name, or two are the same: a dead letter would be read
     *     again. The message begins with the name's property
     */
    public Topics {
        refundApproved = orDefault(refundApproved, "refund-approved");
        shipmentCreated = orDefault(shipmentCreated, "shipment-created");
        warehouseLockCommands = orDefault(warehouseLockCommands, "warehouse-lock-commands");
        interceptShipmentCommands = orDefault(interceptShipmentCommands, "intercept-shipment-commands");
        orderAlerts = orDefault(orderAlerts, "order-alerts");
        deadLetters = orDefault(deadLetters, "order-sync-dead-letters");
        Map<String, String> taken = new HashMap<>();
        check(taken, "refund-approved", refundApproved);
        check(taken, "shipment-created", shipmentCreated);
        check(taken, "warehouse-lock-commands", warehouseLockCommands);
        check(taken, "intercept-shipment-commands", interceptShipmentCommands);
        check(taken, "order-alerts", orderAlerts);
        check(taken, "dead-letters", deadLetters);
    }

    private static void check(Map<String, String> taken, String property, String name) {
        if (!LEGAL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    property + " is '" + name + "': a topic's name is needed, of letters, digits, '.', '_' and '-'");
        }
        String other = taken.putIfAbsent(name, property);
        if (other != null) {
            throw new IllegalArgumentException(
                    property + " is '" + name + "': a name of its own is needed, " + other + " has this one");
        }
    }

    private static String orDefault(@Nullable String name, String contract) {
        return Objects.requireNonNullElse(name, contract);
    }
}
