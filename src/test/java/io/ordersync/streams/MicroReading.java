package io.ordersync.streams;

import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.domain.Arrival;
import io.ordersync.messaging.FactReader;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import java.time.Clock;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From the bytes of an event of two lines to its fact, when the schema is known. */
@State(Scope.Benchmark)
public class MicroReading {

    private static final String REFUNDS = "refund-approved";
    private static final String PARCELS = "shipment-created";
    private static final String ORDER = "6920000000001234567";

    private final DevRegistry registry = new DevRegistry(0);
    private final SchemaRegistry schemas = new SchemaRegistry(
            new SchemaRegistry.Settings(
                    "io.ordersync.wire.AvroSerializer",
                    "io.ordersync.wire.AvroDeserializer",
                    Map.of("schema.registry.url", registry.url())),
            Clock.systemUTC());
    private final FactReader reader;
    private final byte[] refund;
    private final byte[] parcel;

    public MicroReading() {
        reader = new FactReader(
                schemas,
                new Topics(
                        REFUNDS,
                        PARCELS,
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "warehouse-lock-commands",
                        "intercept-shipment-commands",
                        "order-alerts",
                        "order-cases",
                        "order-sync-dead-letters",
                        "order-alerts-undelivered"));
        WireEncoder encoder = new WireEncoder(registry.url());
        refund = encoder.encode(REFUNDS, refund());
        parcel = encoder.encode(PARCELS, parcel());
    }

    private static RefundApproved refund() {
        return Events.refund(ORDER, "R" + ORDER)
                .setEventId("re-" + ORDER)
                .setLines(lines().mapToObj(line -> new RefundLine(
                                ORDER + "-" + line, "SKU-10" + line, 1, 1, 12_900L, "phones", "WH-3", null))
                        .toList())
                .build();
    }

    private static ShipmentCreated parcel() {
        return Events.parcel(ORDER, "S" + ORDER)
                .setEventId("se-" + ORDER)
                .setTrackingNumber("SF" + ORDER)
                .setLines(lines().mapToObj(
                                line -> new ShipmentLine(ORDER + "-" + line, "SKU-10" + line, 1, 1, 12_900L, "phones"))
                        .toList())
                .build();
    }

    private static IntStream lines() {
        return IntStream.rangeClosed(1, 2);
    }

    @TearDown
    public void close() {
        schemas.close();
        registry.close();
    }

    @Benchmark
    public Arrival readsARefund() {
        return reader.read(REFUNDS, 0, 0, refund);
    }

    @Benchmark
    public Arrival readsAParcel() {
        return reader.read(PARCELS, 0, 0, parcel);
    }
}
