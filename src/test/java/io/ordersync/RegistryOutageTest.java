package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.ShipmentCreated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The registry is gone for a minute while 200 orders a second come, shown second by second: {@code ./mvnw verify -Pinterop
 * -Dtest=RegistryOutageTest}. Each tenth order is a race. During the outage the parcels of partition 0 take a new schema, and later
 * those of partition 1; those of partition 2 never do.
 */
@Tag("interop")
class RegistryOutageTest {

    private static final int PARTITIONS = 3;
    private static final int ORDERS_PER_SECOND = 200;
    private static final int GONE_AT = 10;
    private static final int NEW_SCHEMA_ON_0_AT = 20;
    private static final int NEW_SCHEMA_ON_1_AT = 40;
    private static final int BACK_AT = 70;
    private static final int LAST_ORDER_AT = 85;
    private static final int GIVEN_UP_AT = 240;

    @TempDir
    Path registryDirectory;

    @TempDir
    Path stateDirectory;

    @Test
    @Timeout(GIVEN_UP_AT + 120)
    void losesNoRaceInAMinuteWithoutTheRegistry() throws Exception {
        try (Apicurio registry = new Apicurio(registryDirectory)) {
            registry.start();
            try (Outside outside = new Outside(registry.url());
                    ShopFloor shop = outside.shopFloor(PARTITIONS);
                    ConfigurableApplicationContext service = shop.start(stateDirectory, "--logging.level.root=ERROR");
                    Load load = new Load(outside, shop)) {
                List<Second> seconds = watch(registry, shop, Health.of(service), load);

                assertThat(shop.intercepts())
                        .extracting(InterceptShipmentCommand::getCommandId)
                        .containsExactlyInAnyOrderElementsOf(load.races);
                assertThat(load.races).hasSizeGreaterThan(1_000);
                assertThat(shop.deadLetters()).isEmpty();
                assertThat(seconds).extracting(Second::liveness).containsOnly("UP");
                assertThat(seconds)
                        .filteredOn(second -> second.number > GONE_AT && second.number < NEW_SCHEMA_ON_0_AT)
                        .extracting(Second::schemaRegistry)
                        .containsOnly("UP");
                assertThat(seconds)
                        .filteredOn(second -> second.number > NEW_SCHEMA_ON_0_AT + 5 && second.number <= BACK_AT)
                        .allSatisfy(second -> {
                            assertThat(second.schemaRegistry).isEqualTo("OUT_OF_SERVICE");
                            assertThat(second.lags.get(2)).isLessThan(second.lags.get(0));
                        });
                assertThat(seconds.getLast().schemaRegistry).isEqualTo("UP");
            }
        }
    }

    private static List<Second> watch(Apicurio registry, ShopFloor shop, Health health, Load load)
            throws InterruptedException {
        var seconds = new ArrayList<Second>();
        System.out.println(Second.HEAD);
        long start = System.nanoTime();
        load.start();
        for (int number = 1; number <= GIVEN_UP_AT; number++) {
            TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(number) - System.nanoTime());
            switch (number) {
                case GONE_AT -> registry.stop();
                case NEW_SCHEMA_ON_0_AT -> load.writeWithANewSchemaOn(0);
                case NEW_SCHEMA_ON_1_AT -> load.writeWithANewSchemaOn(1);
                case BACK_AT -> registry.launch();
                case LAST_ORDER_AT -> load.close();
                default -> {}
            }
            seconds.add(Second.now(number, registry, shop, health, load));
            System.out.println(seconds.getLast());
            if (number > LAST_ORDER_AT && seconds.getLast().lag() == 0) {
                break;
            }
        }
        shop.awaitAllHandled();
        return seconds;
    }

    /** @param lags records not yet committed, of each partition number, over all topics */
    private record Second(
            int number,
            String registry,
            int sent,
            Map<Integer, Long> lags,
            String schemaRegistry,
            String readiness,
            String liveness,
            int deadLetters,
            int races) {

        static final String HEAD =
                "| %4s | %-8s | %6s | %7s | %6s | %6s | %6s | %6s | %-14s | %-9s | %-8s | %4s | %5s |"
                        .formatted(
                                "s",
                                "registry",
                                "sent",
                                "handled",
                                "lag",
                                "lag p0",
                                "lag p1",
                                "lag p2",
                                "schemaRegistry",
                                "readiness",
                                "liveness",
                                "dead",
                                "races");

        static Second now(int number, Apicurio registry, ShopFloor shop, Health health, Load load) {
            var lags = new TreeMap<Integer, Long>();
            shop.lags().forEach((partition, lag) -> lags.merge(partition.partition(), lag, Long::sum));
            return new Second(
                    number,
                    registry.answers() ? "up" : "DOWN",
                    load.sent.get(),
                    lags,
                    health.status("/schemaRegistry"),
                    health.status("/readiness"),
                    health.status("/liveness"),
                    shop.deadLetters().size(),
                    shop.intercepts().size());
        }

        long lag() {
            return lags.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public String toString() {
            return "| %4d | %-8s | %6d | %7d | %6d | %6d | %6d | %6d | %-14s | %-9s | %-8s | %4d | %5d |"
                    .formatted(
                            number,
                            registry,
                            sent,
                            sent - lag(),
                            lag(),
                            lags.get(0),
                            lags.get(1),
                            lags.get(2),
                            schemaRegistry,
                            readiness,
                            liveness,
                            deadLetters,
                            races);
        }
    }

    /** Sends orders at a steady rate, from a thread of its own. */
    private static final class Load implements AutoCloseable {

        final AtomicInteger sent = new AtomicInteger();
        /** The ids of their INTERCEPTs; to be read when it is closed. */
        final List<String> races = new ArrayList<>();

        private final Outside outside;
        private final ShopFloor shop;
        private final List<String> fields = List.of("boxColour", "boxShape");
        private final Set<Integer> newOn = ConcurrentHashMap.newKeySet();
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private int orders;

        /** Registers all schemas of its producers: only the service is not to know them. */
        Load(Outside outside, ShopFloor shop) {
            this.outside = outside;
            this.shop = shop;
            shop.bytes(shop.refund("none").build());
            shop.bytes(shop.parcel("none").build());
            fields.forEach(field -> bytes(shop.parcel("none").build(), field));
        }

        @SuppressWarnings("FutureReturnValueIgnored") // an order that was not sent is missed in the end
        void start() {
            thread.scheduleAtFixedRate(
                    this::sendAnOrder, 0, TimeUnit.SECONDS.toMicros(1) / ORDERS_PER_SECOND, TimeUnit.MICROSECONDS);
        }

        void writeWithANewSchemaOn(int partition) {
            newOn.add(partition);
        }

        private void sendAnOrder() {
            String order = "O" + orders++;
            if (orders % 10 == 0) {
                shop.send(shop.refund(order).build());
                sent.incrementAndGet();
                races.add(ShopFloor.interceptId(order, 1));
            }
            ShipmentCreated parcel = shop.parcel(order).build();
            int partition = Utils.toPositive(Utils.murmur2(order.getBytes(UTF_8))) % PARTITIONS;
            shop.send(
                    ShopFloor.PARCELS,
                    order,
                    newOn.contains(partition) ? bytes(parcel, fields.get(partition)) : shop.bytes(parcel));
            sent.incrementAndGet();
        }

        private byte[] bytes(ShipmentCreated parcel, String field) {
            return outside.encoder.encode(
                    shop.prefix + ShopFloor.PARCELS,
                    NewerSchema.of(parcel, NewerSchema.of(ShipmentCreated.class, field), field, "brown"));
        }

        /** Sends no more. */
        @Override
        public void close() {
            thread.close();
        }
    }
}
