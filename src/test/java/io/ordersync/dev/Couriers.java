package io.ordersync.dev;

import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.ParcelStage;
import io.ordersync.dev.Parcel.Scan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated couriers: they turn a parcel that is on its way, if they can. Where the parcel truly is decides first, then
 * chance: some don't take the command, some deliver all the same, some don't know, some never answer.
 */
final class Couriers {
    private static final List<InterceptReason> REJECTIONS =
            List.of(InterceptReason.UNSUPPORTED, InterceptReason.NOT_LABEL_OWNER, InterceptReason.COURIER_ERROR);
    private static final long FEE_MINOR = 800;

    private final WorldProperties properties;
    private final Parcels parcels;
    private final Receiver receiver = new Receiver();

    Couriers(WorldProperties properties, Parcels parcels) {
        this.properties = properties;
        this.parcels = parcels;
    }

    /** What is going to be said to a command, and scanned after it; nothing to one that is not to be obeyed. */
    List<Planned> hear(InterceptShipmentCommand command, Instant now) {
        boolean takesBack = command.getAction() == InterceptAction.CANCEL;
        var subject = DevTopics.orderKey(command) + '|' + command.getShipmentId();
        if (!receiver.obeys(command.getCommandId(), subject, command.getGeneration(), takesBack)) {
            return List.of();
        }
        var chance = new Chance(properties, command.getCommandId());
        var at = Planned.later(now, command.getIssuedAt()).plus(chance.hours(0.2, 1));
        var parcel = parcels.find(command, command.getShipmentId());
        if (parcel == null) {
            return List.of(new Planned(at, result(command, at, InterceptStatus.REJECTED, InterceptReason.NOT_FOUND)));
        }
        return switch (command.getAction()) {
            case INTERCEPT -> intercept(command, parcel, now, at, chance);
            case CANCEL -> cancel(command, parcel, now, at);
            case UNKNOWN -> List.of();
        };
    }

    private List<Planned> intercept(
            InterceptShipmentCommand command, Parcel parcel, Instant now, Instant at, Chance chance) {
        int percentile = chance.percentile();
        int lost = properties.interceptsLostPercent();
        int unknown = lost + properties.interceptsUnknownPercent();
        int rejected = unknown + properties.interceptsRejectedPercent();
        int late = rejected + properties.interceptsLatePercent();
        if (percentile < lost) {
            return List.of();
        }
        var reason = obstacle(command, parcel, at);
        if (reason == null && percentile >= unknown && percentile < rejected) {
            reason = chance.pick(REJECTIONS);
        }
        if (reason != null) {
            return List.of(new Planned(at, result(command, at, InterceptStatus.REJECTED, reason)));
        }
        if (percentile < unknown) {
            return nobodyKnows(command, parcel, now, at, chance);
        }
        var ends = at.plus(chance.hours(2, 6));
        return percentile < late || whereItIs(parcel.stageAt(ends)) != null
                ? deliverAllTheSame(command, parcel, now, at, ends)
                : turn(command, parcel, now, at, ends, chance);
    }

    private static @Nullable InterceptReason obstacle(InterceptShipmentCommand command, Parcel parcel, Instant at) {
        if (parcel.isTurnedBy(at)) {
            return InterceptReason.ALREADY_INTERCEPTED;
        }
        var reason = whereItIs(parcel.stageAt(at));
        var most = command.getMaxFeeMinor();
        return reason == null && most != null && most < FEE_MINOR ? InterceptReason.FEE_EXCEEDED : reason;
    }

    private static @Nullable InterceptReason whereItIs(ParcelStage stage) {
        return switch (stage) {
            case LABEL_CREATED -> InterceptReason.NOT_PICKED_UP;
            case UNKNOWN, PICKED_UP, IN_TRANSIT -> null;
            case OUT_FOR_DELIVERY -> InterceptReason.TOO_LATE;
            case DELIVERED -> InterceptReason.DELIVERED;
            case REFUSED, RETURNING, RETURNED -> InterceptReason.ALREADY_RETURNING;
            case LOST, DAMAGED -> InterceptReason.OTHER;
        };
    }

    /** Half of those that nobody knows of were never carried out, and the courier finds out. */
    private static List<Planned> nobodyKnows(
            InterceptShipmentCommand command, Parcel parcel, Instant now, Instant at, Chance chance) {
        var said = new ArrayList<>(parcel.goOn(now));
        said.add(new Planned(at, result(command, at, InterceptStatus.UNKNOWN, null), parcel.course()));
        if (chance.of(50)) {
            var later = at.plus(chance.hours(2, 5));
            said.add(new Planned(later, result(command, later, InterceptStatus.NOT_APPLIED, null), parcel.course()));
        }
        return said;
    }

    private static List<Planned> deliverAllTheSame(
            InterceptShipmentCommand command, Parcel parcel, Instant now, Instant at, Instant ends) {
        var said = new ArrayList<>(parcel.goOn(now));
        said.add(new Planned(at, result(command, at, InterceptStatus.ACCEPTED, null), parcel.course()));
        said.add(new Planned(
                ends, result(command, ends, InterceptStatus.FAILED, InterceptReason.TOO_LATE), parcel.course()));
        return said;
    }

    private List<Planned> turn(
            InterceptShipmentCommand command, Parcel parcel, Instant now, Instant at, Instant ends, Chance chance) {
        var returning = ends.plus(chance.hours(0.5, 2));
        var back = returning.plus(chance.hours(8, 20));
        var end = chance.of(properties.returnsLostPercent()) ? ParcelStage.LOST : ParcelStage.RETURNED;
        var said = new ArrayList<>(
                parcel.turn(now, ends, List.of(new Scan(ParcelStage.RETURNING, returning), new Scan(end, back))));
        said.add(new Planned(at, result(command, at, InterceptStatus.ACCEPTED, null), parcel.course()));
        said.add(new Planned(ends, result(command, ends, InterceptStatus.SUCCEEDED, null), parcel.course()));
        return said;
    }

    /** A parcel that has turned doesn't turn again; one that was pulled stays where it is. */
    private static List<Planned> cancel(InterceptShipmentCommand command, Parcel parcel, Instant now, Instant at) {
        if (parcel.isTurnedBy(at)) {
            return List.of(new Planned(at, result(command, at, InterceptStatus.FAILED, InterceptReason.TOO_LATE)));
        }
        var said = new ArrayList<Planned>();
        said.add(new Planned(at, result(command, at, InterceptStatus.CANCELLED, null)));
        if (!parcel.isPulled()) {
            said.addAll(parcel.goOn(now));
        }
        return said;
    }

    private static InterceptResult result(
            InterceptShipmentCommand command, Instant at, InterceptStatus status, @Nullable InterceptReason reason) {
        boolean charged = status == InterceptStatus.SUCCEEDED && command.getCurrency() != null;
        return InterceptResult.newBuilder()
                .setEventId(Planned.eventId(command.getCommandId(), status, at))
                .setPlatform(command.getPlatform())
                .setShopId(command.getShopId())
                .setOrderId(command.getOrderId())
                .setCommandId(command.getCommandId())
                .setStatus(status)
                .setReason(reason)
                .setFeeMinor(charged ? FEE_MINOR : null)
                .setCurrency(charged ? command.getCurrency() : null)
                .setOccurredAt(at)
                .build();
    }
}
