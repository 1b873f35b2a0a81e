package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** An optional input that goes away while the service runs. */
@Tag("broker")
class VanishingTest {

    @TempDir
    Path stateDirectory;

    @Test
    void theWidestInputMayBeDeletedUnderWay() throws Exception {
        try (Outside outside = new Outside();
                ShopFloor shop =
                        outside.shopFloor(Map.of(ShopFloor.REFUNDS, 2, ShopFloor.PARCELS, 3, ShopFloor.SCANS, 5));
                ConfigurableApplicationContext service = shop.start(
                        stateDirectory,
                        "--order-sync.partitions=2",
                        "--spring.kafka.streams.properties.consumer.metadata.max.age.ms=500")) {
            List<String> races = IntStream.range(0, 40).mapToObj(i -> "O" + i).toList();
            races.forEach(order -> shop.send(shop.refund(order).build()));
            shop.awaitAllHandled();

            outside.admin
                    .deleteTopics(List.of(shop.named(ShopFloor.SCANS)))
                    .all()
                    .get();
            ShopFloor.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> outside.admin.listTopics().names().get().contains(shop.applicationId() + "-width"));
            races.forEach(order -> shop.send(shop.parcel(order).build()));
            ShopFloor.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(shop.intercepts()).hasSize(40));
            KafkaStreams streams =
                    service.getBean(StreamsBuilderFactoryBean.class).getKafkaStreams();
            assertThat(streams).isNotNull();
            assertThat(streams.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
    }

    /** As the name of a container or a pod that is not up yet. */
    @Test
    void aBrokerWhoseNameIsNotKnownYetIsWaitedFor() throws Exception {
        try (Outside outside = new Outside();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicReference<ConfigurableApplicationContext> made = new AtomicReference<>();
            SpringApplication service = new SpringApplication(OrderSyncApplication.class);
            service.addInitializers(made::set);
            Future<ConfigurableApplicationContext> start = threads.submit(() -> service.run(
                    "--server.port=0",
                    "--spring.kafka.bootstrap-servers=not-there-yet.invalid:9092",
                    "--spring.kafka.streams.state-dir=" + stateDirectory,
                    "--order-sync.schema-registry.url=" + outside.registryUrl));
            ShopFloor.await()
                    .ignoreExceptions()
                    .until(() -> start.isDone()
                            || (made.get() != null
                                    && made.get().isRunning()
                                    && Health.of(made.get())
                                            .answer("/kafkaStreams")
                                            .toString()
                                            .contains("the cluster")));
            assertThat(start.state()).isEqualTo(Future.State.RUNNING);
            made.get().close();
        }
    }
}
