package io.ordersync.streams;

import io.ordersync.dev.DevRegistry;
import io.ordersync.domain.Effect.LineUnits;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderKey;
import io.ordersync.messaging.EffectWriter;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From what most refunds have sent, a lock of two lines, to its bytes. */
@State(Scope.Benchmark)
public class MicroWriting {

    private static final String ORDER = "6920000000001234567";

    private final OrderKey key = new OrderKey("DOUYIN", "shop-7", ORDER);
    private final LockCommand lock = new LockCommand(
            new UUID(0x1234_5678_9abc_5defL, 0x8765_4321_fedc_ba98L),
            LockCommand.Action.LOCK,
            null,
            1,
            "R" + ORDER,
            null,
            "WH-3",
            false,
            List.of(new LineUnits(ORDER + "-1", "SKU-101", 1), new LineUnits(ORDER + "-2", "SKU-102", 1)),
            null,
            null,
            LockCommand.Reason.REFUND_APPROVED,
            BenchOrder.NOW,
            BenchOrder.NOW.plus(Duration.ofMinutes(30)));

    private final DevRegistry registry = new DevRegistry(0);
    private final SchemaRegistry schemas = new SchemaRegistry(
            new SchemaRegistry.Settings(
                    "io.ordersync.wire.AvroSerializer",
                    "io.ordersync.wire.AvroDeserializer",
                    Map.of("schema.registry.url", registry.url())),
            Clock.systemUTC());
    private final EffectWriter writer;

    public MicroWriting() {
        writer = new EffectWriter(
                schemas,
                new Topics(
                        "refund-approved",
                        "shipment-created",
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
        writer.register();
    }

    @TearDown
    public void close() {
        schemas.close();
        registry.close();
    }

    @Benchmark
    public byte[] writesALock() {
        return writer.value(key, lock);
    }
}
