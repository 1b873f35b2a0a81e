package io.ordersync.dev;

import static java.util.stream.Collectors.toCollection;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentStatusChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One parcel as it truly is: its way so far, and how it will go on unless a warehouse or a courier turns it. */
final class Parcel {
    /** A place on the way, and when it is reached. */
    record Scan(ParcelStage stage, Instant at) {}

    private final ShipmentCreated label;
    private List<Scan> plan;
    private List<Scan> way;
    private Course course = new Course();
    private @Nullable Instant turnsAt;
    private boolean pulled;

    /**
     * A parcel that was just made.
     *
     * @param plan its way from where it is now, which is the first place
     */
    Parcel(ShipmentCreated label, List<Scan> plan) {
        this.label = label;
        this.plan = plan;
        this.way = plan;
    }

    /** Where it is then, if nobody turns it until then. */
    ParcelStage stageAt(Instant at) {
        return way.stream()
                .filter(scan -> !scan.at().isAfter(at))
                .reduce(way.getFirst(), (earlier, later) -> later)
                .stage();
    }

    Course course() {
        return course;
    }

    boolean isPulled() {
        return pulled;
    }

    /** Whether it is on its way back by then. */
    boolean isTurnedBy(Instant at) {
        return turnsAt != null && !turnsAt.isAfter(at);
    }

    /** It goes as planned, whatever was to become of it. */
    List<Planned> goOn(Instant now) {
        turnsAt = null;
        return take(plan, now);
    }

    /** It goes on until then, and takes this way back. */
    List<Planned> turn(Instant now, Instant at, List<Scan> back) {
        turnsAt = at;
        var turned = plan.stream().filter(scan -> scan.at().isBefore(at)).collect(toCollection(ArrayList::new));
        turned.addAll(back);
        return take(turned, now);
    }

    /** It is taken off the bench. */
    void pull(Instant now) {
        pulled = true;
        take(plan.subList(0, 1), now);
    }

    /** It is put back on the bench, and goes its way later than planned. */
    List<Planned> putBack(Instant now) {
        pulled = false;
        var late = Duration.between(plan.getFirst().at(), now);
        plan = plan.stream()
                .map(scan -> new Scan(scan.stage(), scan.at().plus(late)))
                .toList();
        return take(plan, now);
    }

    /** Where the way begins was told with the parcel. */
    private List<Planned> take(List<Scan> newWay, Instant now) {
        var told = Planned.later(now, plan.getFirst().at());
        course.leave();
        course = new Course();
        way = newWay;
        return newWay.stream()
                .filter(scan -> scan.at().isAfter(told))
                .map(scan -> new Planned(scan.at(), event(scan), course))
                .toList();
    }

    private ShipmentStatusChanged event(Scan scan) {
        return ShipmentStatusChanged.newBuilder()
                .setEventId(Planned.eventId(
                        DevTopics.orderKey(label) + '|' + label.getShipmentId(), scan.stage(), scan.at()))
                .setPlatform(label.getPlatform())
                .setShopId(label.getShopId())
                .setOrderId(label.getOrderId())
                .setShipmentId(label.getShipmentId())
                .setStage(scan.stage())
                .setOccurredAt(scan.at())
                .build();
    }
}
