package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.OrderAlert;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alertmanager itself, as Debian's package prometheus-alertmanager has it; skipped where it is not installed. */
@Tag("interop")
class RealAlertmanagerTest {

    private static final Path PROGRAM = Stream.of("/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("no alertmanager"));

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private Process process;
    private URI api;
    private Post post;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "apt-get install prometheus-alertmanager");
        Path configuration = directory.resolve("alertmanager.yml");
        Files.writeString(
                configuration, "route: {receiver: nobody, group_by: [warehouse]}\nreceivers: [{name: nobody}]\n");
        int port = Ports.free();
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        api = URI.create("http://127.0.0.1:" + port + "/api/v2/alerts");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get("/-/ready").statusCode() == 200);
        post = new Post(
                Settings.of(ChannelKind.ALERTMANAGER, api, null, Language.EN),
                Resilience.empty(),
                Clock.systemUTC(),
                System::nanoTime);
    }

    @AfterEach
    void stop() {
        if (post != null) {
            post.close();
        }
        if (process != null) {
            process.destroyForcibly();
        }
        http.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(api.resolve(path)).build(), BodyHandlers.ofString());
    }

    private void tell(Letter letter) {
        assertThat(post.attempt(letter)).as(String.valueOf(post.failure())).containsInstanceOf(Verdict.Delivered.class);
    }

    /** What it takes for firing. */
    private List<JsonNode> firing() throws IOException, InterruptedException {
        JsonNode alerts =
                JsonMapper.shared().readTree(get("/api/v2/alerts?active=true").body());
        return StreamSupport.stream(alerts.spliterator(), false).toList();
    }

    @Test
    void takesAHundredAlertsAndEndsThem() throws Exception {
        List<OrderAlert> alerts = IntStream.range(0, 100)
                .mapToObj(i -> Told.race("O" + i).setDetectedAt(Instant.now()).build())
                .toList();
        tell(Told.letter(alerts.toArray(OrderAlert[]::new)));
        assertThat(firing()).hasSize(100).allSatisfy(alert -> {
            assertThat(alert.path("labels").path("warehouse").asString()).isEqualTo("WH-HZ-1");
            assertThat(alert.path("annotations").path("at_stake").asString()).isEqualTo("CNY 129.00");
        });

        tell(Told.letter(alerts.stream().map(Told::resolved).toArray(OrderAlert[]::new)));
        assertThat(firing()).isEmpty();
    }

    @Test
    void hasOneAlertAlsoWhenItsSeverityChanges() throws Exception {
        OrderAlert high = Told.race("O1").setDetectedAt(Instant.now()).build();
        OrderAlert critical =
                OrderAlert.newBuilder(high).setSeverity(AlertSeverity.CRITICAL).build();
        tell(Told.letter(high));
        tell(new Letter("", List.of(new Entry(Told.record(0, 2), critical, Standing.of(high)))));

        assertThat(firing())
                .singleElement()
                .satisfies(alert -> assertThat(
                                alert.path("labels").path("severity").asString())
                        .isEqualTo("critical"));
    }

    /** After a restart nobody remembers that it was graver. */
    @Test
    void endsAnAlertWhateverSeverityItHad() throws Exception {
        OrderAlert critical = Told.race("O1")
                .setSeverity(AlertSeverity.CRITICAL)
                .setDetectedAt(Instant.now())
                .build();
        tell(Told.letter(critical));
        tell(Told.letter(Told.resolved(
                OrderAlert.newBuilder(critical).setSeverity(AlertSeverity.HIGH).build())));

        assertThat(firing()).isEmpty();
    }

    /** The same, after it fired once more. */
    @Test
    void endsAnAlertWhateverSeveritiesItHad() throws Exception {
        OrderAlert high = Told.race("O1").setDetectedAt(Instant.now()).build();
        OrderAlert critical =
                OrderAlert.newBuilder(high).setSeverity(AlertSeverity.CRITICAL).build();
        tell(Told.letter(high));
        tell(Told.letter(critical));
        tell(new Letter("", List.of(new Entry(Told.record(0, 3), Told.resolved(critical), Standing.of(critical)))));

        assertThat(firing()).isEmpty();
    }

    @Test
    void takesWhatFiresAnew() throws Exception {
        OrderAlert alert = Told.race("O1").setDetectedAt(Instant.now()).build();
        tell(Told.letter(alert, Told.resolved(alert)));
        assertThat(firing()).isEmpty();

        tell(Told.letter(
                OrderAlert.newBuilder(alert).setDetectedAt(Instant.now()).build()));
        assertThat(firing()).hasSize(1);
    }
}
