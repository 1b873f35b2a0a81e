package io.ordersync.dev;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulated warehouses, couriers and people behave. Shares are of a hundred.
 *
 * @param seed the same seed gives the same answer to the same command
 * @param hour how long an hour of the world outside takes
 * @param locksRefusedPercent LOCKs that a warehouse refuses
 * @param locksIgnoredPercent LOCKs that a warehouse never answers
 * @param pullsRefusedPercent parcels on the bench that the warehouse doesn't find in time
 * @param interceptsLatePercent INTERCEPTs that a courier accepts, and then delivers the parcel
 * @param interceptsRejectedPercent INTERCEPTs that a courier does not take
 * @param interceptsUnknownPercent INTERCEPTs of which a courier doesn't know what came of them
 * @param interceptsLostPercent INTERCEPTs that a courier never answers
 * @param returnsLostPercent parcels that are lost on their way back
 * @param doorRefusedPercent parcels that the buyer doesn't take
 * @param parcelsVoidedPercent parcels on the bench whose label is cancelled
 * @param refundsClosedPercent approved refunds that are withdrawn, rejected or can't be paid
 * @param casesResolvedPercent cases left to people that a person closes
 */
@ConfigurationProperties("shop")
record WorldProperties(
        @DefaultValue("1") long seed,
        @DefaultValue("1s") Duration hour,
        @DefaultValue("10") int locksRefusedPercent,
        @DefaultValue("5") int locksIgnoredPercent,
        @DefaultValue("15") int pullsRefusedPercent,
        @DefaultValue("10") int interceptsLatePercent,
        @DefaultValue("5") int interceptsRejectedPercent,
        @DefaultValue("10") int interceptsUnknownPercent,
        @DefaultValue("5") int interceptsLostPercent,
        @DefaultValue("5") int returnsLostPercent,
        @DefaultValue("3") int doorRefusedPercent,
        @DefaultValue("3") int parcelsVoidedPercent,
        @DefaultValue("3") int refundsClosedPercent,
        @DefaultValue("70") int casesResolvedPercent) {
    WorldProperties {
        if (hour.compareTo(Duration.ofMillis(10)) < 0 || hour.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("shop.hour is " + hour + ", not 10 ms to an hour");
        }
        requirePercent("shop.pulls-refused-percent", pullsRefusedPercent);
        requirePercent("shop.returns-lost-percent", returnsLostPercent);
        requirePercent("shop.door-refused-percent", doorRefusedPercent);
        requirePercent("shop.parcels-voided-percent", parcelsVoidedPercent);
        requirePercent("shop.refunds-closed-percent", refundsClosedPercent);
        requirePercent("shop.cases-resolved-percent", casesResolvedPercent);
        requirePercents("shop.locks-…-percent", locksRefusedPercent, locksIgnoredPercent);
        requirePercents(
                "shop.intercepts-…-percent",
                interceptsLatePercent,
                interceptsRejectedPercent,
                interceptsUnknownPercent,
                interceptsLostPercent);
    }

    /** Shares of one whole. */
    private static void requirePercents(String names, int... percents) {
        int sum = 0;
        for (int percent : percents) {
            requirePercent(names, percent);
            sum += percent;
        }
        if (sum > 100) {
            throw new IllegalArgumentException(names + " are " + sum + " together, not up to 100");
        }
    }

    private static void requirePercent(String name, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException(name + " is " + percent + ", not 0 to 100");
        }
    }
}
