package io.ordersync.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.Resolution;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Fact;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import io.ordersync.wire.RegistryStub;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The optional inputs: what others did after a refund was approved and a parcel was made. */
class ReadingAnswersTest {

    private RegistryStub registry;
    private SchemaRegistry client;
    private FactReader reader;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        for (SpecificRecord each : each()) {
            registry.has(Wire.idOf(each), each.getSchema());
        }
        client = Wire.client(registry);
        reader = new FactReader(client, Wire.TOPICS);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private static List<SpecificRecord> each() {
        return List.of(
                Wire.closed().build(),
                Wire.voided().build(),
                Wire.status().build(),
                Wire.lockResult().build(),
                Wire.interceptResult().build(),
                Wire.resolved().build());
    }

    static Stream<Arguments> whatIsKept() {
        Source source = new Source(4, 99);
        return Stream.of(
                Arguments.of(
                        Wire.closed().build(),
                        new RefundClosed(source, "E3", "R1", 3, RefundClosed.Outcome.WITHDRAWN, Wire.LATER)),
                Arguments.of(Wire.voided().build(), new ShipmentVoided(source, "E4", "S1", 2, Wire.LATER)),
                Arguments.of(
                        Wire.status().build(),
                        new ShipmentStatusChanged(source, "E5", "S1", ParcelStage.OUT_FOR_DELIVERY, Wire.LATER)),
                Arguments.of(
                        Wire.lockResult().build(),
                        new WarehouseLockResult(
                                source,
                                "E6",
                                "C1",
                                WarehouseLockResult.Status.REFUSED,
                                WarehouseLockResult.Refusal.LABEL_PRINTED,
                                "op-7",
                                Wire.LATER)),
                Arguments.of(
                        Wire.interceptResult().build(),
                        new InterceptResult(
                                source,
                                "E7",
                                "C2",
                                InterceptResult.Status.REJECTED,
                                InterceptResult.Reason.FEE_EXCEEDED,
                                Wire.LATER)),
                Arguments.of(
                        Wire.resolved().build(),
                        new CaseResolved(
                                source,
                                "E8",
                                Wire.CASE_ID,
                                CaseResolved.Resolution.WRITTEN_OFF,
                                List.of("S1", "S2"),
                                Wire.LATER)));
    }

    @ParameterizedTest
    @MethodSource("whatIsKept")
    void keepsOfARecordWhatDecides(SpecificRecord told, Fact fact) {
        assertThat(read(told)).isEqualTo(new Arrival(new OrderKey("DOUYIN", "shop:1", "O1"), fact));
    }

    @Test
    void takesNothingForWhatIsNotTold() {
        assertThat(read(Wire.lockResult().setRefusal(null).setOperatorId(null).build())
                        .fact())
                .isInstanceOfSatisfying(WarehouseLockResult.class, fact -> {
                    assertThat(fact.refusal()).isNull();
                    assertThat(fact.operatorId()).isNull();
                });
        assertThat(read(Wire.interceptResult()
                                .setReason(null)
                                .setFeeMinor(null)
                                .setCurrency(null)
                                .build())
                        .fact())
                .isInstanceOfSatisfying(
                        InterceptResult.class, fact -> assertThat(fact.reason()).isNull());
        assertThat(read(Wire.resolved()
                                .setShipmentIds(List.of())
                                .setResolvedBy(null)
                                .build())
                        .fact())
                .isInstanceOfSatisfying(
                        CaseResolved.class,
                        fact -> assertThat(fact.shipmentIds()).isEmpty());
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                Arguments.of("eventId", Wire.closed().setEventId("").build()),
                Arguments.of("refundId", Wire.closed().setRefundId(" ").build()),
                Arguments.of("orderId", Wire.closed().setOrderId("\t").build()),
                Arguments.of("eventId", Wire.voided().setEventId("").build()),
                Arguments.of("shipmentId", Wire.voided().setShipmentId(" ").build()),
                Arguments.of("shopId", Wire.voided().setShopId("").build()),
                Arguments.of("eventId", Wire.status().setEventId("").build()),
                Arguments.of("shipmentId", Wire.status().setShipmentId(" ").build()),
                Arguments.of("platform", Wire.status().setPlatform(" ").build()),
                Arguments.of("eventId", Wire.lockResult().setEventId("").build()),
                Arguments.of("commandId", Wire.lockResult().setCommandId(" ").build()),
                Arguments.of("orderId", Wire.lockResult().setOrderId(" ").build()),
                Arguments.of("eventId", Wire.interceptResult().setEventId("").build()),
                Arguments.of(
                        "commandId", Wire.interceptResult().setCommandId(" ").build()),
                Arguments.of("orderId", Wire.interceptResult().setOrderId("").build()),
                Arguments.of("eventId", Wire.resolved().setEventId("").build()),
                Arguments.of("caseId", Wire.resolved().setCaseId(" ").build()),
                Arguments.of(
                        "caseId", Wire.resolved().setCaseId("that of another").build()),
                Arguments.of("caseId", Wire.resolved().setOrderId("O2").build()),
                Arguments.of(
                        "shipmentIds",
                        Wire.resolved().setShipmentIds(List.of("S1", "")).build()),
                Arguments.of(
                        "resolution",
                        Wire.resolved().setResolution(Resolution.UNKNOWN).build()));
    }

    @DisplayName("82: a record that breaks a rule of its own is rejected, the field named")
    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRules")
    void rejectsARecordThatBreaksARuleNamingTheField(String field, SpecificRecord broken) {
        assertThatThrownBy(() -> read(broken))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.INVALID_FIELD))
                .hasMessageStartingWith(field + " ");
    }

    @ParameterizedTest
    @MethodSource("whatIsKept")
    void knowsNoTopicThatIsAbsent(SpecificRecord told) {
        Topics two =
                new Topics("refund-approved", "shipment-created", "", "", "", "", "", "", "c", "d", "e", "f", "g", "h");

        FactReader reader = new FactReader(client, two);

        assertThat(reader.isReadable(topic(told), Wire.bytes(told)))
                .as("refused at once")
                .isTrue();
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> reader.read(topic(told), 4, 99, Wire.bytes(told)))
                .withMessage("the topic it came by is no input");
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> reader.erasureOf(topic(told), "DOUYIN:shop-1:O1".getBytes(UTF_8)));
    }

    @Test
    void knowsEverySymbolOfTheContract() {
        assertThat(names(RefundClosed.Outcome.values())).isEqualTo(names(RefundOutcome.values()));
        assertThat(names(WarehouseLockResult.Status.values())).isEqualTo(names(LockStatus.values()));
        assertThat(names(WarehouseLockResult.Refusal.values())).isEqualTo(names(LockRefusal.values()));
        assertThat(names(InterceptResult.Status.values())).isEqualTo(names(InterceptStatus.values()));
        assertThat(names(InterceptResult.Reason.values())).isEqualTo(names(InterceptReason.values()));
        assertThat(names(CaseResolved.Resolution.values())).isEqualTo(names(Resolution.values()));
    }

    private Arrival read(SpecificRecord told) {
        return reader.read(topic(told), 4, 99, Wire.bytes(told));
    }

    private static String topic(SpecificRecord told) {
        return switch (Wire.idOf(told)) {
            case Wire.CLOSED_ID -> "refund-closed";
            case Wire.VOIDED_ID -> "shipment-voided";
            case Wire.STATUS_ID -> "shipment-status";
            case Wire.LOCK_RESULT_ID -> "warehouse-lock-results";
            case Wire.INTERCEPT_RESULT_ID -> "intercept-results";
            default -> "case-resolutions";
        };
    }

    private static List<String> names(Enum<?>[] symbols) {
        return Arrays.stream(symbols).map(Enum::name).toList();
    }
}
