package io.ordersync.dev;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.dev.ShopEvent.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The endless sequence of what the shop sends, in the order it is due. The seed decides everything: there is no clock and
 * no thread here. Most orders are only shipped; some are refunded in time, some in part; so many of a hundred are a race.
 */
final class ShopEvents {
    private static final int DUPLICATE_PERCENT = 3;
    private static final int OUT_OF_ORDER_PERCENT = 25;
    private static final List<ParcelStage> YOUNG_STAGES =
            List.of(ParcelStage.LABEL_CREATED, ParcelStage.UNKNOWN, ParcelStage.PICKED_UP, ParcelStage.IN_TRANSIT);

    private final ShopProperties properties;
    private final Instant opening;
    private final Random random;
    private final PriorityQueue<ShopEvent> planned = new PriorityQueue<>(
            Comparator.comparing(ShopEvent::due).thenComparing(ShopEvent::key).thenComparing(ShopEvent::role));
    private long orders;

    /**
     * The events of a shop.
     *
     * @param opening business times are counted from it
     */
    ShopEvents(ShopProperties properties, Instant opening) {
        RegistryClient.trustContract();
        this.properties = properties;
        this.opening = opening;
        this.random = new Random(properties.seed());
    }

    /** The events due up to then that were not asked for before. */
    List<ShopEvent> dueBy(Duration sinceOpening) {
        while (nextOrderDue().compareTo(sinceOpening) <= 0) {
            planOrder();
        }
        var due = new ArrayList<ShopEvent>();
        for (var next = planned.peek();
                next != null && next.due().compareTo(sinceOpening) <= 0;
                next = planned.peek()) {
            due.add(planned.remove());
        }
        return due;
    }

    private Duration nextOrderDue() {
        return Duration.ofSeconds(1).multipliedBy(orders).dividedBy(properties.ordersPerSecond());
    }

    private void planOrder() {
        var due = nextOrderDue();
        var order = new ShopOrder(++orders, random);
        var now = opening.plus(due);
        if (chance(properties.racePercent())) {
            planRace(order, due, now);
        } else if (chance(15)) {
            plan(due, order, order.refund(ShopOrder.Line::ordered, before(now, 3)), Role.OPENS_ORDER);
        } else if (chance(6)) {
            planPartialRefund(order, due, now);
        } else {
            var stage = pick(YOUNG_STAGES);
            plan(due, order, order.parcel(ShopOrder.Line::ordered, stage, before(now, 20)), Role.OPENS_ORDER);
        }
    }

    /** The units refunded and the units shipped are the units ordered: no race. */
    private void planPartialRefund(ShopOrder order, Duration due, Instant now) {
        var refunded = order.lines().getFirst();
        var refund = order.refund(line -> line.equals(refunded) ? 1 : 0, before(now, 30));
        var parcel = order.parcel(
                line -> line.equals(refunded) ? line.ordered() - 1 : line.ordered(),
                ParcelStage.LABEL_CREATED,
                before(now, 3));
        plan(due, order, refund, Role.OPENS_ORDER);
        if (!parcel.getLines().isEmpty()) {
            plan(due.plus(upTo(5_000)), order, parcel, Role.GOES_ON);
        }
    }

    /** All is shipped, and all of it, or its first line, is refunded; either may happen first, and either may be told first. */
    private void planRace(ShopOrder order, Duration due, Instant now) {
        var later = before(now, 2);
        var earlier = later.minus(gap());
        boolean refundFirst = chance(65);
        var refunded = chance(80) ? null : order.lines().getFirst();
        RefundApproved refund = order.refund(
                line -> refunded == null || line.equals(refunded) ? line.ordered() : 0, refundFirst ? earlier : later);
        ShipmentCreated parcel =
                order.parcel(ShopOrder.Line::ordered, pick(YOUNG_STAGES), refundFirst ? later : earlier);
        boolean refundToldFirst = refundFirst ^ chance(OUT_OF_ORDER_PERCENT);
        plan(due, order, refundToldFirst ? refund : parcel, Role.OPENS_ORDER);
        plan(due.plus(upTo(5_000)), order, refundToldFirst ? parcel : refund, Role.COMPLETES_RACE);
    }

    /** Mostly beyond the clocks' tolerance of five minutes; one in ten within it. */
    private Duration gap() {
        return chance(10) ? upTo(240_000) : Duration.ofMinutes(6).plus(upTo(90 * 60_000));
    }

    private void plan(Duration due, ShopOrder order, SpecificRecordBase value, Role role) {
        var topic = value instanceof RefundApproved ? DevTopics.REFUNDS : DevTopics.PARCELS;
        planned.add(new ShopEvent(due, topic, order.key(), value, role));
        if (chance(DUPLICATE_PERCENT)) {
            planned.add(new ShopEvent(due.plus(upTo(3_000)), topic, order.key(), value, Role.DUPLICATE));
        }
    }

    private Instant before(Instant now, int minutes) {
        return now.minus(upTo(minutes * 60_000));
    }

    /** At least a millisecond. */
    private Duration upTo(int millis) {
        return Duration.ofMillis(1 + random.nextInt(millis));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
