package io.ordersync.dev;

import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simulated warehouses: they lock, pull parcels off the bench and release; some refuse, some never answer a LOCK. */
final class Warehouses {
    private static final List<LockRefusal> REFUSALS = List.of(
            LockRefusal.ALREADY_SHIPPED,
            LockRefusal.ALREADY_SHIPPED,
            LockRefusal.LABEL_PRINTED,
            LockRefusal.ALREADY_PACKED,
            LockRefusal.UNSUPPORTED,
            LockRefusal.ORDER_UNKNOWN,
            LockRefusal.OTHER);

    private final WorldProperties properties;
    private final Parcels parcels;
    private final Receiver receiver = new Receiver();

    Warehouses(WorldProperties properties, Parcels parcels) {
        this.properties = properties;
        this.parcels = parcels;
    }

    /** What is going to be said to a command; nothing to one that is not to be obeyed. */
    List<Planned> hear(WarehouseLockCommand command, Instant now) {
        if (!receiver.obeys(
                command.getCommandId(),
                subject(command),
                command.getGeneration(),
                command.getAction() == LockAction.RELEASE)) {
            return List.of();
        }
        var chance = new Chance(properties, command.getCommandId());
        var at = Planned.later(now, command.getIssuedAt()).plus(chance.hours(0.1, 0.6));
        return switch (command.getAction()) {
            case LOCK -> lock(command, at, chance);
            case PULL_PARCEL -> List.of(pull(command, at, chance));
            case RELEASE -> release(command, at);
            case UNKNOWN -> List.of();
        };
    }

    private static String subject(WarehouseLockCommand command) {
        return DevTopics.orderKey(command)
                + (command.getShipmentId() != null
                        ? "|parcel " + command.getShipmentId()
                        : "|lock " + command.getRefundId() + '@' + command.getWarehouseId());
    }

    private List<Planned> lock(WarehouseLockCommand command, Instant at, Chance chance) {
        int percentile = chance.percentile();
        if (percentile < properties.locksIgnoredPercent()) {
            return List.of();
        }
        if (percentile >= properties.locksIgnoredPercent() + properties.locksRefusedPercent()) {
            return List.of(answer(command, at, LockStatus.LOCKED, null));
        }
        var refusal = chance.pick(REFUSALS);
        var refused = answer(command, at, LockStatus.REFUSED, refusal);
        // A warehouse keeps a LOCK for an order it doesn't know yet.
        return refusal == LockRefusal.ORDER_UNKNOWN
                ? List.of(refused, answer(command, at.plus(chance.hours(1, 3)), LockStatus.LOCKED, null))
                : List.of(refused);
    }

    private Planned pull(WarehouseLockCommand command, Instant at, Chance chance) {
        var parcel = parcels.find(command, command.getShipmentId());
        if (parcel == null) {
            return answer(command, at, LockStatus.REFUSED, LockRefusal.ORDER_UNKNOWN);
        }
        if (parcel.stageAt(at) != ParcelStage.LABEL_CREATED) {
            return answer(command, at, LockStatus.REFUSED, LockRefusal.ALREADY_SHIPPED);
        }
        if (chance.of(properties.pullsRefusedPercent())) {
            return answer(command, at, LockStatus.REFUSED, LockRefusal.ALREADY_PACKED);
        }
        parcel.pull(at);
        return answer(command, at, LockStatus.PULLED, null);
    }

    /** What was pulled is put back, and leaves. */
    private List<Planned> release(WarehouseLockCommand command, Instant at) {
        var said = new ArrayList<Planned>();
        said.add(answer(command, at, LockStatus.RELEASED, null));
        var parcel = parcels.find(command, command.getShipmentId());
        if (parcel != null && parcel.isPulled()) {
            said.addAll(parcel.putBack(at));
        }
        return said;
    }

    private static Planned answer(
            WarehouseLockCommand command, Instant at, LockStatus status, @Nullable LockRefusal refusal) {
        return new Planned(
                at,
                WarehouseLockResult.newBuilder()
                        .setEventId(Planned.eventId(command.getCommandId(), status, at))
                        .setPlatform(command.getPlatform())
                        .setShopId(command.getShopId())
                        .setOrderId(command.getOrderId())
                        .setCommandId(command.getCommandId())
                        .setStatus(status)
                        .setRefusal(refusal)
                        .setOccurredAt(at)
                        .build());
    }
}
