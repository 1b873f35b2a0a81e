package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.dev.Door;
import io.ordersync.streams.StreamEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** What is said of the service's health while it runs, and while it waits for the registry. */
@Tag("broker")
class HealthTest {

    private static Outside outside;

    @TempDir
    Path stateDirectory;

    @BeforeAll
    static void start() {
        outside = new Outside();
    }

    @AfterAll
    static void stop() {
        outside.close();
    }

    @Test
    void isUpWithEverySettingSet() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(
                        stateDirectory,
                        "--order-sync.schema-registry.properties.basic.auth.user.info=service:secret",
                        "--order-sync.schema-registry.properties.http.connect.timeout.ms=1000",
                        "--order-sync.schema-registry.properties.http.read.timeout.ms=1000",
                        "--order-sync.schema-registry.properties.auto.register.schemas=true",
                        "--order-sync.serde.value-serializer=io.ordersync.wire.AvroSerializer",
                        "--order-sync.serde.value-deserializer=io.ordersync.wire.AvroDeserializer",
                        "--order-sync.policy.clock-tolerance=0s",
                        "--order-sync.policy.recall-within=3d",
                        "--order-sync.policy.recall-mixed-parcels=true",
                        "--order-sync.policy.recall-suspected=true",
                        "--order-sync.policy.couriers-without-intercept=POST,YTO",
                        "--order-sync.policy.intercept-fee-minor.CNY=500",
                        "--order-sync.policy.max-intercept-fee-minor.cny=1500",
                        "--order-sync.policy.critical-exposure-minor.CNY=100000",
                        "--order-sync.policy.intercept-answer-within=1m",
                        "--order-sync.policy.lock-answer-within=30m",
                        "--order-sync.state.store=ROCKSDB",
                        "--order-sync.state.retention=7d",
                        "--order-sync.state.lock-retention=7d")) {
            ShopFloor.await().until(() -> status(service, "/readiness").equals("UP"));

            assertThat(status(service, "/liveness")).isEqualTo("UP");
            assertThat(status(service, "")).isEqualTo("UP");
            assertThat(Health.of(service)
                            .answer("")
                            .at("/components/kafkaStreams/status")
                            .asString())
                    .isEqualTo("UP");
            shop.send(shop.refund("O1").build());
            shop.send(shop.parcel("O1").build());
            ShopFloor.await().until(() -> !shop.intercepts().isEmpty());
            assertThat(shop.intercepts().getFirst().getMaxFeeMinor()).isEqualTo(1500);
        }
    }

    @Test
    void saysThatNoThreadIsLeft() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            ShopFloor.await().until(() -> status(service, "/readiness").equals("UP"));
            KafkaStreams stream = Objects.requireNonNull(
                    service.getBean(StreamsBuilderFactoryBean.class).getKafkaStreams());
            CompletableFuture<Void> told = new CompletableFuture<>();
            service.getBean(StreamEnd.class).then(() -> told.complete(null));

            // Like one that died, and could not be replaced: the stream goes on saying that it runs.
            assertThat(stream.removeStreamThread()).isPresent();

            assertThat(stream.state().isRunningOrRebalancing()).isTrue();
            ShopFloor.await().until(() -> status(service, "/readiness").equals("DOWN"));
            assertThat(Health.of(service).answer("").at("/components/kafkaStreams/details/threads"))
                    .hasToString("0");
            assertThat(told).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    @Test
    void saysThatARecordWaitsForTheRegistry() {
        try (ShopFloor shop = outside.shopFloor(1);
                Door door = new Door(outside.registryUrl);
                ConfigurableApplicationContext service = shop.start(door.url(), stateDirectory)) {
            shop.send(shop.refund("O1").build());
            ShopFloor.await().until(() -> shop.locks().size() == 1);
            assertThat(status(service, "/schemaRegistry")).isEqualTo("UP");

            door.shut();
            shop.send(shop.parcel("O1").build());
            ShopFloor.await().until(() -> status(service, "/schemaRegistry").equals("OUT_OF_SERVICE"));
            assertThat(status(service, "/readiness")).isEqualTo("UP");
            assertThat(shop.intercepts()).isEmpty();

            door.open();
            shop.awaitAllHandled();
            assertThat(shop.intercepts())
                    .extracting(InterceptShipmentCommand::getCommandId)
                    .containsExactly(ShopFloor.interceptId("O1", 1));
            assertThat(shop.deadLetters()).isEmpty();
            assertThat(status(service, "/schemaRegistry")).isEqualTo("UP");
        }
    }

    /** SCENARIOS.md 87 and 88, with one thread for all partitions. */
    @Test
    void whileOnePartitionWaitsForTheRegistryTheOthersGoOn() {
        try (ShopFloor shop = outside.shopFloor(2);
                Door door = new Door(outside.registryUrl);
                ConfigurableApplicationContext service = shop.start(door.url(), stateDirectory)) {
            List<String> orders = IntStream.range(0, 20).mapToObj(i -> "O" + i).toList();
            assertThat(orders).extracting(order -> ShopFloor.home(order, 2)).contains(0, 1);
            sendHome(shop, shop.refund("O0").build());
            ShopFloor.await().until(() -> shop.locks().size() == 1);

            door.shut();
            sendHome(shop, shop.parcel("O0").build());
            ShopFloor.await().until(() -> status(service, "/schemaRegistry").equals("OUT_OF_SERVICE"));
            orders.stream()
                    .skip(1)
                    .forEach(order -> sendHome(shop, shop.refund(order).build()));
            ShopFloor.await().until(() -> shop.locks().size() == orders.size());
            assertThat(status(service, "/schemaRegistry")).isEqualTo("OUT_OF_SERVICE");
            assertThat(shop.intercepts()).isEmpty();

            door.open();
            shop.awaitAllHandled();
            assertThat(shop.intercepts())
                    .extracting(InterceptShipmentCommand::getCommandId)
                    .containsExactly(ShopFloor.interceptId("O0", 1));
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    private static void sendHome(ShopFloor shop, SpecificRecordBase event) {
        String order = String.valueOf(event.get("orderId"));
        shop.send(ShopFloor.topic(event), ShopFloor.home(order, 2), order, shop.bytes(event));
    }

    private static String status(ConfigurableApplicationContext service, String component) {
        return Health.of(service).status(component);
    }
}
