package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.monitoring.Expressions;
import io.ordersync.monitoring.Scrape;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What alert rules, the dashboard and docs/operating.md ask for is what a service exports that has seen everything once. */
@Tag("broker")
class MonitoringTest {

    private static final Path OPERATING = Path.of("docs/operating.md");
    private static final Path RULES = Path.of("helm/order-sync/files/alerts.yml");
    private static final Path DASHBOARD = Path.of("helm/order-sync/files/dashboard.json");
    private static final Set<String> ADDED_BY_PROMETHEUS = Set.of("instance", "job");

    @TempDir
    static Path stateDirectory;

    private static Scrape scrape;

    @BeforeAll
    static void work() {
        try (Outside outside = new Outside();
                Vendor takes = new Vendor(VendorApi.WEBHOOK);
                Vendor refuses = new Vendor(VendorApi.SLACK);
                ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = shop.start(
                        stateDirectory,
                        "--order-sync.policy.lock-answer-within=1s",
                        "--order-sync.policy.intercept-answer-within=1s",
                        "--order-sync.alerting.channels.duty.type=webhook",
                        "--order-sync.alerting.channels.duty.url=" + takes.url(),
                        "--order-sync.alerting.channels.duty.secret=" + takes.secret(),
                        "--order-sync.alerting.channels.chat.type=slack",
                        "--order-sync.alerting.channels.chat.url=" + refuses.url())) {
            refuses.behave(call -> Reply.of(400, "invalid_blocks"));
            shop.send(shop.refund("O1").build());
            shop.send(shop.parcel("O1").build());
            shop.send(
                    ShopFloor.REFUNDS,
                    1 - ShopFloor.home("O2", 2),
                    "O2",
                    shop.bytes(shop.refund("O2").build()));
            shop.send(ShopFloor.REFUNDS, "O3", "no Avro".getBytes(UTF_8));
            shop.send(ShopFloor.SCANS, "O3", null);
            shop.awaitAllHandled();
            shop.send(shop.answer("O1"));
            ShopFloor.await().until(() -> shop.alerts().size() >= 3);
            shop.send(shop.refund("O4").build());
            shop.send(shop.parcel("O4").build());
            shop.send(closed(shop, "O4"));
            shop.awaitAllHandled();
            PrometheusMeterRegistry meters = service.getBean(PrometheusMeterRegistry.class);
            ShopFloor.await()
                    .until(
                            meters::scrape,
                            text -> text.contains("outcome=\"delivered\"") && text.contains("outcome=\"undelivered\""));
            // Kafka's metrics of partitions come with Micrometer's next look for new ones, a minute later at most.
            ShopFloor.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(
                            meters::scrape,
                            text -> text.lines()
                                    .anyMatch(line -> line.startsWith("kafka_consumer_fetch_manager_records_lag{")
                                            && line.contains("-StreamThread-")));
            scrape = Scrape.of(meters.scrape());
        }
    }

    private static RefundClosed closed(ShopFloor shop, String order) {
        return RefundClosed.newBuilder()
                .setEventId("close of " + order)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(order)
                .setRefundId("R-" + order)
                .setRefundVersion(1)
                .setOutcome(RefundOutcome.WITHDRAWN)
                .setClosedAt(shop.now)
                .build();
    }

    @Test
    void everyRuleAsksForWhatTheServiceExports() throws IOException {
        Map<String, String> rules = Expressions.ofRules(RULES);
        assertThat(rules).hasSizeGreaterThan(20);

        assertThat(unanswered(rules)).isEmpty();
    }

    @Test
    void everyPanelAsksForWhatTheServiceExports() throws IOException {
        Map<String, String> panels = Expressions.ofDashboard(DASHBOARD);
        assertThat(panels).hasSizeGreaterThan(40);

        assertThat(unanswered(panels)).isEmpty();
    }

    /** In the document, and nowhere else, each metric of ours has its meaning. */
    @Test
    void everyMetricStandsInTheDocumentAndNoOther() throws IOException {
        Set<String> told = Pattern.compile("(?m)^\\| `(ordersync_[a-z_]+)`")
                .matcher(Files.readString(OPERATING))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> exported = scrape.help().keySet().stream()
                .filter(name -> name.startsWith("ordersync_") && !name.endsWith("_seconds_max"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).isEqualTo(exported);
        assertThat(exported)
                .allSatisfy(name -> assertThat(scrape.help().get(name)).as(name).isNotBlank());
    }

    @Test
    void everyAlertHasItsRunbook() throws IOException {
        String document = Files.readString(OPERATING);

        assertThat(Expressions.ofRules(RULES).keySet())
                .filteredOn(name -> !name.contains(":"))
                .allSatisfy(name -> assertThat(document).contains("### " + name + "\n"));
    }

    @Test
    void noLabelSaysWhoseOrderItIs() {
        assertThat(scrape.series())
                .filteredOn(series -> series.name().startsWith("ordersync_"))
                .isNotEmpty()
                .allSatisfy(series -> assertThat(series.labels().values())
                        .noneMatch(value -> value.contains("O1") || value.contains("O4") || value.contains("SF")));
    }

    /** Of each expression, what it asks for that is not there. */
    private static Map<String, List<String>> unanswered(Map<String, String> expressions) throws IOException {
        Set<String> recorded = Expressions.ofRules(RULES).keySet();
        Map<String, List<String>> unanswered = new TreeMap<>();
        expressions.forEach((name, expression) -> {
            List<Expressions.Selector> selectors = Expressions.selectors(expression);
            List<String> missing = selectors.stream()
                    .filter(selector -> !recorded.contains(selector.name()))
                    .filter(selector -> scrape.series().stream().noneMatch(selector::matches))
                    .map(Expressions.Selector::toString)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (selectors.isEmpty()) {
                missing.add("it asks for nothing");
            }
            Expressions.groupings(expression).stream()
                    .filter(label -> !ADDED_BY_PROMETHEUS.contains(label))
                    .filter(label -> scrape.series().stream()
                            .noneMatch(series -> series.labels().containsKey(label)
                                    && selectors.stream().anyMatch(selector -> selector.matches(series))))
                    .forEach(label -> missing.add("no label " + label));
            if (!missing.isEmpty()) {
                unanswered.put(name, missing);
            }
        });
        return unanswered;
    }
}
