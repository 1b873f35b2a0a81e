package io.ordersync.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is to be sent for one order: a command to a warehouse, a command to a courier's adapter, or an alert. */
public sealed interface Effect permits LockCommand, InterceptCommand, Alert {

    /** What a receiver deduplicates on; of an alert, whose state it is. */
    UUID id();

    /** Units of one order line. */
    record LineUnits(String lineId, String skuId, long quantity) {}

    /** Paid goods in the same parcel. Of a merged order nothing is known: {@code *} for line and sku, and no quantity. */
    record Collateral(String orderId, String lineId, String skuId, long quantity) {

        static Collateral ofMergedOrder(String orderId) {
            return new Collateral(orderId, "*", "*", 0);
        }
    }

    /** Would it be in excess also without what was told in symbols nobody here knows, and with every quantity known? */
    enum Certainty {
        UNKNOWN,
        CONFIRMED,
        SUSPECTED
    }

    /**
     * One fact or command that an alert rests on.
     *
     * @param id the eventId of a fact, the commandId of a command
     * @param at business time of a fact, wall clock of a command
     * @param source null for what we sent ourselves
     */
    record Evidence(Kind kind, String id, Instant at, Fact.@Nullable Source source) {

        /** What kind of fact or command. */
        public enum Kind {
            REFUND,
            SHIPMENT,
            INTERCEPT
        }
    }
}
