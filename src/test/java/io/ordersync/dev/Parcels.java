package io.ordersync.dev;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.dev.Parcel.Scan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** All parcels on their ways: packed, picked up, carried and delivered, unless someone turns them. */
final class Parcels {
    private static final int REMEMBERED = 100_000;

    private final WorldProperties properties;
    private final Map<String, Parcel> parcels = new Bounded<>(REMEMBERED);

    Parcels(WorldProperties properties) {
        this.properties = properties;
    }

    /** The parcel of the order that this is about, if it is known. */
    @Nullable
    Parcel find(SpecificRecordBase about, @Nullable String shipmentId) {
        return parcels.get(DevTopics.orderKey(about) + '|' + shipmentId);
    }

    /** What is going to be told of a parcel that was made; nothing more if it is told again. */
    List<Planned> hear(ShipmentCreated made, Instant now) {
        if (made.getDigital() || find(made, made.getShipmentId()) != null) {
            return List.of();
        }
        var name = DevTopics.orderKey(made) + '|' + made.getShipmentId();
        var chance = new Chance(properties, name);
        var start = Planned.later(now, made.getCreatedAt());
        var begins = trueStage(made.getStage(), chance);
        if (begins == ParcelStage.LABEL_CREATED && chance.of(properties.parcelsVoidedPercent())) {
            parcels.put(name, new Parcel(made, List.of(new Scan(begins, start))));
            var at = start.plus(chance.hours(1, 8));
            return List.of(new Planned(at, voided(made, at)));
        }
        var parcel = new Parcel(made, plan(begins, start, chance));
        parcels.put(name, parcel);
        return parcel.goOn(now);
    }

    /** Who made the parcel may not have told where it is. */
    private static ParcelStage trueStage(ParcelStage told, Chance chance) {
        return told == ParcelStage.UNKNOWN
                ? chance.pick(List.of(ParcelStage.LABEL_CREATED, ParcelStage.PICKED_UP))
                : told;
    }

    private List<Scan> plan(ParcelStage begins, Instant start, Chance chance) {
        var plan = new ArrayList<Scan>();
        boolean refused = chance.of(properties.doorRefusedPercent());
        for (var scan = new Scan(begins, start); scan != null; scan = next(scan, refused, chance)) {
            plan.add(scan);
        }
        return List.copyOf(plan);
    }

    private static @Nullable Scan next(Scan last, boolean refused, Chance chance) {
        return switch (last.stage()) {
            case LABEL_CREATED -> new Scan(ParcelStage.PICKED_UP, last.at().plus(chance.hours(2, 8)));
            case PICKED_UP -> new Scan(ParcelStage.IN_TRANSIT, last.at().plus(chance.hours(1, 5)));
            case IN_TRANSIT -> new Scan(ParcelStage.OUT_FOR_DELIVERY, last.at().plus(chance.hours(8, 20)));
            case OUT_FOR_DELIVERY ->
                new Scan(
                        refused ? ParcelStage.REFUSED : ParcelStage.DELIVERED,
                        last.at().plus(chance.hours(1, 6)));
            case REFUSED -> new Scan(ParcelStage.RETURNING, last.at().plus(chance.hours(1, 4)));
            case RETURNING -> new Scan(ParcelStage.RETURNED, last.at().plus(chance.hours(8, 20)));
            case UNKNOWN, DELIVERED, RETURNED, LOST, DAMAGED -> null;
        };
    }

    private static ShipmentVoided voided(ShipmentCreated made, Instant at) {
        return ShipmentVoided.newBuilder()
                .setEventId(Planned.eventId(DevTopics.orderKey(made), made.getShipmentId() + " VOID", at))
                .setPlatform(made.getPlatform())
                .setShopId(made.getShopId())
                .setOrderId(made.getOrderId())
                .setShipmentId(made.getShipmentId())
                .setShipmentVersion(made.getShipmentVersion())
                .setVoidedAt(at)
                .build();
    }
}
