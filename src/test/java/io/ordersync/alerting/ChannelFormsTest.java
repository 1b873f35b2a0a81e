package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.CollateralLine;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.OrderAlert;
import io.ordersync.vendors.Call;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What is sent, taken by servers that check it as the vendors' documents say. */
class ChannelFormsTest {

    /** Markup of every vendor, and more than fits anywhere. */
    private static final String HOSTILE =
            "<!channel> <@all> [x](http://evil.example) ![i](http://evil.example/i.png) <at id=all></at>"
                    + " **b** `c` <font color=\"red\">f</font> \u202e\n# h \" \\ '";

    /** Sends {@code letter} to a vendor, which must take it. */
    private static Call sent(VendorApi api, Letter letter) {
        try (Vendor vendor = new Vendor(api);
                Post post = post(api, vendor, Language.EN)) {
            Optional<Verdict> verdict = post.attempt(letter);
            assertThat(vendor.refusals()).isEmpty();
            assertThat(verdict).containsInstanceOf(Verdict.Delivered.class);
            assertThat(post.circuit()).isEqualTo(CircuitBreaker.State.CLOSED);
            return vendor.taken().getFirst();
        }
    }

    static Post post(VendorApi api, Vendor vendor, Language language) {
        ChannelKind kind = ChannelKind.valueOf(api.name());
        return new Post(
                Settings.of(kind, URI.create(vendor.url()), vendor.secret(), language),
                Resilience.empty(),
                Clock.systemUTC(),
                System::nanoTime);
    }

    private static Letter letter(int alerts) {
        return Told.letter(IntStream.range(0, alerts)
                .mapToObj(i -> Told.race("O" + i).build())
                .toArray(OrderAlert[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void takesASingleAlert(VendorApi api) {
        Call call = sent(api, letter(1));

        assertThat(call.body()).contains("DOUYIN", "O0", "shop-1");
    }

    @ParameterizedTest
    @EnumSource
    void takesAlertsOfManyOrders(VendorApi api) {
        int alerts = api == VendorApi.PAGERDUTY ? 1 : 500;

        Call call = sent(api, letter(alerts));

        assertThat(call.body()).contains("O0");
    }

    @ParameterizedTest
    @EnumSource
    void takesTheResolvedOne(VendorApi api) {
        sent(api, Told.letter(Told.resolved(Told.race("O1").build())));
    }

    @ParameterizedTest
    @EnumSource
    void takesWhateverStandsInTheIds(VendorApi api) {
        OrderAlert.Builder hostile = Told.race(HOSTILE.repeat(5))
                .setShopId(HOSTILE)
                .setWarehouseId(HOSTILE)
                .setCourier(HOSTILE)
                .setRefundIds(List.of(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
                .setShipmentIds(List.of(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
                .setTrackingNumbers(List.of(HOSTILE, HOSTILE))
                .setCurrency(HOSTILE)
                .setAlertId("id")
                .setLines(IntStream.range(0, 500)
                        .mapToObj(i -> new LockLine(HOSTILE, HOSTILE, 1))
                        .toList())
                .setCollateral(IntStream.range(0, 500)
                        .mapToObj(i -> new CollateralLine(HOSTILE, HOSTILE, HOSTILE, 1))
                        .toList());

        String body = sent(api, Told.letter(hostile.build())).json().toString();

        if (api == VendorApi.DINGTALK || api == VendorApi.WECOM) {
            assertThat(body).doesNotContain("<!channel", "<@all", "](", "http://", "<font color=\\\"red");
        }
        if (api == VendorApi.SLACK) {
            assertThat(body).doesNotContain("<").contains("&lt;!channel&gt;");
        }
    }

    /** CONTRACT.md, privacy: the pseudonym never goes to a chat, tracking numbers show their last four characters. */
    @ParameterizedTest
    @EnumSource
    void tellsNothingThatIsNobodysBusiness(VendorApi api) {
        for (Letter letter : List.of(letter(1), api == VendorApi.PAGERDUTY ? letter(1) : letter(3))) {
            String body = sent(api, letter).body();
            assertThat(body).doesNotContain(Told.OPERATOR, Told.TRACKING, Told.TRACKING.substring(2));
        }
        assertThat(sent(api, letter(1)).body()).contains("…0123");
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatIsAtStakeWhatWasSentAndWhatToDoNext(VendorApi api) {
        String body = sent(api, letter(1)).body();

        assertThat(body).contains("Refunded but shipped", "Make sure that the courier brings the parcel back");
        if (api != VendorApi.PAGERDUTY && api != VendorApi.WEBHOOK) {
            assertThat(body).contains("CNY 129.00");
        } else {
            assertThat(body).contains("\"exposureMinor\":12900", "\"currency\":\"CNY\"");
        }
        if (api.name().matches("DINGTALK|WECOM|FEISHU|SLACK")) {
            assertThat(body)
                    .contains("command to the warehouse 11-22 11:55:10", "intercept to the courier 11-22 11:59:59");
            assertThat(body).contains("SKU-1 × 2");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DINGTALK", "WECOM", "FEISHU", "SLACK", "WEBHOOK"})
    void tellsAStableId(VendorApi api) {
        Letter letter = letter(3);

        assertThat(sent(api, letter).body()).contains(letter.id());
        assertThat(sent(api, letter(3)).body()).contains(letter.id());
        assertThat(letter(2).id()).isNotEqualTo(letter.id());
    }

    @Test
    void countsInADigestWhatItDoesNotName() {
        JsonNode json = sent(VendorApi.WECOM, letter(300)).json();

        String content = json.path("markdown").path("content").asString();
        assertThat(content).contains("300 alerts", "Orders: 300", "CNY 38700.00");
        int named = content.split("· DOUYIN:shop-1", -1).length - 1;
        assertThat(named).isPositive();
        assertThat(content).contains("… and " + (300 - named) + " more");
    }

    @Test
    void endsThePagersIncidentByTheSameKey() {
        OrderAlert alert = Told.race("O1").setSeverity(AlertSeverity.CRITICAL).build();

        JsonNode trigger = sent(VendorApi.PAGERDUTY, Told.letter(alert)).json();
        JsonNode resolve =
                sent(VendorApi.PAGERDUTY, Told.letter(Told.resolved(alert))).json();

        assertThat(trigger.path("event_action").asString()).isEqualTo("trigger");
        assertThat(trigger.path("payload").path("severity").asString()).isEqualTo("critical");
        assertThat(trigger.path("payload").path("group").asString()).isEqualTo("WH-HZ-1");
        assertThat(resolve.path("event_action").asString()).isEqualTo("resolve");
        assertThat(resolve.path("dedup_key")).isEqualTo(trigger.path("dedup_key"));
    }

    @Test
    void endsAlertmanagersAlertByTheSameLabels() {
        OrderAlert alert = Told.race("O1").build();

        JsonNode firing =
                sent(VendorApi.ALERTMANAGER, Told.letter(alert)).json().path(0);
        JsonNode all =
                sent(VendorApi.ALERTMANAGER, Told.letter(Told.resolved(alert))).json();
        JsonNode ended = all.path(all.size() - 1);

        assertThat(ended.path("labels")).isEqualTo(firing.path("labels"));
        assertThat(Instant.parse(firing.path("endsAt").asString()))
                .isAfter(Instant.now().plusSeconds(86_400));
        assertThat(Instant.parse(ended.path("endsAt").asString()))
                .isBefore(Instant.now().minusSeconds(60));
    }

    @Test
    void endsAtAlertmanagerWhatHasOtherLabelsNow() {
        OrderAlert before = Told.race("O1").build();
        OrderAlert now = OrderAlert.newBuilder(before)
                .setSeverity(AlertSeverity.CRITICAL)
                .build();
        Letter letter = new Letter("", List.of(new Entry(Told.record(0, 1), now, Standing.of(before))));

        JsonNode alerts = sent(VendorApi.ALERTMANAGER, letter).json();

        assertThat(alerts).hasSize(2);
        assertThat(alerts.path(0).path("labels").path("severity").asString()).isEqualTo("high");
        assertThat(Instant.parse(alerts.path(0).path("endsAt").asString())).isBefore(Instant.now());
        assertThat(alerts.path(1).path("labels").path("severity").asString()).isEqualTo("critical");
    }

    /** The vectors were computed apart from this code: python's hmac, key and message as the vendors document. */
    @Test
    void signsAsTheVendorsDo() {
        assertThat(Signature.of("SECdemo".getBytes(UTF_8), "1700000000000\nSECdemo"))
                .isEqualTo("lOvVf9TQCVugV68mGbSZCg0gzOl1SVjxWi1MyVZCUuA=");
        assertThat(Signature.of("1700000000\ndemo-secret".getBytes(UTF_8), ""))
                .isEqualTo("mYHw2R2SOm8Rw/sne3lQdmz4sOfntKR+1P/8RKKTwmA=");
    }

    @ParameterizedTest
    @EnumSource(AlertCode.class)
    void hasWordsForEveryCodeAndActionInBothLanguages(AlertCode code) {
        for (Language language : Language.values()) {
            Wording wording = new Wording(language, java.time.ZoneId.of("Asia/Shanghai"));
            for (var action : io.ordersync.contract.RecommendedAction.values()) {
                for (AlertSeverity severity : AlertSeverity.values()) {
                    OrderAlert alert = Told.race("O1")
                            .setCode(code)
                            .setSeverity(severity)
                            .setRecommendedAction(action)
                            .build();
                    for (Letter letter : List.of(
                            Told.letter(alert),
                            Told.letter(alert, Told.race("O2").build()),
                            Told.letter(Told.resolved(alert)),
                            Told.letter(Told.race("O3")
                                    .setGapMillis(-1L)
                                    .setExposureMinor(null)
                                    .setEvidence(List.of())
                                    .build()))) {
                        Page page = wording.page(letter);
                        assertThat(page.title()).isNotBlank();
                        assertThat(page.facts()).allSatisfy(fact -> {
                            assertThat(fact.label()).isNotBlank().doesNotContain("label.");
                            assertThat(fact.text()).isNotBlank().doesNotContain("{0}", "''");
                        });
                    }
                }
            }
        }
    }
}
