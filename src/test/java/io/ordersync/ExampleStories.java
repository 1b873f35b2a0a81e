package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockReason;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import io.ordersync.wire.AvroDeserializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the programs of docs/integrating.md do between a broker, a registry and the service, in whichever language. The courier
 * turns parcels round at once, but those of orders whose id ends in "slow" only if it is not asked to let them go on.
 */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class ExampleStories {

    private static final List<String> RESULTS = List.of("warehouse-lock-results", "intercept-results");

    Outside outside;
    private Path directory;
    private ShopFloor shop;
    private Consumer<String, SpecificRecord> results;
    private final List<SpecificRecord> answers = new ArrayList<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    // ------------------------------------------------------------------------------------------------ the programs

    /** The refund system's word, version 1 of the refund {@code R-<order>}. */
    abstract void approve(String orderId, Instant approvedAt);

    /** The refund system's word about the same. */
    abstract void withdraw(String orderId);

    /** Starts warehouse W1 and the adapter of courier SF, with these ledgers. */
    abstract void startPrograms(Path warehouseLedger, Path courierLedger);

    abstract void stopPrograms();

    /** All that was done with goods and parcels so far: {@code LOCK <order>}, {@code INTERCEPT <tracking number>}. */
    abstract List<String> done();

    @BeforeAll
    void start(@TempDir Path directory) {
        this.directory = directory;
        outside = open(new Outside());
        shop = open(new ShopFloor(
                outside, "", ShopFloor.INPUTS.stream().collect(Collectors.toMap(input -> input, input -> 1))));
        open(shop.start(directory.resolve("state")));
        results = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                outside.broker.bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                AvroDeserializer.class,
                "schema.registry.url",
                outside.registryUrl,
                "specific.avro.reader",
                "true"));
        results.assign(
                RESULTS.stream().map(topic -> new TopicPartition(topic, 0)).toList());
        results.seekToBeginning(results.assignment());
        startPrograms(warehouseLedger(), courierLedger());
    }

    @AfterAll
    void stop() throws Exception {
        stopPrograms();
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        started.push(part);
        return part;
    }

    private Path warehouseLedger() {
        return directory.resolve("warehouse.ledger");
    }

    private Path courierLedger() {
        return directory.resolve("courier.ledger");
    }

    // ------------------------------------------------------------------------------------------------ the stories

    @Test
    void followARefundToTheEndOfItsCase() {
        approve("O1", anHourAgo());
        ShopFloor.await().until(() -> said(ShopFloor.lockId("O1", 1)).equals(List.of("LOCKED")));

        shop.send(shop.parcel("O1").build());
        ShopFloor.await().until(() -> said(ShopFloor.interceptId("O1", 1)).equals(List.of("ACCEPTED", "SUCCEEDED")));
        ShopFloor.await().until(() -> lastCase("O1", CaseState.RETURNING));

        ShipmentStatusChanged scan = ShipmentStatusChanged.newBuilder()
                .setEventId("scan of O1")
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId("O1")
                .setShipmentId("S-O1")
                .setStage(ParcelStage.RETURNED)
                .setOccurredAt(Instant.now())
                .build();
        shop.send("shipment-status", "DOUYIN:shop-1:O1", outside.encoder.encode("shipment-status", scan));
        ShopFloor.await().until(() -> lastCase("O1", CaseState.CLOSED));
        assertThat(cases("O1").getLast().getOutcome()).isEqualTo(CaseOutcome.RETURNED);
        assertThat(done()).contains("LOCK O1", "INTERCEPT SF-O1");
    }

    @Test
    void pullAParcelOffTheBench() {
        approve("O2", anHourAgo());
        shop.send(shop.parcel("O2").setStage(ParcelStage.LABEL_CREATED).build());

        ShopFloor.await().until(() -> lastCase("O2", CaseState.CLOSED));
        assertThat(cases("O2").getLast().getOutcome()).isEqualTo(CaseOutcome.PREVENTED);
        assertThat(done()).contains("PULL_PARCEL O2").doesNotContain("INTERCEPT SF-O2");
    }

    @Test
    void takeBackWhatIsNoLongerMeant() {
        approve("O3-slow", anHourAgo());
        ShopFloor.await().until(() -> done().contains("LOCK O3-slow"));
        shop.send(shop.parcel("O3-slow").build());
        ShopFloor.await().until(() -> said(ShopFloor.interceptId("O3-slow", 1)).equals(List.of("ACCEPTED")));

        withdraw("O3-slow");
        ShopFloor.await()
                .until(() -> said(ShopFloor.id("O3-slow", "CANCEL|S-O3-slow|1")).equals(List.of("CANCELLED")));
        ShopFloor.await()
                .until(() ->
                        said(ShopFloor.id("O3-slow", "RELEASE|R-O3-slow@W1|1")).equals(List.of("RELEASED")));
        ShopFloor.await().until(() -> lastCase("O3-slow", CaseState.CLOSED));
        assertThat(cases("O3-slow").getLast().getOutcome()).isEqualTo(CaseOutcome.REFUND_CLOSED);
        assertThat(done()).containsSubsequence("INTERCEPT SF-O3-slow", "CANCEL SF-O3-slow");
        assertThat(done()).containsSubsequence("LOCK O3-slow", "RELEASE O3-slow");
    }

    @Test
    void doNothingTwiceWhenACommandComesAgain() {
        approve("O4", anHourAgo());
        ShopFloor.await().until(() -> answersTo(ShopFloor.lockId("O4", 1)).size() == 1);

        ShopFloor.await().until(() -> locks(ShopFloor.lockId("O4", 1)).size() == 1);
        locks(ShopFloor.lockId("O4", 1)).forEach(lock -> shop.send(ShopFloor.LOCKS, "DOUYIN:shop-1:O4", lock.value()));
        ShopFloor.await().until(() -> answersTo(ShopFloor.lockId("O4", 1)).size() == 2);
        assertThat(answersTo(ShopFloor.lockId("O4", 1)).stream().distinct()).hasSize(1);
        assertThat(done()).containsOnlyOnce("LOCK O4");
    }

    @Test
    void ignoreALockWhoseReleaseCameFirst() {
        send(command("O5", LockAction.RELEASE, 1));
        send(command("O5", LockAction.LOCK, 1));
        send(command("O5", LockAction.LOCK, 2));

        ShopFloor.await().until(() -> !answersTo("LOCK 2 of O5").isEmpty());
        assertThat(answersTo("LOCK 1 of O5")).isEmpty();
        assertThat(done()).filteredOn(act -> act.endsWith(" O5")).containsExactly("RELEASE O5", "LOCK O5");
    }

    @Test
    void doNothingTwiceAfterARestartThatReadsAllAgain() throws ExecutionException, InterruptedException {
        approve("O6", anHourAgo());
        ShopFloor.await().until(() -> done().contains("LOCK O6"));
        shop.send(shop.parcel("O6").build());
        ShopFloor.await().until(() -> said(ShopFloor.interceptId("O6", 1)).equals(List.of("ACCEPTED", "SUCCEEDED")));
        List<String> before = done();

        stopPrograms();
        outside.admin
                .deleteConsumerGroups(List.of("warehouse-W1", "courier-SF"))
                .all()
                .get();
        startPrograms(warehouseLedger(), courierLedger());

        ShopFloor.await().until(() -> answersTo(ShopFloor.lockId("O6", 1)).size() == 2);
        ShopFloor.await().until(() -> answersTo(ShopFloor.interceptId("O6", 1)).size() == 3);
        assertThat(done()).isEqualTo(before);
        assertThat(answersTo(ShopFloor.lockId("O6", 1)).stream().distinct()).hasSize(1);
        assertThat(answersTo(ShopFloor.interceptId("O6", 1)).stream().distinct())
                .hasSize(2);
    }

    @Test
    void sayThatNobodyKnowsWhenTheyDiedWhileTheyAsked() throws IOException {
        stopPrograms();
        Files.writeString(
                courierLedger(),
                """
                {"commandId":"%s","subject":"DOUYIN:shop-1:O7 S-O7","generation":1,"takesBack":false,\
                "orderKey":"DOUYIN:shop-1:O7","platform":"DOUYIN","shopId":"shop-1","orderId":"O7",\
                "status":"ASKED","reason":null,"at":1}
                """.formatted(ShopFloor.interceptId("O7", 1)),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        startPrograms(warehouseLedger(), courierLedger());

        approve("O7", anHourAgo());
        shop.send(shop.parcel("O7").build());
        ShopFloor.await()
                .until(() -> shop.alerts().stream()
                        .anyMatch(alert ->
                                alert.getOrderId().equals("O7") && alert.getCode() == AlertCode.INTERCEPT_UNKNOWN));
        assertThat(said(ShopFloor.interceptId("O7", 1))).containsExactly("UNKNOWN");
        assertThat(done()).doesNotContain("INTERCEPT SF-O7");
    }

    // ------------------------------------------------------------------------------------------------ helpers

    private Instant anHourAgo() {
        return shop.now.minus(Duration.ofHours(1));
    }

    private List<OrderCase> cases(String orderId) {
        return shop.records(ShopFloor.CASES).stream()
                .map(record -> outside.decoder.decode(record.value(), OrderCase.class))
                .filter(orderCase -> orderCase.getOrderId().equals(orderId))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> locks(String commandId) {
        return shop.records(ShopFloor.LOCKS).stream()
                .filter(lock -> outside.decoder
                        .decode(lock.value(), WarehouseLockCommand.class)
                        .getCommandId()
                        .equals(commandId))
                .toList();
    }

    private boolean lastCase(String orderId, CaseState state) {
        List<OrderCase> cases = cases(orderId);
        return !cases.isEmpty() && cases.getLast().getState() == state;
    }

    /** Every answer to a command that was sent, those that were sent again too. */
    private List<SpecificRecord> answersTo(String commandId) {
        results.poll(Duration.ofMillis(20)).forEach(record -> answers.add(record.value()));
        return answers.stream()
                .filter(answer -> commandId.equals(
                        switch (answer) {
                            case WarehouseLockResult lock -> lock.getCommandId();
                            case InterceptResult intercept -> intercept.getCommandId();
                            default -> throw new IllegalStateException("not an answer: " + answer);
                        }))
                .toList();
    }

    /** The same, by status, each once. */
    private List<String> said(String commandId) {
        return answersTo(commandId).stream()
                .map(answer -> Objects.requireNonNull(
                                answer.get(answer.getSchema().getField("status").pos()))
                        .toString())
                .distinct()
                .toList();
    }

    private void send(WarehouseLockCommand command) {
        shop.send(ShopFloor.LOCKS, "DOUYIN:shop-1:O5", outside.encoder.encode(ShopFloor.LOCKS, command));
    }

    private static WarehouseLockCommand command(String orderId, LockAction action, long generation) {
        return WarehouseLockCommand.newBuilder()
                .setCommandId(action + " " + generation + " of " + orderId)
                .setAction(action)
                .setGeneration(generation)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setRefundId("R-" + orderId)
                .setWarehouseId("W1")
                .setWholeOrder(false)
                .setLines(List.of())
                .setReason(LockReason.REFUND_APPROVED)
                .setIssuedAt(Instant.now())
                .build();
    }
}
