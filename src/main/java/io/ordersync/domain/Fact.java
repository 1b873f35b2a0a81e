package io.ordersync.domain;

/**
 * What someone told us about one order. A fact carries business time, never the time it reached us.
 *
 * @see OrderFacts#with(Fact)
 */
public sealed interface Fact permits RefundApproved, ShipmentCreated {

    /** How many lines a record may have (CONTRACT.md, Dead letters). */
    int MAX_LINES = 500;

    /** Of two facts of one version and one time, the greater eventId stands. */
    String eventId();

    /** Where it was read. */
    Source source();

    /** When it happened, UTC, by the clock of whoever tells it. */
    java.time.Instant at();

    /** The refund or the parcel it is about. */
    String subject();

    /** Where a fact was read: the topic follows from its kind. */
    record Source(int partition, long offset) {}
}
