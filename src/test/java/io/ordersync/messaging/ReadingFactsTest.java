package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.wire.RegistryStub;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadingFactsTest {

    private static final int NEWER = 9;

    private RegistryStub registry;
    private SchemaRegistry client;
    private FactReader reader;

    @BeforeEach
    void start() throws java.io.IOException {
        registry = new RegistryStub();
        registry.has(Wire.REFUND_ID, io.ordersync.contract.RefundApproved.SCHEMA$);
        registry.has(Wire.SHIPMENT_ID, io.ordersync.contract.ShipmentCreated.SCHEMA$);
        client = Wire.client(registry);
        reader = new FactReader(client, Wire.TOPICS);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void keepsOfARefundWhatDecides() {
        assertThat(readRefund(Wire.bytes(Wire.refund().build())))
                .isEqualTo(new Arrival(
                        new OrderKey("DOUYIN", "shop:1", "O1"),
                        new RefundApproved(
                                new Source(4, 99),
                                "E1",
                                "R1",
                                3,
                                RefundApproved.Kind.REFUND_ONLY,
                                RefundApproved.Cause.MERCHANT,
                                false,
                                "CNY",
                                List.of(
                                        new RefundApproved.Line("L1", "SKU-1", 2, 3, 12_900L, "phones", "W1", "S1"),
                                        new RefundApproved.Line("L2", "SKU-2", 1, null, null, null, null, null)),
                                Instant.parse("2026-11-22T10:00:00.123Z"))));
    }

    @Test
    void keepsOfAShipmentAllThatIsTold() {
        assertThat(readShipment(Wire.bytes(Wire.shipment().build())))
                .isEqualTo(new Arrival(
                        new OrderKey("DOUYIN", "shop:1", "O1"),
                        new ShipmentCreated(
                                new Source(5, 100),
                                "E2",
                                "S1",
                                2,
                                "SF1234567890",
                                "SF",
                                "W1",
                                "op-7",
                                ShipmentCreated.Purpose.ORIGINAL,
                                ParcelStage.PICKED_UP,
                                true,
                                List.of("O2"),
                                List.of(new ShipmentCreated.Line("L1", "SKU-1", 1, 3, 12_900L, "phones")),
                                Instant.parse("2026-11-22T10:40:00Z"))));
    }

    @Test
    void takesNothingForWhatIsNotTold() {
        var shipment = Wire.shipment()
                .setTrackingNumber(null)
                .setCourier(null)
                .setWarehouseId(null)
                .setOperatorId(null)
                .setMergedOrderIds(List.of())
                .setLines(List.of())
                .build();

        assertThat(readShipment(Wire.bytes(shipment)).fact()).isInstanceOfSatisfying(ShipmentCreated.class, fact -> {
            assertThat(fact.trackingNumber()).isNull();
            assertThat(fact.courier()).isNull();
            assertThat(fact.warehouseId()).isNull();
            assertThat(fact.operatorId()).isNull();
            assertThat(fact.mergedOrderIds()).isEmpty();
            assertThat(fact.lines()).isEmpty();
        });
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                broken("lines.quantity", Wire.refund().setLines(List.of(line("L1", 0, null)))),
                broken("lines.quantity", Wire.refund().setLines(List.of(line("L1", -1, null)))),
                broken("lines.orderedQuantity", Wire.refund().setLines(List.of(line("L1", 1, 0)))),
                broken("lines.lineId", Wire.refund().setLines(List.of(line(" \t", 1, null)))),
                broken("lines", Wire.refund().setLines(Collections.nCopies(501, line("L1", 1, 1)))),
                broken("orderId", Wire.refund().setOrderId("  ")),
                broken("platform", Wire.refund().setPlatform("")),
                broken("shopId", Wire.refund().setShopId("\u3000")),
                broken("refundId", Wire.refund().setRefundId(" ")),
                broken("eventId", Wire.refund().setEventId("")),
                Arguments.of("orderId", Wire.shipment().setOrderId("\n").build()),
                Arguments.of("shipmentId", Wire.shipment().setShipmentId(" ").build()),
                Arguments.of(
                        "mergedOrderIds",
                        Wire.shipment().setMergedOrderIds(List.of("")).build()),
                Arguments.of(
                        "lines.quantity",
                        Wire.shipment()
                                .setLines(List.of(new ShipmentLine("L1", "SKU-1", 0, null, null, null)))
                                .build()));
    }

    @DisplayName("82: a record that breaks a rule of its own is rejected, the field named")
    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRules")
    void rejectsARecordThatBreaksARuleNamingTheField(String field, SpecificRecord broken) {
        String topic = broken instanceof io.ordersync.contract.RefundApproved ? "refund-approved" : "shipment-created";

        assertThatThrownBy(() -> reader.read(topic, 0, 0, Wire.bytes(broken)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.INVALID_FIELD))
                .hasMessageStartingWith(field + " ");
    }

    @DisplayName("83: an enum symbol of a newer schema is read as UNKNOWN")
    @Test
    void readsASymbolOfANewerSchemaAsUnknown() {
        Schema newer = changed(
                io.ordersync.contract.RefundApproved.SCHEMA$,
                "\"REPAIR\"]",
                "\"REPAIR\",\"GIFT\"]",
                "PARCEL_LOST",
                "BURNT");
        registry.has(NEWER, newer);
        GenericRecord refund = generic(newer, Wire.refund().build());
        refund.put("kind", symbol(newer, "kind", "GIFT"));
        refund.put("cause", symbol(newer, "cause", "BURNT"));

        assertThat(readRefund(Wire.bytes(NEWER, newer, refund)).fact())
                .isInstanceOfSatisfying(RefundApproved.class, fact -> {
                    assertThat(fact.kind()).isEqualTo(RefundApproved.Kind.UNKNOWN);
                    assertThat(fact.cause()).isEqualTo(RefundApproved.Cause.UNKNOWN);
                });
    }

    @DisplayName("84: a newer schema with one more optional field is read")
    @Test
    void passesOverAFieldOfANewerSchema() {
        Schema newer = changed(
                io.ordersync.contract.ShipmentCreated.SCHEMA$,
                "\"fields\":[{\"name\":\"eventId\"",
                "\"fields\":[{\"name\":\"weights\",\"type\":[\"null\",{\"type\":\"map\",\"values\":\"double\"}],\"default\":null},"
                        + "{\"name\":\"eventId\"");
        registry.has(NEWER, newer);
        GenericRecord shipment = generic(newer, Wire.shipment().build());
        shipment.put("weights", Map.of("gross", 1.5, "net", 1.25));

        assertThat(readShipment(Wire.bytes(NEWER, newer, shipment)))
                .isEqualTo(readShipment(Wire.bytes(Wire.shipment().build())));
    }

    @Test
    void fillsWhatAnOlderSchemaDoesNotHave() {
        Schema older = Schema.createRecord(
                "RefundApproved",
                null,
                "io.ordersync.contract",
                false,
                io.ordersync.contract.RefundApproved.SCHEMA$.getFields().stream()
                        .filter(field -> !List.of("cause", "refundVersion", "wholeOrder", "lines", "reasonCode")
                                .contains(field.name()))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList());
        registry.has(NEWER, older);

        assertThat(readRefund(Wire.bytes(
                                NEWER, older, generic(older, Wire.refund().build())))
                        .fact())
                .isInstanceOfSatisfying(RefundApproved.class, fact -> {
                    assertThat(fact.version()).isEqualTo(1);
                    assertThat(fact.cause()).isEqualTo(RefundApproved.Cause.UNKNOWN);
                    assertThat(fact.lines()).isEmpty();
                });
    }

    @Test
    void rejectsASchemaThatIsNoneOfTheTopicsRecord() {
        assertThatThrownBy(() -> readRefund(Wire.bytes(Wire.shipment().build())))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNKNOWN_SCHEMA))
                .hasMessage("schema 8 can't be read as RefundApproved");
    }

    @Test
    void rejectsASchemaThatLeavesOutWhatIsRequired() {
        Schema poor = changed(io.ordersync.contract.RefundApproved.SCHEMA$, "\"approvedAt\"", "\"acceptedAt\"");
        registry.has(NEWER, poor);

        assertThatThrownBy(() -> readRefund(
                        Wire.bytes(NEWER, poor, generic(poor, Wire.refund().build()))))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNKNOWN_SCHEMA));
    }

    @Test
    void readsATopicThatIsCalledOtherwise() {
        var renamed = new FactReader(
                client, new Topics("geld.zurueck", "pakete", "", "", "", "", "", "", "c", "d", "e", "f", "g", "h"));

        assertThat(renamed.read("geld.zurueck", 4, 99, Wire.bytes(Wire.refund().build())))
                .isEqualTo(readRefund(Wire.bytes(Wire.refund().build())));
        assertThatExceptionOfType(Rejection.class).isThrownBy(() -> renamed.read("refund-approved", 0, 0, new byte[0]));
    }

    @Test
    void knowsEverySymbolOfTheContract() {
        assertThat(names(RefundApproved.Kind.values())).isEqualTo(names(RefundKind.values()));
        assertThat(names(RefundApproved.Cause.values())).isEqualTo(names(io.ordersync.contract.RefundCause.values()));
        assertThat(names(ShipmentCreated.Purpose.values()))
                .isEqualTo(names(io.ordersync.contract.ShipmentPurpose.values()));
        assertThat(names(ParcelStage.values())).isEqualTo(names(io.ordersync.contract.ParcelStage.values()));
    }

    private Arrival readRefund(byte[] value) {
        return reader.read("refund-approved", 4, 99, value);
    }

    private Arrival readShipment(byte[] value) {
        return reader.read("shipment-created", 5, 100, value);
    }

    private static Arguments broken(String field, io.ordersync.contract.RefundApproved.Builder refund) {
        return Arguments.of(field, refund.build());
    }

    private static RefundLine line(String lineId, int quantity, @org.jspecify.annotations.Nullable Integer ordered) {
        return new RefundLine(lineId, "SKU-1", quantity, ordered, null, null, null, null);
    }

    private static List<String> names(Enum<?>[] symbols) {
        return Arrays.stream(symbols).map(Enum::name).toList();
    }

    /** A schema with its text changed, as a producer's own. */
    private static Schema changed(Schema schema, String... fromTo) {
        String text = schema.toString();
        for (int i = 0; i < fromTo.length; i += 2) {
            assertThat(text).contains(fromTo[i]);
            text = text.replace(fromTo[i], fromTo[i + 1]);
        }
        return new Schema.Parser().parse(text);
    }

    private static GenericData.EnumSymbol symbol(Schema schema, String field, String symbol) {
        return new GenericData.EnumSymbol(schema.getField(field).schema(), symbol);
    }

    /** The same record under another schema: fields it lacks are left out, those it adds are null. */
    private static GenericRecord generic(Schema schema, SpecificRecord specific) {
        GenericRecord generic = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            Schema.Field same = specific.getSchema().getField(field.name());
            Object value = same == null ? null : specific.get(same.pos());
            if (field.name().endsWith("At")) {
                value = Instant.parse("2026-11-22T10:40:00Z").toEpochMilli();
            }
            generic.put(
                    field.name(),
                    value instanceof Enum<?> symbol ? new GenericData.EnumSymbol(field.schema(), symbol) : value);
        }
        return generic;
    }
}
