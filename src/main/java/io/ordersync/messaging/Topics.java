package io.ordersync.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of the topics. One that is not given (null, as configuration hands it in) has the contract's; an optional input
 * that is given as empty is absent, and its name is null here.
 */
public record Topics(
        String refundApproved,
        String shipmentCreated,
        @Nullable String refundClosed,
        @Nullable String shipmentVoided,
        @Nullable String shipmentStatus,
        @Nullable String warehouseLockResults,
        @Nullable String interceptResults,
        @Nullable String caseResolutions,
        String warehouseLockCommands,
        String interceptShipmentCommands,
        String orderAlerts,
        String orderCases,
        String deadLetters,
        String orderAlertsUndelivered) {

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException when Kafka allows no such name, or two are the same: a dead letter would be read
     *     again. The message begins with the name's property
     */
    public Topics {
        Names names = new Names();
        refundApproved = names.required("refund-approved", refundApproved);
        shipmentCreated = names.required("shipment-created", shipmentCreated);
        refundClosed = names.optional("refund-closed", refundClosed);
        shipmentVoided = names.optional("shipment-voided", shipmentVoided);
        shipmentStatus = names.optional("shipment-status", shipmentStatus);
        warehouseLockResults = names.optional("warehouse-lock-results", warehouseLockResults);
        interceptResults = names.optional("intercept-results", interceptResults);
        caseResolutions = names.optional("case-resolutions", caseResolutions);
        warehouseLockCommands = names.required("warehouse-lock-commands", warehouseLockCommands);
        interceptShipmentCommands = names.required("intercept-shipment-commands", interceptShipmentCommands);
        orderAlerts = names.required("order-alerts", orderAlerts);
        orderCases = names.required("order-cases", orderCases);
        deadLetters = names.required("dead-letters", deadLetters, "order-sync-dead-letters");
        orderAlertsUndelivered = names.required("order-alerts-undelivered", orderAlertsUndelivered);
    }

    /** The topics that must be there. */
    public Set<String> inputs() {
        return Set.of(refundApproved, shipmentCreated);
    }

    /** The topics that are read if they are there. */
    public Set<String> optionalInputs() {
        Stream<@Nullable String> all = Stream.of(
                refundClosed, shipmentVoided, shipmentStatus, warehouseLockResults, interceptResults, caseResolutions);
        return all.filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
    }

    /** The topics that the stream writes, without the service's own. */
    public Set<String> outputs() {
        return Set.of(warehouseLockCommands, interceptShipmentCommands, orderAlerts, orderCases, deadLetters);
    }

    /** Checks one name after the other: who comes second to a name is told who has it. */
    private static final class Names {

        private final Map<String, String> taken = new HashMap<>();

        String required(String property, @Nullable String name) {
            return required(property, name, property);
        }

        String required(String property, @Nullable String name, String contract) {
            String given = Objects.requireNonNullElse(name, contract);
            check(property, given);
            return given;
        }

        @Nullable
        String optional(String property, @Nullable String name) {
            return name != null && name.isEmpty() ? null : required(property, name);
        }

        private void check(String property, String name) {
            if (!LEGAL.matcher(name).matches()) {
                throw new IllegalArgumentException(property + " is '" + name
                        + "': a topic's name is needed, of letters, digits, '.', '_' and '-'");
            }
            String other = taken.putIfAbsent(name, property);
            if (other != null) {
                throw new IllegalArgumentException(
                        property + " is '" + name + "': a name of its own is needed, " + other + " has this one");
            }
        }
    }
}
