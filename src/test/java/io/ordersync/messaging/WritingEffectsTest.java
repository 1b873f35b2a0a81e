package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.CollateralLine;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.LockReason;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RaceCause;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Effect;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RaceTiming;
import io.ordersync.wire.RegistryStub;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Protocol;
import org.apache.avro.Schema;
import org.apache.avro.idl.IdlReader;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WritingEffectsTest {

    private static final OrderKey ORDER = new OrderKey("douyin", "shop:1", "订单");

    private RegistryStub registry;
    private SchemaRegistry client;
    private EffectWriter writer;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        client = Wire.client(registry);
        writer = new EffectWriter(client, Wire.TOPICS);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void registersTheSchemasOfTheContractAndNothingOfOurs() throws IOException {
        assertThat(registry.asked).isEmpty();
        writer.register();
        Protocol contract = new IdlReader()
                .parse(new File("schemas/order-sync.avdl").toPath())
                .getProtocol();

        assertThat(registry.registered)
                .containsOnlyKeys(
                        "POST /subjects/warehouse-lock-commands-value/versions",
                        "POST /subjects/intercept-shipment-commands-value/versions",
                        "POST /subjects/order-alerts-value/versions",
                        "POST /subjects/order-cases-value/versions")
                .allSatisfy((subject, text) -> {
                    Schema schema = new Schema.Parser().parse(text);
                    assertThat(schema).isEqualTo(contract.getType(schema.getFullName()));
                });
    }

    @Test
    void waitsForTheRegistryAtTheStart() {
        registry.mood = RegistryStub.Mood.FAILS;
        CompletableFuture<Void> start = CompletableFuture.runAsync(writer::register, Thread::startVirtualThread);
        Awaitility.await().until(() -> client.waitingSince().isPresent());

        registry.mood = RegistryStub.Mood.ANSWERS;

        assertThat(start).succeedsWithin(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "409{\"error_code\":409,\"message\":\"incompatible\"}",
                "422{\"error_code\":42201,\"message\":\"Invalid schema\"}"
            })
    void givesUpOnASchemaTheRegistryRefuses(String answer) {
        registry.answers("POST /subjects/order-alerts-value/versions", answer);

        assertThatThrownBy(writer::register)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the schema registry refuses the schema of order-alerts-value: ");
    }

    @Test
    void asksForNoSchemaAgainThatIsRegistered() {
        writer.register();
        registry.close();

        assertThat(writer.value(ORDER, Effects.fullLock())).startsWith(0, 0, 0, 0, 101);
        assertThat(client.waitingSince()).isEmpty();
    }

    @Test
    void writesALockCommandInFull() {
        assertThat(written(Effects.fullLock(), WarehouseLockCommand.class))
                .isEqualTo(WarehouseLockCommand.newBuilder()
                        .setCommandId("00000000-0000-0001-0000-000000000001")
                        .setAction(LockAction.RELEASE)
                        .setTargetCommandId("00000000-0000-0002-0000-000000000002")
                        .setGeneration(5)
                        .setPlatform("DOUYIN")
                        .setShopId("shop:1")
                        .setOrderId("订单")
                        .setRefundId("R1")
                        .setCaseId("00000000-0000-0003-0000-000000000003")
                        .setWarehouseId("W1")
                        .setWholeOrder(true)
                        .setLines(List.of(new LockLine("L1", "SKU-1", 1)))
                        .setShipmentId("S1")
                        .setTrackingNumber("SF1234567890")
                        .setReason(LockReason.REFUND_CHANGED)
                        .setIssuedAt(Effects.AT)
                        .setAnswerBy(Effects.AT.plusSeconds(60))
                        .build());
    }

    @Test
    void leavesOutOfALockCommandWhatItDoesNotSay() {
        WarehouseLockCommand command = written(Effects.bareLock(1), WarehouseLockCommand.class);

        assertThat(command.getTargetCommandId()).isNull();
        assertThat(command.getCaseId()).isNull();
        assertThat(command.getWarehouseId()).isNull();
        assertThat(command.getShipmentId()).isNull();
        assertThat(command.getTrackingNumber()).isNull();
        assertThat(command.getAnswerBy()).isNull();
    }

    @Test
    void writesAQuantityTheFieldDoesNotTakeAsTheGreatestItDoes() {
        assertThat(written(Effects.bareLock(1L << 40), WarehouseLockCommand.class)
                        .getLines())
                .containsExactly(new LockLine("L1", "SKU-1", Integer.MAX_VALUE));
    }

    @Test
    void writesAnInterceptCommandInFull() {
        assertThat(written(Effects.fullIntercept(), InterceptShipmentCommand.class))
                .isEqualTo(InterceptShipmentCommand.newBuilder()
                        .setCommandId("00000000-0000-0001-0000-000000000001")
                        .setAction(InterceptAction.CANCEL)
                        .setTargetCommandId("00000000-0000-0002-0000-000000000002")
                        .setGeneration(2)
                        .setPlatform("DOUYIN")
                        .setShopId("shop:1")
                        .setOrderId("订单")
                        .setCaseId("00000000-0000-0003-0000-000000000003")
                        .setShipmentId("S1")
                        .setTrackingNumber("SF1234567890")
                        .setCourier("SF")
                        .setWarehouseId("W1")
                        .setRefundIds(List.of("R1", "R2"))
                        .setStage(io.ordersync.contract.ParcelStage.IN_TRANSIT)
                        .setCertainty(io.ordersync.contract.Certainty.SUSPECTED)
                        .setGoodsValueMinor(12_900L)
                        .setMaxFeeMinor(1_500L)
                        .setCurrency("CNY")
                        .setCollateral(List.of(
                                new CollateralLine("O1", "L2", "SKU-2", 3), new CollateralLine("O2", "*", "*", 0)))
                        .setIssuedAt(Effects.AT)
                        .setAnswerBy(Effects.AT.plusSeconds(900))
                        .build());
    }

    @Test
    void leavesOutOfAnInterceptCommandWhatItDoesNotSay() {
        InterceptShipmentCommand command = written(Effects.bareIntercept(), InterceptShipmentCommand.class);

        assertThat(command.getTargetCommandId()).isNull();
        assertThat(command.getWarehouseId()).isNull();
        assertThat(command.getGoodsValueMinor()).isNull();
        assertThat(command.getMaxFeeMinor()).isNull();
        assertThat(command.getCurrency()).isNull();
    }

    @Test
    void writesAnAlertInFull() {
        assertThat(written(Effects.firing(Alert.Code.MIXED_PARCEL), OrderAlert.class))
                .isEqualTo(OrderAlert.newBuilder()
                        .setAlertId("00000000-0000-0001-0000-000000000001")
                        .setCaseId("00000000-0000-0003-0000-000000000003")
                        .setCode(AlertCode.MIXED_PARCEL)
                        .setSeverity(AlertSeverity.HIGH)
                        .setState(AlertState.FIRING)
                        .setPlatform("DOUYIN")
                        .setShopId("shop:1")
                        .setOrderId("订单")
                        .setRaceType(RaceType.REFUND_FIRST)
                        .setRaceCause(RaceCause.REFUND_SYNC_DELAY)
                        .setGapMillis(2_400_000L)
                        .setExposureMinor(12_900L)
                        .setCurrency("CNY")
                        .setCertainty(io.ordersync.contract.Certainty.CONFIRMED)
                        .setRefundIds(List.of("R1"))
                        .setShipmentIds(List.of("S1"))
                        .setTrackingNumbers(List.of("SF1234567890"))
                        .setLines(List.of(new LockLine("L1", "SKU-1", 1)))
                        .setCollateral(List.of(new CollateralLine("O1", "L2", "SKU-2", 3)))
                        .setWarehouseId("W1")
                        .setOperatorId("op-7")
                        .setCourier("SF")
                        .setCategories(List.of("phones"))
                        .setRecommendedAction(RecommendedAction.REVIEW)
                        .setSummary(Summary.of(Effects.firing(Alert.Code.MIXED_PARCEL)))
                        .setEvidence(List.of(
                                evidence("REFUND", "R1", "refund-approved", 4, 99L),
                                evidence("SHIPMENT", "S1", "shipment-created", 5, 100L),
                                evidence("INTERCEPT", "00000000-0000-0001-0000-000000000001", null, null, null)))
                        .setOccurredAt(Effects.AT)
                        .setDetectedAt(Effects.AT.plusSeconds(1))
                        .build());
    }

    @ParameterizedTest
    @EnumSource(Alert.Code.class)
    void writesAnAlertOfWhichNothingIsKnown(Alert.Code code) {
        OrderAlert alert = written(Effects.alert(code, Alert.State.RESOLVED, Effects.nothing()), OrderAlert.class);

        assertThat(alert.getCode()).isEqualTo(AlertCode.valueOf(code.name()));
        assertThat(alert.getRaceType()).isNull();
        assertThat(alert.getRaceCause()).isNull();
        assertThat(alert.getGapMillis()).isNull();
        assertThat(alert.getExposureMinor()).isNull();
        assertThat(alert.getCurrency()).isNull();
        assertThat(alert.getWarehouseId()).isNull();
        assertThat(alert.getOperatorId()).isNull();
        assertThat(alert.getCourier()).isNull();
    }

    @Test
    void writesACaseInFull() {
        assertThat(written(Effects.fullCase(io.ordersync.domain.OrderCase.Outcome.WRITTEN_OFF), OrderCase.class))
                .isEqualTo(OrderCase.newBuilder()
                        .setCaseId("00000000-0000-0003-0000-000000000003")
                        .setPlatform("DOUYIN")
                        .setShopId("shop:1")
                        .setOrderId("订单")
                        .setState(CaseState.CLOSED)
                        .setOutcome(CaseOutcome.WRITTEN_OFF)
                        .setRaceType(RaceType.AMBIGUOUS)
                        .setRaceCause(RaceCause.UNDETERMINED)
                        .setGapMillis(-90_000L)
                        .setExposureMinor(12_900L)
                        .setCurrency("CNY")
                        .setRefundIds(List.of("R1", "R2"))
                        .setShipmentIds(List.of("S1", "S2"))
                        .setTrackingNumbers(List.of("SF1234567890"))
                        .setWarehouseId("W1")
                        .setOperatorId("op-7")
                        .setCourier("SF")
                        .setCategories(List.of("phones"))
                        .setEvidence(List.of(
                                evidence("REFUND", "E0", "refund-approved", 4, 0L),
                                evidence("REFUND_CLOSED", "E1", "refund-closed", 4, 1L),
                                evidence("SHIPMENT", "E2", "shipment-created", 4, 2L),
                                evidence("VOID", "E3", "shipment-voided", 4, 3L),
                                evidence("SCAN", "E4", "shipment-status", 4, 4L),
                                evidence("LOCK", "00000000-0000-0001-0000-000000000001", null, null, null),
                                evidence("LOCK_ANSWER", "E5", "warehouse-lock-results", 4, 5L),
                                evidence("INTERCEPT", "00000000-0000-0001-0000-000000000001", null, null, null),
                                evidence("INTERCEPT_ANSWER", "E6", "intercept-results", 4, 6L),
                                evidence("RESOLUTION", "E7", "case-resolutions", 4, 7L)))
                        .setOpenedAt(Effects.AT)
                        .setUpdatedAt(Effects.AT.plusSeconds(60))
                        .setClosedAt(Effects.AT.plusSeconds(30))
                        .setVersion(7)
                        .build());
    }

    @Test
    void leavesOutOfACaseWhatIsNotKnown() {
        OrderCase orderCase = written(Effects.bareCase(), OrderCase.class);

        assertThat(orderCase.getRaceType()).isNull();
        assertThat(orderCase.getRaceCause()).isNull();
        assertThat(orderCase.getGapMillis()).isNull();
        assertThat(orderCase.getExposureMinor()).isNull();
        assertThat(orderCase.getCurrency()).isNull();
        assertThat(orderCase.getWarehouseId()).isNull();
        assertThat(orderCase.getOperatorId()).isNull();
        assertThat(orderCase.getCourier()).isNull();
    }

    @Test
    void tellsTheOutcomeOfACaseThatIsClosedAloneAlsoWhenItIsUnknown() {
        OrderCase open = written(Effects.fullCase(null), OrderCase.class);
        OrderCase given = written(Effects.fullCase(io.ordersync.domain.OrderCase.Outcome.UNKNOWN), OrderCase.class);

        assertThat(open.getOutcome()).isNull();
        assertThat(open.getClosedAt()).isNull();
        assertThat(given.getOutcome()).isEqualTo(CaseOutcome.UNKNOWN);
    }

    @Test
    void namesNoPlaceOfAFactWhoseTopicIsNoLongerRead() {
        writer = new EffectWriter(
                client,
                new Topics(
                        "refund-approved",
                        "shipment-created",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        Wire.TOPICS.warehouseLockCommands(),
                        Wire.TOPICS.interceptShipmentCommands(),
                        Wire.TOPICS.orderAlerts(),
                        Wire.TOPICS.orderCases(),
                        Wire.TOPICS.deadLetters(),
                        Wire.TOPICS.orderAlertsUndelivered()));

        assertThat(written(Effects.fullCase(null), OrderCase.class).getEvidence())
                .filteredOn(evidence -> !List.of("REFUND", "SHIPMENT").contains(evidence.getKind()))
                .hasSize(8)
                .allSatisfy(evidence -> {
                    assertThat(evidence.getTopic()).isNull();
                    assertThat(evidence.getPartition()).isNull();
                    assertThat(evidence.getOffset()).isNull();
                });
    }

    @Test
    void hasASymbolInTheContractForEveryOneOfTheDomain() {
        assertThat(names(AlertCode.values())).containsAll(names(Alert.Code.values()));
        assertThat(names(AlertSeverity.values())).containsAll(names(Alert.Severity.values()));
        assertThat(names(AlertState.values())).containsAll(names(Alert.State.values()));
        assertThat(names(RecommendedAction.values())).containsAll(names(Alert.Action.values()));
        assertThat(names(RaceType.values())).containsAll(names(RaceTiming.Type.values()));
        assertThat(names(RaceCause.values())).containsAll(names(RaceTiming.Cause.values()));
        assertThat(names(LockAction.values())).containsAll(names(LockCommand.Action.values()));
        assertThat(names(LockReason.values())).containsAll(names(LockCommand.Reason.values()));
        assertThat(names(CaseState.values())).containsAll(names(io.ordersync.domain.OrderCase.State.values()));
        assertThat(names(CaseOutcome.values())).containsAll(names(io.ordersync.domain.OrderCase.Outcome.values()));
        assertThat(names(InterceptAction.values())).containsAll(names(InterceptCommand.Action.values()));
        assertThat(names(io.ordersync.contract.ParcelStage.values())).containsAll(names(ParcelStage.values()));
        assertThat(names(io.ordersync.contract.Certainty.values())).containsAll(names(Effect.Certainty.values()));
    }

    /** What a receiver reads, who asks the registry for the schema that was registered. */
    private <T extends SpecificRecord> T written(Effect effect, Class<T> type) {
        byte[] value = writer.value(ORDER, effect);
        int id = java.nio.ByteBuffer.wrap(value).getInt(1);
        registry.has(
                id,
                new Schema.Parser()
                        .parse(registry.registered.get("POST /subjects/" + topic(effect) + "-value/versions")));
        return client.read(client.deserializer(type), topic(effect), value, type);
    }

    private static String topic(Effect effect) {
        return switch (effect) {
            case LockCommand lock -> Wire.TOPICS.warehouseLockCommands();
            case InterceptCommand intercept -> Wire.TOPICS.interceptShipmentCommands();
            case io.ordersync.domain.OrderCase orderCase -> Wire.TOPICS.orderCases();
            case Alert alert -> Wire.TOPICS.orderAlerts();
        };
    }

    private static io.ordersync.contract.Evidence evidence(
            String kind,
            String id,
            @org.jspecify.annotations.Nullable String topic,
            @org.jspecify.annotations.Nullable Integer partition,
            @org.jspecify.annotations.Nullable Long offset) {
        return new io.ordersync.contract.Evidence(kind, id, Effects.AT, topic, partition, offset);
    }

    private static List<String> names(Enum<?>[] symbols) {
        return Arrays.stream(symbols).map(Enum::name).toList();
    }
}
