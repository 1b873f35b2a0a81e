package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.dev.Door;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What a record that waits for the registry holds up, and what it does not. */
@Tag("broker")
class RestingTest {

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

    /** All topics' partitions of one number are one task of Kafka Streams. */
    @Test
    void aPartitionOfOneTopicDoesNotHoldUpThatOfAnother() {
        try (ShopFloor shop = outside.shopFloor(1);
                Door door = new Door(outside.registryUrl);
                ConfigurableApplicationContext service = shop.start(door.url(), stateDirectory)) {
            shop.send(shop.refund("O1").build());
            ShopFloor.await().until(() -> shop.locks().size() == 1);

            door.shut();
            shop.send(shop.parcel("O1").build());
            ShopFloor.await()
                    .until(() -> Health.of(service).status("/schemaRegistry").equals("OUT_OF_SERVICE"));
            shop.send(shop.refund("O2").build());

            ShopFloor.await()
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(shop.locks())
                            .extracting(WarehouseLockCommand::getOrderId)
                            .contains("O2"));
            door.open();
            shop.awaitAllHandled();
            assertThat(shop.intercepts()).hasSize(1);
        }
    }

    /** A stray that is lost with a broker is an event that is lost. */
    @Test
    void straysAreReplicatedAsTheStreamIsToldTo() {
        try (ShopFloor shop = outside.shopFloor(1)) {
            assertThatThrownBy(() -> shop.start(stateDirectory, "--spring.kafka.streams.replication-factor=2")
                            .close())
                    .as("the cluster has one broker")
                    .hasMessageContaining("eplication");
        }
    }
}
