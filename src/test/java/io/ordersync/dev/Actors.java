package io.ordersync.dev;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.WarehouseLockCommand;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** Who hears what in the simulated world. There is no clock and no thread here. */
final class Actors {
    private final Parcels parcels;
    private final Warehouses warehouses;
    private final Couriers couriers;
    private final AfterSales afterSales;

    Actors(WorldProperties properties) {
        this.parcels = new Parcels(properties);
        this.warehouses = new Warehouses(properties, parcels);
        this.couriers = new Couriers(properties, parcels);
        this.afterSales = new AfterSales(properties);
    }

    /** The topics that are listened to and their records; parcels first, so that they are known when commands about them are heard. */
    static Map<String, Class<? extends SpecificRecordBase>> listenTo() {
        var topics = new LinkedHashMap<String, Class<? extends SpecificRecordBase>>();
        topics.put(DevTopics.PARCELS, ShipmentCreated.class);
        topics.put(DevTopics.REFUNDS, RefundApproved.class);
        topics.put(DevTopics.LOCKS, WarehouseLockCommand.class);
        topics.put(DevTopics.INTERCEPTS, InterceptShipmentCommand.class);
        topics.put(DevTopics.ALERTS, OrderAlert.class);
        topics.put(DevTopics.CASES, OrderCase.class);
        return topics;
    }

    /** What follows from this, sooner or later. */
    List<Planned> hear(SpecificRecordBase value, Instant now) {
        return switch (value) {
            case ShipmentCreated made -> parcels.hear(made, now);
            case RefundApproved refund -> afterSales.hear(refund, now);
            case WarehouseLockCommand command -> warehouses.hear(command, now);
            case InterceptShipmentCommand command -> couriers.hear(command, now);
            case OrderCase known -> afterSales.hear(known, now);
            case OrderAlert alert -> {
                afterSales.hear(alert);
                yield List.of();
            }
            default -> throw new IllegalArgumentException("nobody listens to a " + value.getClass());
        };
    }
}
