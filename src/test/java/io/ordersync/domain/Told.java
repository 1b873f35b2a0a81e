package io.ordersync.domain;

import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command in the words of the contract.
 *
 * @param name of its id, between the order key and the generation
 * @param slot what it is in force for, such as {@code LOCK R1@*}
 * @param units of a LOCK or PULL_PARCEL, such as {@code  A×1}; else empty
 */
record Told(
        UUID id,
        String name,
        String slot,
        long generation,
        @Nullable UUID target,
        String units) {

    static Told of(Effect effect) {
        return switch (effect) {
            case LockCommand it -> {
                String parcel = it.shipmentId();
                boolean release = it.action() == LockCommand.Action.RELEASE;
                String action = release && parcel != null
                        ? "RELEASE_PARCEL"
                        : it.action().name();
                String object = parcel != null
                        ? parcel
                        : it.refundId() + '@' + Objects.requireNonNullElse(it.warehouseId(), "*");
                yield of(it.id(), action, object, it.generation(), it.targetId(), release ? "" : units(it));
            }
            case InterceptCommand it ->
                of(it.id(), it.action().name(), it.shipmentId(), it.generation(), it.targetId(), "");
            case OrderCase it -> throw new IllegalArgumentException("a case is no command: " + it);
            case Alert it -> throw new IllegalArgumentException(it.code() + " is no command");
        };
    }

    private static Told of(
            UUID id, String action, String object, long generation, @Nullable UUID target, String units) {
        return new Told(id, action + '|' + object, action + ' ' + object, generation, target, units);
    }

    private static String units(LockCommand command) {
        return command.wholeOrder()
                ? " all"
                : command.lines().stream()
                        .map(line -> " " + line.lineId() + '×' + line.quantity())
                        .collect(Collectors.joining());
    }

    String text() {
        return slot + units;
    }

    static String how(Alert alert) {
        return alert.severity() + " " + alert.action();
    }
}
