package io.ordersync.streams;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Fact;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.Policy;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An order as a shop has it: its id has 19 digits, as platforms make them, and of three orders one has one line in each
 * parcel, one has two, and one three.
 *
 * @param number two orders of one number are equal
 * @param related are the ids of parcels, events and lines made of the order's, as many shops have them? Else each is a number
 *     of its own, of which nothing can be told by another
 */
record BenchOrder(long number, boolean related) {

    BenchOrder(long number) {
        this(number, true);
    }

    static final Instant NOW = Instant.parse("2026-11-22T12:34:56.789Z");

    static final Policy POLICY = Facts.policy();

    private String id() {
        return Long.toString(6_920_000_000_000_000_000L + number * 1_000 + number * 617 % 1_000);
    }

    /** The parcels after the first have ids of their own. */
    private String id(int parcel) {
        return Long.toString(Long.parseLong(id()) + parcel * 1_000_000_007_000L);
    }

    /** Of the parcel, an event of it, or what belongs to it. */
    private String id(String kind, int parcel) {
        return kind + (related ? id(parcel) : other(kind.hashCode() + 31L * parcel));
    }

    private String lineId(int line) {
        return related ? id() + "-" + line : other(-line);
    }

    private String other(long which) {
        return Long.toString(
                new SplittableRandom(number * 1_000_003 + which).nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE));
    }

    OrderKey key() {
        return new OrderKey("DOUYIN", "shop-" + number % 10, id());
    }

    private IntStream lines(int parcel) {
        int each = 1 + (int) (number % 3);
        return IntStream.rangeClosed(parcel * each + 1, (parcel + 1) * each);
    }

    /** Of a topic that has had some ten million records of each partition. */
    private Source source() {
        return new Source((int) (number % 12), 10_000_000 + number);
    }

    /** @param parcel its number, from 0 on */
    Arrival made(int parcel) {
        return arrival(new ShipmentCreated(
                source(),
                id("se-", parcel),
                id("S", parcel),
                1,
                id("SF", parcel),
                "SF",
                "WH-3",
                null,
                ShipmentCreated.Purpose.ORIGINAL,
                ParcelStage.LABEL_CREATED,
                false,
                List.of(),
                lines(parcel)
                        .mapToObj(line ->
                                new ShipmentCreated.Line(lineId(line), "SKU-10" + line % 10, 1, 1, 12_900L, "phones"))
                        .toList(),
                NOW.minus(Duration.ofMinutes(20)).minusMillis(number % 1_000)));
    }

    Arrival scanned(int parcel) {
        return arrival(new ShipmentStatusChanged(
                source(),
                id("st-", parcel),
                id("S", parcel),
                ParcelStage.IN_TRANSIT,
                NOW.minus(Duration.ofMinutes(5)).minusMillis(number % 1_000)));
    }

    /** Of all that is in the first parcel. */
    Arrival refunded() {
        return arrival(new RefundApproved(
                source(),
                id("re-", 0),
                id("R", 0),
                1,
                RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT,
                RefundApproved.Cause.BUYER_REQUEST,
                false,
                "CNY",
                lines(0).mapToObj(line -> new RefundApproved.Line(
                                lineId(line), "SKU-10" + line % 10, 1, 1, 12_900L, "phones", "WH-3", null))
                        .toList(),
                NOW.minus(Duration.ofMinutes(60)).minusMillis(number % 1_000)));
    }

    private Arrival arrival(Fact fact) {
        return new Arrival(key(), fact);
    }

    /** After so many parcels were made. */
    OrderRecord shipped(int parcels) {
        OrderRecord record = OrderRecord.NEW;
        for (int parcel = 0; parcel < parcels; parcel++) {
            record = after(record, made(parcel));
        }
        return record;
    }

    /** One parcel, scanned once on its way. */
    OrderRecord underWay() {
        return after(shipped(1), scanned(0));
    }

    /** One parcel under way with what was refunded: its INTERCEPT is sent, and the case is open. */
    OrderRecord race() {
        return after(underWay(), refunded());
    }

    private static OrderRecord after(OrderRecord before, Arrival arrival) {
        return Objects.requireNonNull(Decision.on(arrival, before, POLICY, NOW).next());
    }
}
