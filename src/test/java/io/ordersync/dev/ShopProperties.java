package io.ordersync.dev;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How busy the simulated shop is.
 *
 * @param ordersPerSecond orders made each second, 1 to 10000
 * @param racePercent how many of a hundred orders are refunded and shipped at once
 * @param seed the same seed makes the same orders
 */
@ConfigurationProperties("shop")
record ShopProperties(
        @DefaultValue("5") int ordersPerSecond,
        @DefaultValue("10") int racePercent,
        @DefaultValue("1") long seed) {
    ShopProperties {
        requireBetween("shop.orders-per-second", ordersPerSecond, 1, 10_000);
        requireBetween("shop.race-percent", racePercent, 0, 100);
    }

    private static void requireBetween(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", not " + least + " to " + most);
        }
    }
}
