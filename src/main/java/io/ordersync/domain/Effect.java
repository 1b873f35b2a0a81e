package io.ordersync.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is to be sent for one order: a command to a warehouse, a command to a courier's adapter, an alert, or its case. */
public sealed interface Effect permits LockCommand, InterceptCommand, Alert, OrderCase {

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
     * One fact or command that an alert or a case rests on.
     *
     * @param id the eventId of a fact, the commandId of a command
     * @param at business time of a fact, wall clock of a command
     * @param source null for what we sent ourselves
     */
    record Evidence(Kind kind, String id, Instant at, Fact.@Nullable Source source) {

        static Evidence of(Fact fact) {
            return new Evidence(Kind.of(fact), fact.eventId(), fact.at(), fact.source());
        }

        /** What kind of fact or command. A PULL_PARCEL and a RELEASE are LOCKs here, a CANCEL an INTERCEPT. */
        public enum Kind {
            REFUND,
            SHIPMENT,
            INTERCEPT,
            REFUND_CLOSED,
            VOID,
            SCAN,
            LOCK,
            LOCK_ANSWER,
            INTERCEPT_ANSWER,
            RESOLUTION;

            private static Kind of(Fact fact) {
                return switch (fact) {
                    case RefundApproved approved -> REFUND;
                    case RefundClosed closed -> REFUND_CLOSED;
                    case ShipmentCreated made -> SHIPMENT;
                    case ShipmentVoided voided -> VOID;
                    case ShipmentStatusChanged status -> SCAN;
                    case WarehouseLockResult result -> LOCK_ANSWER;
                    case InterceptResult result -> INTERCEPT_ANSWER;
                    case CaseResolved resolved -> RESOLUTION;
                };
            }
        }
    }
}
