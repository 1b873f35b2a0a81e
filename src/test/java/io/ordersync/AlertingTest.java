package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.dev.Answer;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.process.ChildJvm;
import io.ordersync.vendors.Call;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Alerts on their way to vendors' servers, through a real broker. */
@Tag("broker")
@ExtendWith(OutputCaptureExtension.class)
class AlertingTest {

    private static Outside outside;

    @TempDir
    Path stateDirectory;

    @TempDir
    Path otherDirectory;

    private final Map<String, Vendor> vendors = new LinkedHashMap<>();
    private final List<String> settings = new ArrayList<>();

    @BeforeAll
    static void start() {
        outside = new Outside();
    }

    @AfterAll
    static void stop() {
        outside.close();
    }

    @AfterEach
    void closeVendors() {
        vendors.values().forEach(Vendor::close);
    }

    /** A channel by the name of its kind, which collects for a second. */
    private Vendor channel(VendorApi api, String... more) {
        return channel(api.name().toLowerCase(Locale.ROOT), api, more);
    }

    private Vendor channel(String name, VendorApi api, String... more) {
        Vendor vendor = new Vendor(api);
        vendors.put(name, vendor);
        set(name, "type=" + api.name().toLowerCase(Locale.ROOT));
        set(name, "url=" + vendor.url());
        if (!Set.of(VendorApi.WECOM, VendorApi.SLACK, VendorApi.ALERTMANAGER).contains(api)) {
            set(name, "secret=" + vendor.secret());
        }
        set(name, "grouping.interval=1s");
        set(name, "first-pause=50ms");
        set(name, "longest-pause=500ms");
        Stream.of(more).forEach(setting -> set(name, setting));
        return vendor;
    }

    private void set(String channel, String setting) {
        settings.add("--order-sync.alerting.channels." + channel + "." + setting);
    }

    private ConfigurableApplicationContext service(ShopFloor shop, Path directory) {
        return shop.start(directory, settings.toArray(String[]::new));
    }

    private static OrderAlert.Builder alert(ShopFloor shop, String order) {
        return OrderAlert.newBuilder()
                .setAlertId("alert-" + order)
                .setCaseId("case-" + order)
                .setCode(AlertCode.REFUNDED_BUT_SHIPPED)
                .setSeverity(AlertSeverity.HIGH)
                .setState(AlertState.FIRING)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(order)
                .setShipmentIds(List.of("S-" + order))
                .setWarehouseId("W1")
                .setExposureMinor(12_900L)
                .setCurrency("CNY")
                .setRecommendedAction(RecommendedAction.INTERCEPT)
                .setSummary("A parcel was made after its refund.")
                .setOccurredAt(shop.now)
                .setDetectedAt(shop.now);
    }

    private static void tell(ShopFloor shop, OrderAlert alert) {
        shop.put(
                ShopFloor.ALERTS,
                ShopFloor.home(Objects.requireNonNull(alert.getOrderId()), shop.count(ShopFloor.ALERTS)),
                ShopFloor.key(Objects.requireNonNull(alert.getOrderId())),
                shop.bytes(alert),
                new RecordHeaders());
    }

    /** Of each alert that a webhook took: its id, with its state, in the order in which it came. */
    private static List<String> toldTo(Vendor webhook) {
        return webhook.taken().stream()
                .flatMap(call -> StreamSupport.stream(call.json().path("alerts").spliterator(), false))
                .map(alert -> alert.path("alertId").asString() + " "
                        + alert.path("state").asString())
                .toList();
    }

    private static void awaitUntil(Predicate<Vendor> condition, Vendor vendor) {
        ShopFloor.await().until(() -> condition.test(vendor));
    }

    @Test
    void aCaughtRaceReachesEveryChannelAndSoDoesItsEnd() {
        Stream.of(VendorApi.values()).forEach(this::channel);
        try (ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            shop.send(shop.refund("O1").build());
            shop.send(shop.parcel("O1").build());
            shop.awaitAllHandled();
            vendors.forEach((name, vendor) -> ShopFloor.await()
                    .untilAsserted(() -> assertThat(vendor.taken()).as(name).isNotEmpty()));

            shop.send(RefundClosed.newBuilder()
                    .setEventId("close")
                    .setPlatform("DOUYIN")
                    .setShopId("shop-1")
                    .setOrderId("O1")
                    .setRefundId("R-O1")
                    .setRefundVersion(1)
                    .setOutcome(RefundOutcome.WITHDRAWN)
                    .setClosedAt(shop.now)
                    .build());
            shop.awaitAllHandled();
            assertThat(shop.alerts()).last().extracting(OrderAlert::getState).isEqualTo(AlertState.RESOLVED);

            vendors.forEach((name, vendor) -> ShopFloor.await()
                    .untilAsserted(() -> assertThat(vendor.taken().getLast().body())
                            .as(name)
                            .containsAnyOf("RESOLVED", "resolve", "已解除", "\"endsAt\"")));
            vendors.forEach(
                    (name, vendor) -> assertThat(vendor.refusals()).as(name).isEmpty());
            assertThat(vendors.values())
                    .allSatisfy(vendor -> assertThat(vendor.taken().getFirst().body())
                            .contains("O1")
                            .doesNotContain("SF-O1"));
            assertThat(service.getBean(PrometheusMeterRegistry.class).scrape())
                    .contains(
                            "ordersync_alerts_relayed_total{application=\"order-sync\",channel=\"slack\",outcome=\"delivered\"}",
                            "resilience4j_circuitbreaker_state{",
                            "resilience4j_retry_calls_total{",
                            "resilience4j_ratelimiter_available_permissions{",
                            "resilience4j_timelimiter_calls_total{",
                            "resilience4j_bulkhead_available_concurrent_calls{");
        }
    }

    @Test
    void eachChannelIsToldWhatItsRoutesAskFor() {
        Vendor webhook = channel(
                VendorApi.WEBHOOK,
                "routes[0].severities=critical",
                "routes[1].warehouses=W2,W3",
                "routes[1].codes=claim-courier");
        Vendor pager = channel(VendorApi.PAGERDUTY, "routes[0].shops=DOUYIN:shop-2", "routes[1].couriers=YTO");
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            tell(shop, alert(shop, "plain").build());
            tell(shop, alert(shop, "grave").setSeverity(AlertSeverity.CRITICAL).build());
            tell(
                    shop,
                    alert(shop, "claim")
                            .setWarehouseId("W3")
                            .setCode(AlertCode.CLAIM_COURIER)
                            .build());
            tell(shop, alert(shop, "elsewhere").setWarehouseId("W3").build());
            tell(shop, alert(shop, "other-shop").setShopId("shop-2").build());
            tell(shop, alert(shop, "courier").setCourier("YTO").build());
            // It was told that it fires, and is told what became of it.
            tell(
                    shop,
                    alert(shop, "grave")
                            .setSeverity(AlertSeverity.LOW)
                            .setState(AlertState.RESOLVED)
                            .build());

            ShopFloor.await()
                    .until(() -> toldTo(webhook).size() == 3 && pager.taken().size() == 2);
            assertThat(toldTo(webhook))
                    .containsExactlyInAnyOrder("alert-grave FIRING", "alert-claim FIRING", "alert-grave RESOLVED");
            assertThat(pager.taken())
                    .extracting(call -> call.json().path("dedup_key").asString())
                    .containsExactly("alert-other-shop", "alert-courier");
            ShopFloor.await().until(() -> counted(service, "pagerduty", "unrouted") == 5);
        }
    }

    /** An hour in seconds: an alert every few milliseconds instead of every nine seconds. */
    @Test
    void aChannelThatIsDownDelaysOnlyItselfLosesNothingAndCatchesUpInOrder() {
        Vendor down = channel("down", VendorApi.WEBHOOK, "most-pending=50");
        Vendor up = channel("up", VendorApi.WEBHOOK, "rate-limit.requests=1000", "rate-limit.per=1s");
        Vendor chat = channel(VendorApi.FEISHU);
        try (ShopFloor shop = outside.shopFloor(3);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            down.behave(call -> Reply.of(503, ""));
            chat.behave(call -> null);
            int orders = 200;
            for (int i = 0; i < orders; i++) {
                tell(shop, alert(shop, "O" + i).build());
                tell(shop, alert(shop, "O" + i).setState(AlertState.RESOLVED).build());
                if (i % 20 == 19) {
                    int told = 2 * (i + 1);
                    awaitUntil(vendor -> toldTo(vendor).size() == told, up);
                }
            }
            assertThat(down.taken()).isEmpty();
            assertThat(chat.taken()).isEmpty();
            assertThat(down.calls()).as("it is not asked for each of them").hasSizeLessThan(2 * orders);
            assertThat(Health.of(service).status("/alertRelay")).isEqualTo("OUT_OF_SERVICE");
            assertThat(Health.of(service).status("/readiness")).isEqualTo("UP");

            down.behaveWell();
            chat.behaveWell();

            awaitUntil(vendor -> toldTo(vendor).size() >= 2 * orders, down);
            List<String> told = toldTo(down);
            assertThat(told).hasSize(2 * orders).doesNotHaveDuplicates();
            for (int i = 0; i < orders; i++) {
                assertThat(told.indexOf("alert-O" + i + " RESOLVED"))
                        .isGreaterThan(told.indexOf("alert-O" + i + " FIRING"));
            }
            ShopFloor.await().until(() -> counted(service, "feishu", "delivered") == 2 * orders);
            int inMessages =
                    chat.taken().stream().mapToInt(AlertingTest::countOf).sum();
            assertThat(inMessages)
                    .as("each order stands in a message, or in one when it fired and in one when that ended")
                    .isBetween(orders, 2 * orders);
            System.out.printf(
                    "outage: %d records in; %d to the channel that was up, meanwhile; afterwards %d in %d requests to the"
                            + " one that was down, which was asked %d times before; to the chat %d alerts in %d messages%n",
                    2 * orders,
                    toldTo(up).size(),
                    told.size(),
                    down.taken().size(),
                    down.calls().size() - down.taken().size(),
                    inMessages,
                    chat.taken().size());
            ShopFloor.await()
                    .until(() -> Health.of(service).status("/alertRelay").equals("UP"));
        }
    }

    /** How many alerts a message to a chat is about. */
    private static int countOf(Call call) {
        var digest = Pattern.compile("(\\d+) 条告警").matcher(call.body());
        return digest.find() ? Integer.parseInt(digest.group(1)) : 1;
    }

    @Test
    void whatIsRefusedForGoodIsPutAsideWithItsReason() {
        Vendor slack = channel(VendorApi.SLACK);
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            assertThat(service.isRunning()).isTrue();
            slack.behave(call -> call.body().contains("bad") ? Reply.of(400, "invalid_blocks") : Reply.of(200, "ok"));
            tell(shop, alert(shop, "bad").build());
            shop.put(ShopFloor.ALERTS, 0, "x", "no alert".getBytes(UTF_8), new RecordHeaders());
            tell(shop, alert(shop, "good").build());

            ShopFloor.await().until(() -> shop.records(ShopFloor.UNDELIVERED).size() == 2);
            List<ConsumerRecord<byte[], byte[]>> aside = shop.records(ShopFloor.UNDELIVERED);
            assertThat(aside)
                    .extracting(record -> header(record, DeadLetter.MESSAGE))
                    .containsExactlyInAnyOrder("it is no alert that can be read", "HTTP 400: invalid_blocks");
            ConsumerRecord<byte[], byte[]> refused = aside.stream()
                    .filter(record -> header(record, DeadLetter.MESSAGE).startsWith("HTTP"))
                    .findAny()
                    .orElseThrow();
            assertThat(refused.value()).isEqualTo(shop.bytes(alert(shop, "bad").build()));
            assertThat(refused.key()).isEqualTo(ShopFloor.key("bad").getBytes(UTF_8));
            assertThat(header(refused, "order-sync-channel")).isEqualTo("slack");
            assertThat(header(refused, DeadLetter.TOPIC)).isEqualTo(shop.named(ShopFloor.ALERTS));
            assertThat(header(refused, DeadLetter.OFFSET)).isEqualTo("0");
            awaitUntil(vendor -> vendor.taken().size() == 1, slack);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void aRestartRepeatsNothingAndForgetsNothing() {
        Vendor webhook = channel(VendorApi.WEBHOOK, "grouping.interval=1h");
        try (ShopFloor shop = outside.shopFloor(1)) {
            try (ConfigurableApplicationContext service = service(shop, stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
                tell(shop, alert(shop, "first").build());
                awaitUntil(vendor -> toldTo(vendor).size() == 1, webhook);
                tell(shop, alert(shop, "waits").build());
                tell(
                        shop,
                        alert(shop, "grave").setSeverity(AlertSeverity.CRITICAL).build());
                awaitUntil(vendor -> toldTo(vendor).size() == 2, webhook);
            }
            assertThat(toldTo(webhook)).containsExactly("alert-first FIRING", "alert-grave FIRING");
            tell(shop, alert(shop, "meanwhile").setWarehouseId("W2").build());
            try (ConfigurableApplicationContext service = service(shop, stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
                awaitUntil(vendor -> toldTo(vendor).size() == 4, webhook);
                assertThat(toldTo(webhook).subList(2, 4))
                        .containsExactlyInAnyOrder("alert-waits FIRING", "alert-meanwhile FIRING");
            }
        }
    }

    @Test
    void oneInstanceTellsAndAnotherOneTakesOver() {
        Vendor webhook = channel(VendorApi.WEBHOOK, "grouping.interval=0s");
        try (ShopFloor shop = outside.shopFloor(4)) {
            ConfigurableApplicationContext first = service(shop, stateDirectory);
            try (ConfigurableApplicationContext second = service(shop, otherDirectory)) {
                for (int i = 0; i < 20; i++) {
                    tell(shop, alert(shop, "O" + i).build());
                }
                awaitUntil(vendor -> toldTo(vendor).size() == 20, webhook);
                ShopFloor.await().until(() -> delivered(first) + delivered(second) == 20);
                double ofSecond = delivered(second);
                assertThat(Set.of(0.0, 20.0)).contains(ofSecond);
                assertThat(delivered(first)).isEqualTo(20 - ofSecond);

                first.close();
                for (int i = 20; i < 40; i++) {
                    tell(shop, alert(shop, "O" + i).build());
                }
                awaitUntil(vendor -> toldTo(vendor).size() >= 40, webhook);
                assertThat(toldTo(webhook)).hasSize(40).doesNotHaveDuplicates();
            } finally {
                first.close();
            }
        }
    }

    private static double delivered(ConfigurableApplicationContext service) {
        return service
                .getBean(PrometheusMeterRegistry.class)
                .find("ordersync.alerts.relayed")
                .tag("outcome", "delivered")
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static double counted(ConfigurableApplicationContext service, String channel, String outcome) {
        Counter counter = service.getBean(PrometheusMeterRegistry.class)
                .find("ordersync.alerts.relayed")
                .tags("channel", channel, "outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void channelsOfLikeNamesAreApart() {
        Vendor slack = channel(VendorApi.SLACK);
        try (Vendor other = new Vendor(VendorApi.SLACK);
                ShopFloor shop = outside.shopFloor(1)) {
            other.behave(call -> Reply.of(503, ""));
            set("slack-ops", "type=slack");
            set("slack-ops", "url=" + other.url());
            set("slack-ops", "grouping.interval=0s");
            set("slack-ops", "longest-pause=500ms");
            try (ConfigurableApplicationContext service = service(shop, stateDirectory)) {
                for (int i = 0; i < 5; i++) {
                    tell(shop, alert(shop, "O" + i).build());
                }
                ShopFloor.await().until(() -> delivered(service) == 5);
                assertThat(other.taken()).isEmpty();
            }
            other.behaveWell();
            try (ConfigurableApplicationContext service = service(shop, stateDirectory)) {
                ShopFloor.await().until(() -> delivered(service) == 5);
            }
            assertThat(slack.taken().stream().map(Call::body).filter(body -> body.contains("O0")))
                    .hasSize(1);
        }
    }

    @Test
    void nobodyIsToldWhenItIsSwitchedOff() {
        Vendor webhook = channel(VendorApi.WEBHOOK);
        settings.add("--order-sync.alerting.enabled=false");
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            assertThat(service.isRunning()).isTrue();
            shop.send(shop.refund("O1").build());
            shop.send(shop.parcel("O1").build());
            shop.awaitAllHandled();
            assertThat(shop.alerts()).isNotEmpty();
            assertThat(Objects.requireNonNull(Answer.of(outside.admin
                            .listConsumerGroupOffsets(shop.applicationId() + "-alerts-webhook")
                            .partitionsToOffsetAndMetadata())))
                    .isEmpty();
            assertThat(webhook.calls()).isEmpty();
        }
    }

    /** An alert is no longer one after its order was erased; and a channel that is new does not begin with last month. */
    @Test
    void aChannelThatIsNewBeginsWithTheLastHour() {
        try (ShopFloor shop = outside.shopFloor(1)) {
            assertThat(outside.producer.send(new ProducerRecord<>(
                            shop.named(ShopFloor.ALERTS),
                            0,
                            System.currentTimeMillis() - Duration.ofHours(2).toMillis(),
                            new byte[0],
                            shop.bytes(alert(shop, "old").build()))))
                    .succeedsWithin(Duration.ofSeconds(10));
            tell(shop, alert(shop, "young").build());
            Vendor webhook = channel(VendorApi.WEBHOOK);
            try (ConfigurableApplicationContext service = service(shop, stateDirectory)) {
                assertThat(service.isRunning()).isTrue();
                awaitUntil(vendor -> !toldTo(vendor).isEmpty(), webhook);
                assertThat(toldTo(webhook)).containsExactly("alert-young FIRING");
            }
        }
    }

    @Test
    void secretsAreNowhere(CapturedOutput output) throws Exception {
        Vendor ding = channel(VendorApi.DINGTALK, "headers.authorization=Bearer topsecrettoken");
        settings.add("--management.endpoints.web.exposure.include=*");
        settings.add("--logging.level.io.ordersync=debug");
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            ding.behave(call -> Reply.of(
                    400,
                    "bad " + call.rawQuery() + " "
                            + call.header("authorization").replace("Bearer ", "token ")));
            tell(shop, alert(shop, "O1").build());
            ShopFloor.await().until(() -> !shop.records(ShopFloor.UNDELIVERED).isEmpty());
            ding.behave(call -> null);
            tell(shop, alert(shop, "O2").build());
            ShopFloor.await()
                    .until(() -> output.getOut()
                            .contains("can't be delivered channel=dingtalk partition=0 offset=0 error=HTTP 400"));

            String port = service.getEnvironment().getRequiredProperty("local.server.port");
            StringBuilder all = new StringBuilder(output.getAll());
            for (String endpoint : List.of("", "/health", "/env", "/configprops", "/prometheus", "/beans", "/info")) {
                all.append(get("http://localhost:" + port + "/actuator" + endpoint));
            }
            shop.records(ShopFloor.UNDELIVERED)
                    .forEach(record -> all.append(
                                    Arrays.toString(record.headers().toArray()))
                            .append(header(record, DeadLetter.MESSAGE)));
            assertThat(ding.calls().getFirst().header("authorization")).isEqualTo("Bearer topsecrettoken");
            assertThat(all)
                    .hasSizeGreaterThan(10_000)
                    .doesNotContain(Vendor.SECRET, "0123456789abcdef0123", "topsecrettoken");
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    /** What was on its way when it was killed is told again, with the same id; what was told before is not. */
    @Test
    void aKilledProcessTellsOneRequestTwice() {
        Vendor webhook = channel(VendorApi.WEBHOOK);
        set("webhook", "time-limit=30s");
        try (ShopFloor shop = outside.shopFloor(2)) {
            String[] arguments = settings.toArray(String[]::new);
            try (ChildJvm first = shop.startProcess(stateDirectory, arguments)) {
                for (int i = 0; i < 10; i++) {
                    tell(shop, alert(shop, "O" + i).build());
                }
                awaitUntil(vendor -> toldTo(vendor).size() == 10, webhook);
                webhook.hang();
                int before = webhook.calls().size();
                tell(
                        shop,
                        alert(shop, "on-its-way")
                                .setSeverity(AlertSeverity.CRITICAL)
                                .build());
                awaitUntil(vendor -> vendor.calls().size() > before, webhook);
                first.kill();
            }
            webhook.behaveWell();
            try (ChildJvm second = shop.startProcess(stateDirectory, arguments)) {
                awaitUntil(
                        vendor -> vendor.calls().stream()
                                        .filter(call -> call.body().contains("on-its-way"))
                                        .count()
                                == 2,
                        webhook);
                tell(shop, alert(shop, "last").build());
                awaitUntil(vendor -> vendor.taken().getLast().body().contains("alert-last"), webhook);
                second.requireAlive();
            }
            Map<String, Long> requests = webhook.calls().stream()
                    .collect(Collectors.groupingBy(call -> call.header("webhook-id"), Collectors.counting()));
            assertThat(requests.values()).filteredOn(count -> count > 1).containsExactly(2L);
        }
    }

    /** Of a message that is told twice its id is the same; of alerts too, by their records. */
    @Test
    void whatIsToldAgainAfterALostAnswerHasTheSameId() {
        Vendor webhook = channel(VendorApi.WEBHOOK, "time-limit=300ms");
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = service(shop, stateDirectory)) {
            assertThat(service.isRunning()).isTrue();
            webhook.hang();
            tell(shop, alert(shop, "O1").build());
            awaitUntil(vendor -> vendor.calls().size() >= 2, webhook);
            webhook.behaveWell();
            awaitUntil(vendor -> !vendor.taken().isEmpty(), webhook);

            assertThat(new LinkedHashSet<>(webhook.calls().stream()
                            .map(call -> call.header("webhook-id"))
                            .toList()))
                    .hasSize(1);
        }
    }
}
