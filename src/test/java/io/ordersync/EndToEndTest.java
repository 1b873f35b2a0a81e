package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.streams.BoundedRocksDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** The service between a real broker and a registry: bytes in, bytes out. */
@Tag("broker")
class EndToEndTest {

    /** Also by way of another partition. */
    @Test
    void whatIsSentBelongsToTheTraceOfWhatCausedIt() {
        byte[] parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(UTF_8);
        try (ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = shop.start(stateDirectory, "--order-sync.tracing=true")) {
            shop.send(shop.refund("O1").build());
            shop.awaitAllHandled();
            assertThat(shop.records(ShopFloor.LOCKS))
                    .singleElement()
                    .satisfies(lock -> assertThat(lock.headers()).isEmpty());

            shop.put(
                    ShopFloor.PARCELS,
                    1 - ShopFloor.home("O1", 2),
                    null,
                    shop.bytes(shop.parcel("O1").build()),
                    new RecordHeaders().add("traceparent", parent).add("other", parent));
            shop.awaitAllHandled();

            for (String topic : List.of(ShopFloor.INTERCEPTS, ShopFloor.ALERTS, ShopFloor.CASES)) {
                assertThat(shop.records(topic))
                        .as(topic)
                        .singleElement()
                        .satisfies(record -> assertThat(record.headers())
                                .singleElement()
                                .isEqualTo(new RecordHeader("traceparent", parent)));
            }
            // The latency of the command has the record's trace as its example.
            assertThat(openMetrics(service))
                    .filteredOn(line -> line.startsWith("ordersync_detection_arrival_seconds_bucket"))
                    .anyMatch(line -> line.contains(
                            "# {span_id=\"00f067aa0ba902b7\",trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"}"));
        }
    }

    private static Stream<String> openMetrics(ConfigurableApplicationContext service) {
        return service.getBean(PrometheusMeterRegistry.class)
                .scrape("application/openmetrics-text")
                .lines();
    }

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
    void outputsAreInTheSameKafkaTransactionAsTheInputOffsetsAndTheStateThatCausedThem() throws Exception {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            shop.send(shop.refund("O1").build());
            ShopFloor.await().until(() -> shop.locks().size() == 1);

            // The broker knows of transactions only what a producer really does.
            Collection<TransactionListing> transactions = outside.admin
                    .listTransactions(
                            new ListTransactionsOptions().filterOnTransactionalIdPattern(shop.applicationId() + ".*"))
                    .all()
                    .get();
            assertThat(transactions).hasSize(1);
            long producer = transactions.iterator().next().producerId();
            for (String topic : List.of(shop.prefix + ShopFloor.LOCKS, shop.applicationId() + "-orders-changelog")) {
                assertThat(outside.admin
                                .describeProducers(List.of(new TopicPartition(topic, 0)))
                                .partitionResult(new TopicPartition(topic, 0))
                                .get()
                                .activeProducers())
                        .as(topic)
                        .extracting(ProducerState::producerId)
                        .containsExactly(producer);
            }
            StreamsBuilderFactoryBean stream = service.getBean(StreamsBuilderFactoryBean.class);
            assertThat(new DirectFieldAccessor(stream).getPropertyValue("closeTimeout"))
                    .as("as a phase of the shutdown has, by Boot's default")
                    .isEqualTo(Duration.ofSeconds(30));
            assertThat(stream.getStreamsConfiguration())
                    .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
                    .containsEntry(
                            StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                            LogAndFailProcessingExceptionHandler.class)
                    .containsEntry(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true)
                    .containsEntry(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        }
    }

    @Test
    void followsAnOrderFromItsRefundToTheEndOfItsRace() {
        try (ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            assertThat(service.isRunning()).isTrue();

            // Money goes back: the warehouse is told to keep the goods.
            shop.send(shop.refund("O1").build());
            ShopFloor.await().until(() -> shop.locks().size() == 1);
            WarehouseLockCommand lock = shop.locks().getFirst();
            assertThat(lock.getCommandId()).isEqualTo(ShopFloor.lockId("O1", 1));
            assertThat(lock.getAction()).isEqualTo(LockAction.LOCK);
            assertThat(lock.getWarehouseId()).isEqualTo("W1");

            // The parcel left all the same: the courier is asked to bring it back, and a person is told.
            shop.send(shop.parcel("O1").build());
            ShopFloor.await().until(() -> shop.alerts().size() == 1);
            assertThat(shop.intercepts()).singleElement().satisfies(intercept -> {
                assertThat(intercept.getCommandId()).isEqualTo(ShopFloor.interceptId("O1", 1));
                assertThat(intercept.getAction()).isEqualTo(InterceptAction.INTERCEPT);
                assertThat(intercept.getTrackingNumber()).isEqualTo("SF-O1");
                assertThat(intercept.getCaseId()).isEqualTo(ShopFloor.id("O1", "CASE"));
                assertThat(intercept.getGoodsValueMinor()).isEqualTo(12_900);
            });
            assertThat(shop.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.getAlertId()).isEqualTo(ShopFloor.id("O1", "ALERT|REFUNDED_BUT_SHIPPED|S-O1"));
                assertThat(alert.getCode()).isEqualTo(AlertCode.REFUNDED_BUT_SHIPPED);
                assertThat(alert.getState()).isEqualTo(AlertState.FIRING);
                assertThat(alert.getRaceType()).isEqualTo(RaceType.REFUND_FIRST);
                assertThat(alert.getGapMillis())
                        .isEqualTo(Duration.ofMinutes(40).toMillis());
            });

            // The refund was for the price alone: all is taken back.
            shop.send(shop.refund("O1")
                    .setRefundVersion(2)
                    .setKind(RefundKind.PRICE_ADJUSTMENT)
                    .build());
            ShopFloor.await().until(() -> shop.alerts().size() == 2);
            assertThat(shop.locks()).hasSize(2).last().satisfies(release -> {
                assertThat(release.getCommandId()).isEqualTo(ShopFloor.id("O1", "RELEASE|R-O1@W1|1"));
                assertThat(release.getAction()).isEqualTo(LockAction.RELEASE);
                assertThat(release.getTargetCommandId()).isEqualTo(ShopFloor.lockId("O1", 1));
            });
            assertThat(shop.intercepts()).hasSize(2).last().satisfies(cancel -> {
                assertThat(cancel.getCommandId()).isEqualTo(ShopFloor.id("O1", "CANCEL|S-O1|1"));
                assertThat(cancel.getAction()).isEqualTo(InterceptAction.CANCEL);
                assertThat(cancel.getTargetCommandId()).isEqualTo(ShopFloor.interceptId("O1", 1));
            });
            assertThat(shop.alerts()).last().satisfies(alert -> {
                assertThat(alert.getAlertId()).isEqualTo(ShopFloor.id("O1", "ALERT|REFUNDED_BUT_SHIPPED|S-O1"));
                assertThat(alert.getState()).isEqualTo(AlertState.RESOLVED);
            });
            for (String topic : List.of(ShopFloor.LOCKS, ShopFloor.INTERCEPTS, ShopFloor.ALERTS)) {
                assertThat(shop.records(topic))
                        .allSatisfy(record ->
                                assertThat(record.key()).asString(UTF_8).isEqualTo("DOUYIN:shop-1:O1"));
            }
            assertThat(shop.records(ShopFloor.DEAD_LETTERS)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void findsEveryRaceAmongAThousandOrdersOnce(String store) {
        try (ShopFloor shop = outside.shopFloor(3);
                ConfigurableApplicationContext service =
                        shop.start(stateDirectory, "--order-sync.state.store=" + store)) {
            assertThat(service.isRunning()).isTrue();
            Crowd crowd = new Crowd(shop, 1_000);

            crowd.sendEverythingThreeTimes();
            shop.awaitAllHandled();

            assertThat(shop.intercepts())
                    .extracting(InterceptShipmentCommand::getCommandId)
                    .containsExactlyInAnyOrderElementsOf(crowd.expectedIntercepts);
            assertThat(shop.intercepts()).hasSizeGreaterThan(200);
            assertThat(shop.alerts()).hasSameSizeAs(crowd.expectedIntercepts);
            List<String> locks = shop.locks().stream()
                    .map(WarehouseLockCommand::getCommandId)
                    .toList();
            assertThat(locks).doesNotHaveDuplicates();
            assertThat(crowd.possibleLocks).containsAll(locks);
            assertThat(locks).containsAll(crowd.expectedLocks);
            assertThat(shop.deadLetters()).containsExactlyInAnyOrderElementsOf(crowd.expectedDeadLetters);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void remembersARefundOverTheDeathOfTheService(String store) {
        try (ShopFloor shop = outside.shopFloor(2)) {
            String option = "--order-sync.state.store=" + store;
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, option)) {
                shop.send(shop.refund("O1").build());
                ShopFloor.await().until(() -> shop.locks().size() == 1);
                ShopFloor.kill(service);
            }
            shop.send(shop.parcel("O1").build());
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, option)) {
                assertThat(service.isRunning()).isTrue();
                ShopFloor.await().until(() -> !shop.intercepts().isEmpty());
                shop.awaitAllHandled();
            }

            assertThat(shop.intercepts())
                    .extracting(InterceptShipmentCommand::getCommandId)
                    .containsExactly(ShopFloor.interceptId("O1", 1));
            assertThat(shop.locks()).hasSize(1);
        }
    }

    @Test
    void worksWithoutTheOptionalTopicsAndReadsThemOnceTheyAreThere() {
        try (ShopFloor shop = outside.bareShopFloor(2);
                ConfigurableApplicationContext service = shop.start(
                        stateDirectory, "--spring.kafka.streams.properties.consumer.metadata.max.age.ms=500")) {
            assertThat(service.isRunning()).isTrue();
            shop.send(shop.refund("O1").build());
            shop.send(shop.parcel("O1").build());
            ShopFloor.await().until(() -> shop.intercepts().size() == 1);

            shop.create(ShopFloor.INTERCEPT_RESULTS, 2);
            shop.send(InterceptResult.newBuilder()
                    .setEventId("answer")
                    .setPlatform("DOUYIN")
                    .setShopId("shop-1")
                    .setOrderId("O1")
                    .setCommandId(ShopFloor.interceptId("O1", 1))
                    .setStatus(InterceptStatus.FAILED)
                    .setReason(InterceptReason.TOO_LATE)
                    .setOccurredAt(shop.now)
                    .build());
            ShopFloor.await()
                    .until(() ->
                            shop.alerts().stream().anyMatch(alert -> alert.getCode() == AlertCode.INTERCEPT_FAILED));
        }
    }

    /** By then the courier's time is up, for both: of one it is known while the service starts that he did answer. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void looksForTheAnswerBeforeItMeetsTheDeadlinesOfItsAbsence(String store) {
        try (ShopFloor shop = outside.shopFloor(1)) {
            String[] options = {"--order-sync.state.store=" + store, "--order-sync.policy.intercept-answer-within=3s"};
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, options)) {
                for (String order : List.of("O1", "O2")) {
                    shop.send(shop.refund(order).build());
                    shop.send(shop.parcel(order).build());
                }
                ShopFloor.await().until(() -> shop.intercepts().size() == 2);
                ShopFloor.kill(service);
            }
            shop.send(shop.answer("O2"));
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, options)) {
                assertThat(service.isRunning()).isTrue();
                ShopFloor.await()
                        .until(() -> shop.alerts().stream()
                                .anyMatch(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED));
                shop.awaitAllHandled();
            }

            assertThat(shop.alerts())
                    .filteredOn(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED)
                    .extracting(OrderAlert::getOrderId)
                    .containsExactly("O1");
        }
    }
}
