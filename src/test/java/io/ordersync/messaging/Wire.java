package io.ordersync.messaging;

import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
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
            "warehouse-lock-commands",
            "intercept-shipment-commands",
            "order-alerts",
            "order-sync-dead-letters");
    static final int REFUND_ID = 7;
    static final int SHIPMENT_ID = 8;

    static {
        Contract.model(RefundApproved.class);
    }

    private Wire() {}

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
                .setStage(io.ordersync.contract.ParcelStage.PICKED_UP)
                .setDigital(true)
                .setMergedOrderIds(List.of("O2"))
                .setLines(List.of(new ShipmentLine("L1", "SKU-1", 1, 3, 12_900L, "phones")))
                .setCreatedAt(Instant.parse("2026-11-22T10:40:00Z"));
    }

    static byte[] bytes(SpecificRecord refundOrShipment) {
        int id = refundOrShipment instanceof RefundApproved ? REFUND_ID : SHIPMENT_ID;
        return frame(
                id,
                encoder -> new SpecificDatumWriter<SpecificRecord>(refundOrShipment.getSchema())
                        .write(refundOrShipment, encoder));
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
