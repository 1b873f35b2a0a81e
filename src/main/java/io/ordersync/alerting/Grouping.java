package io.ordersync.alerting;

import io.ordersync.contract.OrderAlert;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How alerts of one kind come together in one message: the first goes after {@code firstAfter}, what follows is collected, and goes
 * every {@code interval}. What is CRITICAL waits for neither.
 *
 * @param by alerts that are alike in all of these are one group; empty: all are
 * @param firstAfter zero or more
 * @param interval zero or more; zero: nothing is collected
 */
public record Grouping(Set<Key> by, Duration firstAfter, Duration interval) {

    /** For systems that group by themselves. */
    static final Grouping NONE = new Grouping(Set.of(), Duration.ZERO, Duration.ZERO);

    static final Grouping BY_WAREHOUSE = new Grouping(Set.of(Key.WAREHOUSE), Duration.ZERO, Duration.ofMinutes(2));

    /** What alerts may have in common. */
    public enum Key {
        PLATFORM(OrderAlert::getPlatform),
        SHOP(alert -> alert.getPlatform() + ":" + alert.getShopId()),
        WAREHOUSE(alert -> Objects.requireNonNullElse(alert.getWarehouseId(), "-")),
        COURIER(alert -> Objects.requireNonNullElse(alert.getCourier(), "-")),
        CODE(alert -> alert.getCode().name()),
        SEVERITY(alert -> alert.getSeverity().name());

        @SuppressWarnings("ImmutableEnumChecker") // they have no state
        private final Function<OrderAlert, String> part;

        Key(Function<OrderAlert, String> part) {
            this.part = part;
        }
    }

    /** @throws IllegalArgumentException when a duration is negative */
    public Grouping {
        if (firstAfter.isNegative() || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "neither first-after nor interval may be negative: " + firstAfter + ", " + interval);
        }
        // In the order of the keys, whatever order they are given in: it names the group.
        by = by.isEmpty() ? Set.of() : EnumSet.copyOf(by);
    }

    /** The name of the group of {@code alert}. */
    String groupOf(OrderAlert alert) {
        return by.stream().map(key -> key.part.apply(alert)).collect(Collectors.joining(" "));
    }
}
