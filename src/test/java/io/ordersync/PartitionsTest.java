package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.OrderAlert;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Topics come late, grow and go, and so do instances: each race is found once all the same. */
@Tag("broker")
class PartitionsTest {

    private static final long SEED = 20_261_122;
    /** Else a new partition is seen after minutes. */
    private static final String LOOK_OFTEN = "--spring.kafka.streams.properties.consumer.metadata.max.age.ms=500";

    private static Outside outside;

    @TempDir
    Path stateDirectory;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        outside = new Outside();
    }

    @AfterAll
    static void stop() {
        outside.close();
    }

    @Test
    void ofAnInputMayBecomeMoreUnderLoad() {
        try (ShopFloor shop = outside.shopFloor(Map.of(ShopFloor.REFUNDS, 6, ShopFloor.PARCELS, 6));
                ConfigurableApplicationContext service =
                        shop.start(stateDirectory, LOOK_OFTEN, "--order-sync.partitions=6")) {
            List<String> races = new ArrayList<>();
            ShopFloor.await().until(() -> {
                sendRace(shop, races);
                return tasks(service) == 6 && shop.intercepts().size() > 20;
            });
            // Of these orders one half is told before, and the other after.
            List<String> halves = orders("half", 60);
            halves.forEach(order -> send(shop, shop.refund(order).build()));
            races.addAll(halves);

            shop.widen(ShopFloor.PARCELS, 12);
            ShopFloor.await().atMost(Duration.ofSeconds(60)).until(() -> {
                sendRace(shop, races);
                shop.intercepts();
                return tasks(service) == 12;
            });
            halves.forEach(order -> send(shop, shop.parcel(order).build()));
            orders("after", 60).forEach(order -> {
                sendRace(shop, order);
                races.add(order);
            });
            shop.awaitAllHandled();

            assertRacesFoundOnce(shop, races);
            assertThat(shop.strays()).hasSize(6);
            assertThat(shop.count("order-sync-orders-changelog")).isEqualTo(12);
            assertThat(shop.count("order-sync-timers-changelog")).isEqualTo(12);
        }
    }

    @Test
    void ofAnOptionalInputThatComesLateMayBeTheMost() {
        try (ShopFloor shop = outside.bareShopFloor(2);
                ConfigurableApplicationContext service = shop.start(stateDirectory, LOOK_OFTEN)) {
            List<String> races = orders("early", 20);
            races.forEach(order -> sendRace(shop, order));
            shop.awaitAllHandled();

            shop.create(ShopFloor.INTERCEPT_RESULTS, 5);
            races.forEach(order -> send(shop, failure(shop, order)));
            ShopFloor.await().atMost(Duration.ofSeconds(60)).until(() -> tasks(service) == 5);
            shop.awaitAllHandled();

            assertRacesFoundOnce(shop, races);
            assertThat(shop.alerts().stream()
                            .filter(alert -> alert.getCode() == AlertCode.INTERCEPT_FAILED)
                            .map(alert -> alert.getOrderId())
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(races);
            assertThat(shop.strays()).hasSize(2);
        }
    }

    @Test
    void ofAllInputsMayBecomeFewerThanTheStateHas() {
        try (ShopFloor shop =
                outside.shopFloor(Map.of(ShopFloor.REFUNDS, 2, ShopFloor.PARCELS, 3, ShopFloor.SCANS, 5))) {
            List<String> races = orders("long", 40);
            try (ConfigurableApplicationContext service = shop.start(stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
                races.forEach(order -> send(shop, shop.refund(order).build()));
                shop.awaitAllHandled();
            }
            assertThat(shop.strays()).hasSize(5);

            try (ConfigurableApplicationContext service =
                    shop.start(stateDirectory, "--order-sync.topics.shipment-status=")) {
                races.forEach(order -> send(shop, shop.parcel(order).build()));
                ShopFloor.await().until(() -> tasks(service) == 5);
                shop.awaitAllHandled();
            }
            assertRacesFoundOnce(shop, races);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void ofTheOrdersStayAsManyAsAtTheFirstStart(CapturedOutput output) {
        try (ShopFloor shop = outside.bareShopFloor(3)) {
            try (ConfigurableApplicationContext service = shop.start(stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
            }
            assertThatThrownBy(() -> shop.start(stateDirectory, "--order-sync.partitions=4"))
                    .isInstanceOf(RuntimeException.class);

            assertThat(output.getAll().lines())
                    .filteredOn(line -> line.startsWith("order-sync.partitions is 4"))
                    .singleElement()
                    .asString()
                    .contains("spread over 3 partitions", shop.applicationId() + "-strays", "set 3");
        }
    }

    @Test
    void areWaitedForAsLongAsARequiredTopicIsMissing() {
        int port = Ports.free();
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ShopFloor shop = outside.shopFloor(Map.of(ShopFloor.REFUNDS, 3))) {
            // A start returns when the stream was started.
            CompletableFuture<ConfigurableApplicationContext> service =
                    CompletableFuture.supplyAsync(() -> shop.start(stateDirectory, "--server.port=" + port), threads);
            try {
                ShopFloor.await()
                        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                        .until(() -> health(http, port, "/kafkaStreams")
                                .at("/details/waitingFor")
                                .asString("")
                                .contains(shop.named(ShopFloor.PARCELS)));
                assertThat(status(http, port, "/liveness")).isEqualTo("UP");
                assertThat(status(http, port, "/readiness")).isNotEqualTo("UP");
                send(shop, shop.refund("late").build());

                shop.create(ShopFloor.PARCELS, 7);
                send(shop, shop.parcel("late").build());
                ShopFloor.await().until(() -> status(http, port, "/readiness").equals("UP"));
                shop.awaitAllHandled();

                assertRacesFoundOnce(shop, List.of("late"));
                assertThat(shop.strays()).hasSize(7);
            } finally {
                // Who waits stops waiting, even if the test failed.
                if (!shop.isThere(ShopFloor.PARCELS)) {
                    shop.create(ShopFloor.PARCELS, 7);
                }
                service.join().close();
            }
        }
    }

    /** Under way when the service was stopped, and by a topic that is not read any more when it starts again. */
    @Test
    void mayHaveLostATopicWhoseStraysAreUnderWay() {
        try (ShopFloor shop = outside.shopFloor(
                Map.of(ShopFloor.REFUNDS, 2, ShopFloor.PARCELS, 2, ShopFloor.RESOLUTIONS, 2, ShopFloor.SCANS, 2))) {
            String strays = shop.applicationId() + "-strays";
            byte[] scan = shop.bytes(shop.scan("gone"));
            int away = 1 - ShopFloor.home("gone", 2);
            try (ConfigurableApplicationContext service = shop.start(stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
                shop.send(ShopFloor.SCANS, away, null, scan);
                shop.send(ShopFloor.RESOLUTIONS, away, ShopFloor.key("gone"), null);
                shop.awaitAllHandled();
            }
            // As if they had not been read from there yet.
            List<ConsumerRecord<byte[], byte[]>> underWay = shop.committedRecords(strays);
            assertThat(underWay).hasSize(2);
            underWay.forEach(stray -> shop.sendStray(stray.partition(), stray.key(), stray.value(), stray.headers()));

            try (ConfigurableApplicationContext service = shop.start(
                    stateDirectory, "--order-sync.topics.shipment-status=", "--order-sync.topics.case-resolutions=")) {
                assertThat(service.isRunning()).isTrue();
                List<String> races = orders("after", 20);
                races.forEach(order -> sendRace(shop, order));
                shop.awaitAllHandled();
                assertThat(shop.intercepts()).hasSameSizeAs(races);
            }
            assertThat(shop.records(ShopFloor.DEAD_LETTERS))
                    .extracting(letter -> header(letter, DeadLetter.TOPIC), letter -> header(letter, DeadLetter.REASON))
                    .containsExactlyInAnyOrder(
                            tuple(shop.named(ShopFloor.SCANS), "UNREADABLE"),
                            tuple(shop.named(ShopFloor.RESOLUTIONS), "UNREADABLE"));
        }
    }

    /** The courier's time is up when the service starts again, and his answer waits on another partition than its order. */
    @Test
    void mayHideAnAnswerThatIsFoundBeforeItsDeadlineIsMet() {
        try (ShopFloor shop =
                outside.shopFloor(Map.of(ShopFloor.REFUNDS, 3, ShopFloor.PARCELS, 3, ShopFloor.INTERCEPT_RESULTS, 3))) {
            String within = "--order-sync.policy.intercept-answer-within=5s";
            List<String> races = orders("asked", 60);
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, within)) {
                assertThat(service.isRunning()).isTrue();
                races.forEach(order -> sendRace(shop, order));
                sendRace(shop, "unanswered");
                ShopFloor.await().until(() -> shop.intercepts().size() == races.size() + 1);
                ShopFloor.kill(service);
            }
            for (String order : races) {
                int away = (ShopFloor.home(order, 3) + 1) % 3;
                shop.send(ShopFloor.INTERCEPT_RESULTS, away, null, shop.bytes(shop.answer(order)));
            }
            ShopFloor.await().until(() -> Instant.now().isAfter(shop.now.plus(Duration.ofSeconds(20))));
            try (ConfigurableApplicationContext service = shop.start(stateDirectory, within)) {
                assertThat(service.isRunning()).isTrue();
                ShopFloor.await()
                        .until(() -> shop.alerts().stream()
                                .anyMatch(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED));
                shop.awaitAllHandled();
            }
            assertThat(shop.alerts())
                    .filteredOn(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED)
                    .extracting(OrderAlert::getOrderId)
                    .containsExactly("unanswered");
        }
    }

    @Test
    void areTakenOverFromAnInstanceThatDies(@TempDir Path another) {
        try (ShopFloor shop = outside.shopFloor(Map.of(ShopFloor.REFUNDS, 3, ShopFloor.PARCELS, 6));
                ConfigurableApplicationContext dies = shop.start(stateDirectory);
                ConfigurableApplicationContext survives = shop.start(another)) {
            ShopFloor.await().until(() -> tasks(dies) == 3 && tasks(survives) == 3);
            List<String> races = new ArrayList<>();
            int before = 300;
            for (int number = 0; number < before; number++) {
                sendRace(shop, races);
            }
            ShopFloor.await().until(() -> !shop.intercepts().isEmpty());
            for (int number = 0; number < before; number++) {
                sendRace(shop, races);
            }
            // In the middle: of what was sent some is found, and the rest under way.
            assertThat(shop.intercepts().size()).isBetween(1, races.size() - 1);
            ShopFloor.kill(dies);
            for (int number = 0; number < before; number++) {
                sendRace(shop, races);
            }
            shop.awaitAllHandled(Duration.ofSeconds(60));

            assertRacesFoundOnce(shop, races);
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    @Test
    void ofAnotherApplicationIdAreItsOwn(@TempDir Path another) {
        try (ShopFloor shop = outside.shopFloor(Map.of(ShopFloor.REFUNDS, 3, ShopFloor.PARCELS, 6));
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            List<String> races = orders("twice", 100);
            races.forEach(order -> sendRace(shop, order));
            String shadow = shop.applicationId() + "-shadow";
            outside.broker.createTopics(1, shadow + ".alerts", shadow + ".cases", shadow + ".dead-letters");
            try (ConfigurableApplicationContext replay = shop.start(
                    another,
                    "--spring.kafka.streams.application-id=" + shadow,
                    "--order-sync.mode=shadow",
                    "--order-sync.topics.order-alerts=" + shadow + ".alerts",
                    "--order-sync.topics.order-cases=" + shadow + ".cases",
                    "--order-sync.topics.dead-letters=" + shadow + ".dead-letters")) {
                shop.awaitAllHandled();
                shop.awaitAllHandled(shadow, Duration.ofSeconds(40));

                assertRacesFoundOnce(shop, races);
                Map<String, Integer> strays = ShopFloor.countedByTopic(service, "ordersync_strays_total");
                assertThat(strays).hasSize(2);
                assertThat(ShopFloor.countedByTopic(replay, "ordersync_strays_total"))
                        .isEqualTo(strays);
                int all = strays.values().stream().mapToInt(Integer::intValue).sum();
                assertThat(shop.committedRecords(shop.applicationId() + "-strays"))
                        .hasSize(all);
                assertThat(shop.committedRecords(shadow + "-strays")).hasSize(all);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ helpers

    private static List<String> orders(String name, int count) {
        return IntStream.range(0, count).mapToObj(number -> name + number).toList();
    }

    private void sendRace(ShopFloor shop, List<String> races) {
        String order = "O" + races.size();
        sendRace(shop, order);
        races.add(order);
    }

    private void sendRace(ShopFloor shop, String order) {
        send(shop, shop.refund(order).build());
        send(shop, shop.parcel(order).build());
    }

    /** To any partition. */
    private void send(ShopFloor shop, SpecificRecordBase event) {
        String topic = ShopFloor.topic(event);
        int partition = random.nextInt(shop.count(topic));
        shop.send(topic, partition, null, shop.bytes(event));
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    private static InterceptResult failure(ShopFloor shop, String order) {
        return InterceptResult.newBuilder(shop.answer(order))
                .setStatus(InterceptStatus.FAILED)
                .setReason(InterceptReason.TOO_LATE)
                .build();
    }

    private static void assertRacesFoundOnce(ShopFloor shop, List<String> races) {
        assertThat(shop.intercepts())
                .extracting(InterceptShipmentCommand::getCommandId)
                .containsExactlyInAnyOrderElementsOf(races.stream()
                        .map(order -> ShopFloor.interceptId(order, 1))
                        .toList());
        assertThat(shop.deadLetters()).isEmpty();
    }

    private static int tasks(ConfigurableApplicationContext service) {
        KafkaStreams streams = service.getBean(StreamsBuilderFactoryBean.class).getKafkaStreams();
        return streams == null
                ? 0
                : (int) streams.metadataForLocalThreads().stream()
                        .flatMap(thread -> thread.activeTasks().stream())
                        .count();
    }

    private static String status(HttpClient http, int port, String component) {
        return health(http, port, component).path("status").asString("none");
    }

    private static JsonNode health(HttpClient http, int port, String component) {
        URI uri = URI.create("http://localhost:" + port + "/actuator/health" + component);
        try {
            return JsonMapper.shared()
                    .readTree(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
