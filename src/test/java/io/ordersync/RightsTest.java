package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import io.ordersync.streams.StreamEnd;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The rights of docs/security.md are enough, each is needed, and whoever lacks one is told. */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class RightsTest {

    private static final String STRAYS = "<application-id>-strays";
    private static final String ORDERS = "<application-id>-orders-changelog";
    private static final String TIMERS = "<application-id>-timers-changelog";
    private static final String WIDTH = "<application-id>-width";
    private static final List<Acl> ALL = Acl.documented();

    @TempDir
    static Path directory;

    private static SecuredCluster cluster;

    @TempDir
    Path stateDirectory;

    @TempDir
    Path otherDirectory;

    private final Vendor webhook = new Vendor(VendorApi.WEBHOOK);

    @BeforeAll
    static void start() {
        cluster = new SecuredCluster(directory);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void closeVendor() {
        webhook.close();
    }

    private String[] settings(String user, String... more) {
        return Stream.of(
                        cluster.connection(user),
                        List.of(
                                // Else a new partition is seen after minutes.
                                "--spring.kafka.streams.properties.main.consumer.metadata.max.age.ms=500",
                                "--order-sync.policy.intercept-answer-within=1s",
                                "--order-sync.alerting.channels.ops.type=webhook",
                                "--order-sync.alerting.channels.ops.url=" + webhook.url(),
                                "--order-sync.alerting.channels.ops.secret=" + webhook.secret(),
                                "--order-sync.alerting.channels.ops.longest-pause=500ms"),
                        Arrays.asList(more))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private static void race(ShopFloor shop, String order) {
        shop.send(shop.refund(order).build());
        shop.send(shop.parcel(order).build());
    }

    @Test
    void areEnoughForAllThatItDoesAndNoneIsNeverUsed(CapturedOutput output) {
        String principal = cluster.addUser("frugal");
        webhook.behave(call -> Reply.of(400, "no"));
        try (ShopFloor shop = cluster.outside.shopFloor(2)) {
            cluster.allow(shop, principal, ALL);
            try (ConfigurableApplicationContext first = shop.start(stateDirectory, settings("frugal"))) {
                race(shop, "O1");
                // Whoever sends it without a key, it comes to another partition than its order's.
                shop.send(
                        ShopFloor.REFUNDS,
                        1 - ShopFloor.home("O2", 2),
                        null,
                        shop.bytes(shop.refund("O2").build()));
                shop.send(ShopFloor.REFUNDS, "x", "no refund".getBytes(UTF_8));
                shop.awaitAllHandled();
                assertThat(shop.intercepts()).hasSize(1);
                assertThat(shop.locks()).hasSize(2);
                assertThat(shop.deadLetters()).hasSize(1);
                assertThat(shop.committedRecords(shop.applicationId() + "-strays"))
                        .hasSize(1);
                ShopFloor.await()
                        .until(() -> shop.alerts().stream()
                                .anyMatch(alert -> alert.getCode() == AlertCode.INTERCEPT_UNANSWERED));
                ShopFloor.await()
                        .until(() -> !shop.records(ShopFloor.UNDELIVERED).isEmpty());

                shop.widen(ShopFloor.SCANS, 3);
                ShopFloor.await().until(() -> partitionsOf(shop, ORDERS) == 3 && partitionsOf(shop, TIMERS) == 3);
                killWithAnOpenTransaction(shop);
                ShopFloor.await().until(() -> output.getAll().contains("ended what was left open by who is gone"));
                shop.awaitAllHandled();
                assertThat(Health.of(first).status("/readiness")).isEqualTo("UP");
            }

            // The state keeps its partitions when an input gets fewer, and whoever starts with no state restores it.
            shop.makeAnew(ShopFloor.SCANS, 2);
            try (ConfigurableApplicationContext second = shop.start(otherDirectory, settings("frugal"))) {
                assertThat(partitionsOf(shop, WIDTH)).isEqualTo(3);
                shop.send(shop.parcel("O2").build());
                shop.awaitAllHandled();
                assertThat(shop.intercepts())
                        .extracting(InterceptShipmentCommand::getOrderId)
                        .containsExactlyInAnyOrder("O1", "O2");
                shop.widen(ShopFloor.SCANS, 4);
                ShopFloor.await().until(() -> partitionsOf(shop, ORDERS) == 4 && partitionsOf(shop, TIMERS) == 4);
                assertThat(second.isRunning()).isTrue();
            }
            shop.makeAnew(ShopFloor.SCANS, 2);
            try (ConfigurableApplicationContext third = shop.start(otherDirectory, settings("frugal"))) {
                assertThat(partitionsOf(shop, WIDTH)).isEqualTo(4);
                ShopFloor.await()
                        .until(() -> Health.of(third).status("/readiness").equals("UP"));
                race(shop, "O3");
                shop.awaitAllHandled();
                assertThat(shop.intercepts()).hasSize(3);
            }

            Set<AskedAuthorizer.Asked> asked = AskedAuthorizer.asked();
            assertThat(ALL)
                    .hasSizeGreaterThan(20)
                    .allSatisfy(right -> assertThat(asked)
                            .as(right.said(shop))
                            .anyMatch(one -> one.principal().equals(principal) && right.allowed(one, shop)));
        }
    }

    @Test
    void ofTheRedriveAreEnoughToo() {
        String principal = cluster.addUser("redriver");
        List<Acl> rights = Acl.ofRedrive();
        try (ShopFloor shop = cluster.outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            cluster.allow(shop, principal, rights);
            ShopFloor.INPUTS.forEach(input -> shop.send(input, "x", "no Avro".getBytes(UTF_8)));
            ShopFloor.await().until(() -> shop.deadLetters().size() == ShopFloor.INPUTS.size());

            List<String> options = new ArrayList<>(cluster.connection("redriver"));
            options.add("--from-beginning");
            options.add("--send");
            try (ChildJvm redrive = shop.startCommand("redrive", options.toArray(String[]::new))) {
                assertThat(redrive.awaitExit(Duration.ofMinutes(1)))
                        .as(redrive.said())
                        .isZero();
                assertThat(redrive.said()).contains("8 sent again, 0 left");
            }
            assertThat(service.isActive()).isTrue();

            Set<AskedAuthorizer.Asked> asked = AskedAuthorizer.asked();
            assertThat(rights)
                    .hasSizeGreaterThan(ShopFloor.INPUTS.size())
                    .allSatisfy(right -> assertThat(asked)
                            .as(right.said(shop))
                            .anyMatch(one -> one.principal().equals(principal) && right.allowed(one, shop)));
        }
    }

    /** A second instance joins, takes orders over, and is killed while it has a transaction open. */
    private void killWithAnOpenTransaction(ShopFloor shop) {
        try (ChildJvm second = shop.startProcess(
                otherDirectory, settings("frugal", "--spring.kafka.streams.properties.commit.interval.ms=9000"))) {
            ShopFloor.await().until(() -> {
                second.requireAlive();
                return Answer.of(cluster.outside
                                        .admin
                                        .describeConsumerGroups(List.of(shop.applicationId()))
                                        .all())
                                .get(shop.applicationId())
                                .members()
                                .size()
                        == 2;
            });
            // Nothing follows from these, so nobody asks for a commit.
            List<String> open = new ArrayList<>();
            ShopFloor.await().until(() -> {
                shop.send(shop.parcel("alone-" + open.size()).build());
                open.add("one more");
                return !Answer.of(cluster.outside
                                .admin
                                .listTransactions(new ListTransactionsOptions()
                                        .filterStates(List.of(TransactionState.ONGOING))
                                        .filterOnDuration(1000))
                                .all())
                        .isEmpty();
            });
            second.kill();
        }
    }

    private static int partitionsOf(ShopFloor shop, String internal) {
        String name = internal.replace("<application-id>", shop.applicationId());
        return Answer.of(cluster.outside.admin.describeTopics(List.of(name)).allTopicNames())
                .get(name)
                .partitions()
                .size();
    }

    /** What somebody may do by now. */
    private static final class Granted {

        private final ShopFloor shop;
        private final String principal;
        private Set<Acl> rights = Set.of();

        Granted(ShopFloor shop, String principal) {
            this.shop = shop;
            this.principal = principal;
        }

        /** All but these: first they are withdrawn, so that there is no moment at which all are there. */
        void allBut(Acl... withheld) {
            Set<Acl> wanted = new HashSet<>(ALL);
            Stream.of(withheld).forEach(wanted::remove);
            cluster.withdraw(shop, principal, difference(rights, wanted));
            cluster.allow(shop, principal, difference(wanted, rights));
            rights = wanted;
        }

        private static Set<Acl> difference(Set<Acl> some, Set<Acl> others) {
            Set<Acl> difference = new HashSet<>(some);
            difference.removeAll(others);
            return difference;
        }
    }

    private static Acl right(AclOperation operation, String name) {
        return ALL.stream()
                .filter(right -> right.operation() == operation && right.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static void awaitWaitingFor(Health health, ShopFloor shop, Acl right) {
        ShopFloor.await()
                .alias(right.said(shop))
                .until(
                        () -> health.answer("/kafkaStreams")
                                .at("/details/waitingFor")
                                .asString(""),
                        ("the right to " + right.said(shop))::equals);
    }

    private static void awaitFailureOfTheChannel(Health health, String said) {
        ShopFloor.await()
                .alias(said)
                .until(() -> health.answer("/alertRelay")
                        .at("/details/ops/failure")
                        .asString("")
                        .contains(said));
        assertThat(health.status("/alertRelay")).isEqualTo("OUT_OF_SERVICE");
    }

    private static void assertLine(CapturedOutput output, String level, String said) {
        assertThat(output.getAll().lines())
                .anyMatch(line -> line.contains(level) && line.contains(said) && line.contains("(docs/security.md)"));
    }

    @Test
    void areNamedWhereOneIsMissingAndWaitedFor(CapturedOutput output) {
        Acl alerts = right(AclOperation.READ, ShopFloor.ALERTS);
        Acl channels = right(AclOperation.READ, "<application-id>-alerts-");
        Acl undelivered = right(AclOperation.WRITE, ShopFloor.UNDELIVERED);
        Set<Acl> named = new HashSet<>();
        List<String> raced = new ArrayList<>(List.of("O1"));
        try (ShopFloor shop = cluster.outside.shopFloor(1)) {
            Granted granted = new Granted(shop, cluster.addUser("late"));
            granted.allBut(alerts, right(AclOperation.READ, ShopFloor.REFUNDS));
            try (ConfigurableApplicationContext service = shop.startWaiting(stateDirectory, settings("late"))) {
                Health health = Health.of(service);
                // What is there before the first start, and then what that one makes.
                Stream.concat(
                                ALL.stream()
                                        .filter(right -> !right.isOfItsOwnTopic())
                                        .filter(right -> !Set.of(alerts, channels, undelivered)
                                                .contains(right)),
                                Stream.of(STRAYS, ORDERS, TIMERS).map(topic -> right(AclOperation.CREATE, topic)))
                        .forEach(right -> {
                            granted.allBut(alerts, right);
                            awaitWaitingFor(health, shop, right);
                            assertLine(output, "WARN", "waiting for the right to " + right.said(shop));
                            named.add(right);
                        });
                assertThat(health.status("/readiness")).isEqualTo("OUT_OF_SERVICE");
                assertThat(health.status("/liveness")).isEqualTo("UP");
                race(shop, "O1");
                Acl config = right(AclOperation.DESCRIBE_CONFIGS, STRAYS);
                granted.allBut(alerts, config);
                shop.awaitAllHandled();
                assertThat(shop.intercepts()).hasSize(1);
                assertLine(output, "WARN", "not allowed: " + config.said(shop));
                named.add(config);

                assertThat(health.status("/readiness")).isEqualTo("UP");
                awaitFailureOfTheChannel(health, alerts.said(shop));
                assertLine(output, "ERROR", alerts.said(shop));
                named.add(alerts);
                granted.allBut();
                ShopFloor.await().until(() -> !webhook.taken().isEmpty());
                ShopFloor.await().until(() -> health.status("/alertRelay").equals("UP"));

                raced.addAll(endsTheStream(
                        service, output, granted, shop, right(AclOperation.WRITE, ShopFloor.INTERCEPTS), "O2"));
            }

            granted.allBut(channels, right(AclOperation.WRITE, ShopFloor.INTERCEPTS));
            try (ConfigurableApplicationContext service = shop.startWaiting(stateDirectory, settings("late"))) {
                Health health = Health.of(service);
                awaitFailureOfTheChannel(health, "READ group " + shop.applicationId() + "-alerts-ops");
                named.add(channels);
                Stream.of(STRAYS, ORDERS, TIMERS)
                        .flatMap(topic -> Stream.of(right(AclOperation.READ, topic), right(AclOperation.WRITE, topic)))
                        .forEach(right -> {
                            granted.allBut(undelivered, right);
                            awaitWaitingFor(health, shop, right);
                            named.add(right);
                        });

                Acl orders = right(AclOperation.ALTER, ORDERS);
                Acl timers = right(AclOperation.ALTER, TIMERS);
                Acl made = right(AclOperation.CREATE, WIDTH);
                Acl width = right(AclOperation.ALTER, WIDTH);
                Acl read = right(AclOperation.READ, WIDTH);
                shop.widen(ShopFloor.SCANS, 2);
                granted.allBut(undelivered, orders);
                awaitWaitingFor(health, shop, orders);
                granted.allBut(undelivered, timers, made);
                awaitWaitingFor(health, shop, timers);
                shop.makeAnew(ShopFloor.SCANS, 1);
                awaitWaitingFor(health, shop, made);
                granted.allBut(undelivered, timers);
                awaitWaitingFor(health, shop, timers);
                granted.allBut(undelivered, read);
                awaitWaitingFor(health, shop, read);
                shop.widen(ShopFloor.SCANS, 3);
                granted.allBut(undelivered, timers, width);
                ShopFloor.await().until(() -> partitionsOf(shop, ORDERS) == 3);
                shop.makeAnew(ShopFloor.SCANS, 1);
                awaitWaitingFor(health, shop, width);
                named.addAll(List.of(orders, timers, made, width, read));

                webhook.behave(call -> Reply.of(400, "no"));
                granted.allBut(undelivered);
                shop.awaitAllHandled();
                assertThat(shop.intercepts())
                        .extracting(InterceptShipmentCommand::getOrderId)
                        .containsExactlyInAnyOrderElementsOf(raced);
                awaitFailureOfTheChannel(health, "not allowed: " + undelivered.said(shop));
                assertLine(output, "ERROR", "not allowed: " + undelivered.said(shop));
                named.add(undelivered);
                granted.allBut();
                ShopFloor.await()
                        .until(() -> !shop.records(ShopFloor.UNDELIVERED).isEmpty());

                endsTheStream(service, output, granted, shop, right(AclOperation.WRITE, "<application-id>-"), "O3");
            }
            assertThat(named).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    /** A right is withdrawn while the service runs; the orders that raced meanwhile. */
    private static List<String> endsTheStream(
            ConfigurableApplicationContext service,
            CapturedOutput output,
            Granted granted,
            ShopFloor shop,
            Acl right,
            String order) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        service.getBean(StreamEnd.class).then(() -> ended.complete(null));
        List<String> orders = new ArrayList<>();
        granted.allBut(right);
        // The controller has answered, and the broker may still let one through.
        ShopFloor.await().pollInterval(Duration.ofMillis(500)).until(() -> {
            orders.add(order + "-" + orders.size());
            race(shop, orders.getLast());
            return ended.isDone();
        });
        assertLine(output, "ERROR", "not allowed: " + right.said(shop));
        assertThat(Health.of(service).status("/readiness")).isEqualTo("DOWN");
        return orders;
    }
}
