package io.ordersync.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What someone told us about one order. A fact carries business time, never the time it reached us.
 *
 * @see OrderFacts#with(Fact)
 */
public sealed interface Fact
        permits RefundApproved,
                RefundClosed,
                ShipmentCreated,
                ShipmentVoided,
                ShipmentStatusChanged,
                WarehouseLockResult,
                InterceptResult,
                CaseResolved {

    /** How many lines a record may have (CONTRACT.md, Dead letters). */
    int MAX_LINES = 500;

    /** Of two facts of one version and one time, the greater eventId stands. */
    String eventId();

    /** Where it was read. */
    Source source();

    /** When it happened, UTC, by the clock of whoever tells it. */
    Instant at();

    /** The refund or the parcel it is about; null: it is about a command, or the case. */
    @Nullable
    String subject();

    /** Where a fact was read: the topic follows from its kind. */
    record Source(int partition, long offset) {}
}
