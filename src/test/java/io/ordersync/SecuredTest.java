package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.process.ChildJvm;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The service with the settings of docs/security.md, before a cluster that asks who it is. */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class SecuredTest {

    @TempDir
    static Path directory;

    private static SecuredCluster cluster;

    @TempDir
    Path stateDirectory;

    @BeforeAll
    static void start() {
        cluster = new SecuredCluster(directory);
        cluster.addUser("order-sync");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Also those that only a deadline, or a channel that refuses, calls for. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A password, over TLS | SASL_SSL | User:order-sync
            A certificate        | SSL      | User:CN=order-sync
            """)
    void allItsClientsAreLetIn(String section, String protocol, String principal, CapturedOutput output)
            throws Exception {
        try (Vendor webhook = new Vendor(VendorApi.WEBHOOK);
                ShopFloor shop = cluster.outside.shopFloor(1)) {
            webhook.behave(call -> Reply.of(400, "no"));
            cluster.allow(shop, principal, Acl.documented());
            try (ConfigurableApplicationContext service = shop.start(
                    stateDirectory,
                    "--spring.config.additional-location=file:" + cluster.settings(section, protocol),
                    "--spring.kafka.bootstrap-servers=" + cluster.broker.bootstrapServers(protocol),
                    "--order-sync.policy.intercept-answer-within=1s",
                    "--order-sync.alerting.channels.ops.type=webhook",
                    "--order-sync.alerting.channels.ops.url=" + webhook.url(),
                    "--order-sync.alerting.channels.ops.secret=" + webhook.secret(),
                    "--management.endpoints.web.exposure.include=*")) {
                shop.send(shop.refund("O1").build());
                shop.send(shop.parcel("O1").build());
                shop.awaitAllHandled();
                assertThat(shop.intercepts()).hasSize(1);
                ShopFloor.await()
                        .until(() -> shop.alerts().stream()
                                .anyMatch(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED));
                ShopFloor.await()
                        .until(() -> !shop.records(ShopFloor.UNDELIVERED).isEmpty());

                StringBuilder told = new StringBuilder(output.getAll());
                for (String endpoint : List.of("", "/health", "/env", "/configprops", "/prometheus", "/beans")) {
                    told.append(get(service, endpoint));
                }
                assertThat(told).hasSizeGreaterThan(10_000).doesNotContain(SecuredCluster.PASSWORD, key());
            }
        }
    }

    /** The command comes as the service does, and needs no more than it says. */
    @Test
    void deadLettersAreSentAgainWithACertificate() {
        try (ShopFloor shop = cluster.outside.shopFloor(1)) {
            String name = Acl.APPLICATION_ID + "-redrive";
            cluster.allow(
                    shop,
                    "User:CN=order-sync",
                    List.of(
                            new Acl(ResourceType.TOPIC, ShopFloor.DEAD_LETTERS, PatternType.LITERAL, AclOperation.READ),
                            new Acl(ResourceType.TOPIC, ShopFloor.REFUNDS, PatternType.LITERAL, AclOperation.WRITE),
                            new Acl(ResourceType.GROUP, name, PatternType.LITERAL, AclOperation.READ),
                            new Acl(ResourceType.TRANSACTIONAL_ID, name, PatternType.LITERAL, AclOperation.WRITE)));
            Rejection why = new Rejection(Rejection.Reason.UNREADABLE, "why");
            shop.put(
                    ShopFloor.DEAD_LETTERS,
                    0,
                    ShopFloor.key("O1"),
                    new byte[] {1},
                    DeadLetter.headers(shop.named(ShopFloor.REFUNDS), 0, 0, new RecordHeaders(), why));

            try (ChildJvm command = shop.startCommand(
                    "redrive",
                    "--from-beginning",
                    "--send",
                    "--spring.config.additional-location=file:" + cluster.settings("A certificate", "SSL"),
                    "--spring.kafka.bootstrap-servers=" + cluster.broker.bootstrapServers("SSL"))) {
                assertThat(command.awaitExit(Duration.ofMinutes(2)))
                        .as(command.said())
                        .isZero();
            }
            assertThat(shop.committedRecords(shop.named(ShopFloor.REFUNDS))).hasSize(1);
        }
    }

    @Test
    void whoIsNotLetInYetSaysSoAndWaits(CapturedOutput output) {
        try (ShopFloor shop = cluster.outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.startWaiting(
                        stateDirectory, cluster.connection("late").toArray(String[]::new))) {
            Health health = Health.of(service);
            ShopFloor.await()
                    .until(() -> health.answer("/kafkaStreams")
                            .at("/details/waitingFor")
                            .asString("")
                            .startsWith("the cluster to let us in: Authentication failed"));
            assertThat(health.status("/readiness")).isEqualTo("OUT_OF_SERVICE");
            assertThat(health.status("/liveness")).isEqualTo("UP");
            assertThat(output.getAll().lines().filter(line -> line.contains("waiting for the cluster to let us in")))
                    .singleElement()
                    .asString()
                    .contains("WARN", "docs/security.md");

            cluster.allow(shop, cluster.addUser("late"), Acl.documented());
            ShopFloor.await().until(() -> health.status("/readiness").equals("UP"));
            assertThat(output.getAll()).doesNotContain(SecuredCluster.PASSWORD);
        }
    }

    /** A line of it, as it would stand in any form of it. */
    private static String key() throws IOException {
        return Files.readAllLines(cluster.mounted.resolve("secrets/kafka/user.key"))
                .get(1);
    }

    private static String get(ConfigurableApplicationContext service, String endpoint)
            throws IOException, InterruptedException {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator" + endpoint))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
