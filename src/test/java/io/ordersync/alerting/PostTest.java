package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.ordersync.process.Ports;
import io.ordersync.vendors.Call;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How patient a channel is with its vendor, against real servers. */
@Timeout(60)
class PostTest {

    private static final Letter LETTER = Told.letter(Told.race("O1").build());
    private static final ChannelKind.RateLimit FAST = new ChannelKind.RateLimit(1_000, Duration.ofSeconds(1));

    private final Resilience resilience = Resilience.empty();

    private Post post(VendorApi api, URI uri, String secret, ChannelKind.RateLimit limit, Duration timeLimit) {
        return new Post(
                Settings.of(ChannelKind.valueOf(api.name()), uri, secret, Language.EN, limit, timeLimit),
                resilience,
                Clock.systemUTC(),
                System::nanoTime);
    }

    private Post post(VendorApi api, Vendor vendor) {
        return post(api, URI.create(vendor.url()), vendor.secret(), FAST, Duration.ofSeconds(5));
    }

    private static Verdict untilSettled(Post post) {
        Optional<Verdict>[] verdict = newArray();
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
            verdict[0] = post.attempt(LETTER);
            return verdict[0].isPresent();
        });
        return verdict[0].orElseThrow();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Optional<Verdict>[] newArray() {
        return new Optional[1];
    }

    /** Answers the first calls so, and the others as the API says. */
    private static Vendor failing(VendorApi api, int times, Reply reply) {
        Vendor vendor = new Vendor(api);
        AtomicInteger calls = new AtomicInteger();
        vendor.behave(call -> {
            if (calls.incrementAndGet() >= times) {
                vendor.behaveWell();
            }
            return reply;
        });
        return vendor;
    }

    @ParameterizedTest
    @EnumSource
    void asksAgainAfterAServersFailure(VendorApi api) {
        try (Vendor vendor = failing(api, 2, Reply.of(502, "<html>Bad Gateway</html>"));
                Post post = post(api, vendor)) {
            assertThat(untilSettled(post)).isInstanceOf(Verdict.Delivered.class);
            assertThat(vendor.calls()).hasSize(3);
            assertThat(resilience
                            .retries()
                            .retry("the-channel")
                            .getMetrics()
                            .getNumberOfSuccessfulCallsWithRetryAttempt())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void putsUpWithASlowAnswerAndWithAConnectionThatIsClosed(VendorApi api) {
        try (Vendor vendor = new Vendor(api);
                Post post = post(api, URI.create(vendor.url()), vendor.secret(), FAST, Duration.ofMillis(500))) {
            vendor.hang();
            assertThat(post.attempt(LETTER)).isEmpty();
            assertThat(post.failure()).isEqualTo("no answer within PT0.5S");
            vendor.behaveWell();
            vendor.behave(call -> null);
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(post.attempt(LETTER)).isEmpty();
                return Objects.requireNonNull(post.failure()).startsWith("IOException");
            });
            vendor.behaveWell();

            assertThat(untilSettled(post)).isInstanceOf(Verdict.Delivered.class);
            assertThat(post.failure()).isNull();
        }
    }

    /** What each vendor answers above its limit is no reason to give the alert up, nor to take the channel for dead. */
    @ParameterizedTest
    @EnumSource(names = {"FEISHU", "SLACK", "PAGERDUTY", "WEBHOOK"})
    void asksAgainWhenThereWereTooMany(VendorApi api) {
        int times = api.tooMany().headers().isEmpty() ? 7 : 1;
        try (Vendor vendor = failing(api, times, api.tooMany());
                Post post = post(api, vendor)) {
            assertThat(untilSettled(post)).isInstanceOf(Verdict.Delivered.class);

            assertThat(vendor.calls()).hasSize(times + 1);
            assertThat(resilience
                            .breakers()
                            .circuitBreaker("the-channel")
                            .getMetrics()
                            .getNumberOfFailedCalls())
                    .isZero();
        }
    }

    /** DingTalk blocks a robot for ten minutes, WeCom counts for one. */
    @ParameterizedTest
    @CsvSource({"DINGTALK, 600", "WECOM, 60"})
    void leavesARobotAloneThatWasToldTooMuch(VendorApi api, int seconds) {
        ManualTime time = new ManualTime();
        try (Vendor vendor = failing(api, 1, api.tooMany());
                Post post = new Post(
                        Settings.of(
                                ChannelKind.valueOf(api.name()),
                                URI.create(vendor.url()),
                                vendor.secret(),
                                Language.ZH),
                        resilience,
                        Clock.systemUTC(),
                        time::nanos)) {
            assertThat(post.attempt(LETTER)).isEmpty();
            time.pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(post.isReady()).isFalse();
            time.pass(Duration.ofMillis(1));
            assertThat(post.isReady()).isTrue();
            assertThat(vendor.calls()).hasSize(1);
        }
    }

    private static final class ManualTime {
        private long nanos;

        long nanos() {
            return nanos;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "date"})
    void obeysRetryAfter(String form) {
        String value = form.equals("date")
                ? DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plusSeconds(4).atOffset(ZoneOffset.UTC))
                : form;
        try (Vendor vendor = failing(
                        VendorApi.SLACK, 1, Reply.of(429, "rate_limited").with("Retry-After", value));
                Post post = post(VendorApi.SLACK, vendor)) {
            untilSettled(post);

            List<Call> calls = vendor.calls();
            assertThat(calls).hasSize(2);
            assertThat(Duration.ofNanos(calls.get(1).atNanos() - calls.get(0).atNanos()))
                    .isGreaterThan(Duration.ofMillis(1_900));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DINGTALK  | 200 | {\"errcode\":310000,\"errmsg\":\"keywords not in content\"}",
                "DINGTALK  | 200 | {\"errcode\":300005,\"errmsg\":\"token is not exist\"}",
                "WECOM     | 200 | {\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}",
                "WECOM     | 200 | {\"errcode\":40058,\"errmsg\":\"markdown.content exceed max length 4096\"}",
                "FEISHU    | 200 | {\"code\":19021,\"msg\":\"sign match fail\"}",
                "FEISHU    | 400 | {\"code\":9499,\"msg\":\"Bad Request\"}",
                "SLACK     | 404 | no_service",
                "SLACK     | 410 | channel_is_archived",
                "ALERTMANAGER | 400 | bad",
                "PAGERDUTY | 400 | {\"status\":\"invalid event\"}",
                "WEBHOOK   | 413 | too large",
                "WEBHOOK   | 308 | moved"
            })
    void givesUpWhatIsRefusedForGood(VendorApi api, int status, String body) {
        try (Vendor vendor = new Vendor(api);
                Post post = post(api, vendor)) {
            vendor.behave(call -> Reply.of(status, body));

            Verdict verdict = post.attempt(LETTER).orElseThrow();

            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo("HTTP " + status + ": " + body));
            assertThat(vendor.calls()).hasSize(1);
            assertThat(post.circuit()).isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    /** Something in between that answers 200 is not the vendor. */
    @ParameterizedTest
    @EnumSource(names = {"DINGTALK", "WECOM", "FEISHU"})
    void doesNotTakeAnyAnswerForAYes(VendorApi api) {
        for (String body : List.of("<html>log in</html>", "", "{}", "[]", "ok")) {
            try (Vendor vendor = new Vendor(api);
                    Post post = post(api, vendor)) {
                vendor.behave(call -> Reply.of(200, body));
                assertThat(post.attempt(LETTER)).as(body).isEmpty();
                assertThat(post.failure()).startsWith("HTTP 200");
            }
        }
    }

    @Test
    void opensTheCircuitAndClosesItAgain() {
        try (Vendor vendor = new Vendor(VendorApi.WEBHOOK);
                Post post = post(VendorApi.WEBHOOK, vendor)) {
            vendor.behave(call -> Reply.of(503, ""));
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
                post.attempt(LETTER);
                return post.circuit() == CircuitBreaker.State.OPEN;
            });
            int calls = vendor.calls().size();
            assertThat(calls).isEqualTo(5);
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
                post.attempt(LETTER);
                return vendor.calls().size() > calls;
            });
            assertThat(Duration.ofNanos(vendor.calls().getLast().atNanos()
                            - vendor.calls().get(calls - 1).atNanos()))
                    .isGreaterThan(Duration.ofMillis(390));
            vendor.behaveWell();

            assertThat(untilSettled(post)).isInstanceOf(Verdict.Delivered.class);
            assertThat(post.circuit()).isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    /** What is set is kept over every window as long as the vendor's, whichever way it slides, and over a restart. */
    @ParameterizedTest
    @EnumSource(
            value = ChannelKind.class,
            names = {"DINGTALK", "WECOM", "FEISHU", "PAGERDUTY"})
    void staysBelowTheDocumentedLimit(ChannelKind kind) {
        Duration period = kind.rateLimit().period();
        int requests = kind.rateLimit().requests();
        VendorApi api = VendorApi.valueOf(kind.name());

        // A window touches one more period than fit into it, and two more when another instance takes over in it.
        assertThat((api.per.dividedBy(period) + 3) * requests).isLessThanOrEqualTo(api.limit);
        if (kind == ChannelKind.FEISHU) {
            assertThat((Duration.ofSeconds(1).dividedBy(period) + 3) * requests)
                    .as("in a second")
                    .isLessThanOrEqualTo(5);
        }
    }

    @Test
    void keepsToItsRate() {
        ChannelKind.RateLimit two = new ChannelKind.RateLimit(2, Duration.ofMillis(300));
        try (Vendor vendor = new Vendor(VendorApi.WEBHOOK);
                Post post = post(
                        VendorApi.WEBHOOK, URI.create(vendor.url()), vendor.secret(), two, Duration.ofSeconds(5))) {
            for (int i = 0; i < 9; i++) {
                untilSettled(post);
            }

            // The first one may be slow.
            List<Call> calls = vendor.calls().subList(1, 9);
            for (int i = 0; i + 4 < calls.size(); i++) {
                assertThat(Duration.ofNanos(
                                calls.get(i + 4).atNanos() - calls.get(i).atNanos()))
                        .as("five of them touch three periods")
                        .isGreaterThan(Duration.ofMillis(290));
            }
        }
    }

    @Test
    void hidesSecretsInWhatItSays() {
        try (Vendor vendor = new Vendor(VendorApi.DINGTALK);
                Post post = post(VendorApi.DINGTALK, vendor)) {
            vendor.behave(call -> Reply.of(
                    400, "no robot for " + call.path() + "?" + call.rawQuery() + " signed by " + Vendor.SECRET));

            Verdict.Refused refused = (Verdict.Refused) post.attempt(LETTER).orElseThrow();

            assertThat(refused.reason())
                    .doesNotContain(Vendor.SECRET, "0123456789abcdef0123")
                    .contains("***");
            assertThat(post.failure()).isEqualTo(refused.reason());
        }
        assertThat(Settings.of(ChannelKind.DINGTALK, URI.create("https://x.example/s3cr3tpath"), "geheim", Language.EN)
                        .toString())
                .doesNotContain("s3cr3tpath", "geheim");
    }

    @Test
    void keepsTheHeadOfAnAnswerWithoutEnd() {
        try (Vendor vendor = new Vendor(VendorApi.WEBHOOK);
                Post post = post(VendorApi.WEBHOOK, vendor)) {
            vendor.behave(call -> Reply.of(200, "x".repeat(1_000_000)));

            assertThat(post.attempt(LETTER)).containsInstanceOf(Verdict.Delivered.class);
        }
    }

    @Test
    void waitsForAHostThatIsNotThere() throws Exception {
        int port = Ports.free();
        URI nobody = URI.create("http://localhost:" + port + "/hook");
        try (Post post = post(VendorApi.WEBHOOK, nobody, Vendor.WEBHOOK_SECRET, FAST, Duration.ofSeconds(5))) {
            assertThat(post.attempt(LETTER)).isEmpty();
            assertThat(post.failure()).contains("ConnectException");
        }
        URI unknown = URI.create("http://nowhere.invalid/hook");
        try (Post post = post(VendorApi.SLACK, unknown, "", FAST, Duration.ofSeconds(5))) {
            assertThat(post.attempt(LETTER)).isEmpty();
        }
    }

    /** Nobody reads an alert who can't show whose server it is; and a certificate may be mended. */
    @Test
    void tellsNothingToAServerThatItDoesNotTrust(@TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-keystore",
                        keys.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "geheim")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "geheim".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "geheim".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        try (Vendor vendor = new Vendor(VendorApi.SLACK, server);
                Post post = post(
                        VendorApi.SLACK,
                        URI.create("https://localhost:" + vendor.port() + VendorApi.SLACK.target),
                        "",
                        FAST,
                        Duration.ofSeconds(5))) {
            assertThat(post.attempt(LETTER)).isEmpty();

            assertThat(post.failure()).startsWith("SSLHandshakeException");
            assertThat(vendor.calls()).isEmpty();
        }
    }
}
