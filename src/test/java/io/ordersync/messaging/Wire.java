package io.ordersync.messaging;

import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.Resolution;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.contract.WarehouseLockResult;
import io.ordersync.wire.RegistryStub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Records as producers send them, and their bytes. */
final class Wire {

    static final Topics TOPICS = new Topics(
            "refund-approved",
            "shipment-created",
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            "intercept-results",
            "case-resolutions",
            "warehouse-lock-commands",
            "intercept-shipment-commands",
            "order-alerts",
            "order-cases",
            "order-sync-dead-letters",
            "order-alerts-undelivered");
    static final Instant LATER = Instant.parse("2026-11-22T12:00:00.456Z");
    static final int REFUND_ID = 7;
    static final int SHIPMENT_ID = 8;

    static final int CLOSED_ID = 11;
    static final int VOIDED_ID = 12;
    static final int STATUS_ID = 13;
    static final int LOCK_RESULT_ID = 14;
    static final int INTERCEPT_RESULT_ID = 15;
    static final int RESOLVED_ID = 16;

    /** Of {@link #shipment()}'s order. */
    static final String CASE_ID = "e30901da-2626-5ab8-8469-72930b42c2b9";

    static {
        Contract.model(RefundApproved.class);
    }

    private Wire() {}

    /** As the service is configured, with timeouts for a test's patience. */
    static SchemaRegistry client(RegistryStub registry, String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "schema.registry.url", registry.url().toString(),
                "http.connect.timeout.ms", "250",
                "http.read.timeout.ms", "250",
                "max.retries", "0"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return new SchemaRegistry(
                new SchemaRegistry.Settings(
                        "io.ordersync.wire.AvroSerializer", "io.ordersync.wire.AvroDeserializer", properties),
                Clock.systemUTC());
    }

    static RefundApproved.Builder refund() {
        return RefundApproved.newBuilder()
                .setEventId("E1")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setRefundId("R1")
                .setRefundVersion(3)
                .setKind(RefundKind.REFUND_ONLY)
                .setCause(RefundCause.MERCHANT)
                .setAmountMinor(25_800)
                .setCurrency("CNY")
                .setLines(List.of(
                        new RefundLine("L1", "SKU-1", 2, 3, 12_900L, "phones", "W1", "S1"),
                        new RefundLine("L2", "SKU-2", 1, null, null, null, null, null)))
                .setApprovedAt(Instant.parse("2026-11-22T10:00:00.123Z"))
                .setReasonCode("changed my mind");
    }

    static ShipmentCreated.Builder shipment() {
        return ShipmentCreated.newBuilder()
                .setEventId("E2")
                .setPlatform("DOUYIN")
                .setShopId("shop:1")
                .setOrderId("O1")
                .setShipmentId("S1")
                .setShipmentVersion(2)
                .setTrackingNumber("SF1234567890")
                .setCourier("SF")
                .setWarehouseId("W1")
                .setOperatorId("op-7")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(ParcelStage.PICKED_UP)
                .setDigital(true)
                .setMergedOrderIds(List.of("O2"))
                .setLines(List.of(new ShipmentLine("L1", "SKU-1", 1, 3, 12_900L, "phones")))
                .setCreatedAt(Instant.parse("2026-11-22T10:40:00Z"));
    }

    static RefundClosed.Builder closed() {
        return RefundClosed.newBuilder()
                .setEventId("E3")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setRefundId("R1")
                .setRefundVersion(3)
                .setOutcome(RefundOutcome.WITHDRAWN)
                .setClosedAt(LATER);
    }

    static ShipmentVoided.Builder voided() {
        return ShipmentVoided.newBuilder()
                .setEventId("E4")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setShipmentId("S1")
                .setShipmentVersion(2)
                .setVoidedAt(LATER);
    }

    static ShipmentStatusChanged.Builder status() {
        return ShipmentStatusChanged.newBuilder()
                .setEventId("E5")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setShipmentId("S1")
                .setStage(ParcelStage.OUT_FOR_DELIVERY)
                .setOccurredAt(LATER);
    }

    static WarehouseLockResult.Builder lockResult() {
        return WarehouseLockResult.newBuilder()
                .setEventId("E6")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setCommandId("C1")
                .setStatus(LockStatus.REFUSED)
                .setRefusal(LockRefusal.LABEL_PRINTED)
                .setOperatorId("op-7")
                .setOccurredAt(LATER);
    }

    static InterceptResult.Builder interceptResult() {
        return InterceptResult.newBuilder()
                .setEventId("E7")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setCommandId("C2")
                .setStatus(InterceptStatus.REJECTED)
                .setReason(InterceptReason.FEE_EXCEEDED)
                .setFeeMinor(2_000L)
                .setCurrency("CNY")
                .setOccurredAt(LATER);
    }

    static CaseResolved.Builder resolved() {
        return CaseResolved.newBuilder()
                .setEventId("E8")
                .setPlatform("douyin")
                .setShopId(" shop:1 ")
                .setOrderId("O1")
                .setCaseId(CASE_ID)
                .setResolution(Resolution.WRITTEN_OFF)
                .setShipmentIds(List.of("S2", "S1"))
                .setResolvedBy("person-3")
                .setResolvedAt(LATER);
    }

    /** A record of an input, with the id that stands for its schema here. */
    static byte[] bytes(SpecificRecord input) {
        return frame(
                idOf(input),
                encoder -> new SpecificDatumWriter<SpecificRecord>(input.getSchema()).write(input, encoder));
    }

    static int idOf(SpecificRecord input) {
        return switch (input) {
            case RefundApproved refund -> REFUND_ID;
            case ShipmentCreated shipment -> SHIPMENT_ID;
            case RefundClosed closed -> CLOSED_ID;
            case ShipmentVoided voided -> VOIDED_ID;
            case ShipmentStatusChanged status -> STATUS_ID;
            case WarehouseLockResult result -> LOCK_RESULT_ID;
            case InterceptResult result -> INTERCEPT_RESULT_ID;
            case CaseResolved resolved -> RESOLVED_ID;
            default -> throw new IllegalArgumentException("no input: " + input.getSchema());
        };
    }

    /** Bytes of a schema that is not ours. */
    static byte[] bytes(int id, Schema schema, Object generic) {
        return frame(id, encoder -> new GenericDatumWriter<>(schema).write(generic, encoder));
    }

    static byte[] frame(int id, Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            body.writeTo(encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    interface Body {
        void writeTo(BinaryEncoder encoder) throws IOException;
    }
}
