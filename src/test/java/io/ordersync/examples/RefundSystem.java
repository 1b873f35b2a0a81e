package io.ordersync.examples;

import static java.util.Map.entry;

import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.wire.AvroSerializer;
import io.ordersync.wire.TrustedClasses;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Tells that money goes back, and that it does not after all. */
public final class RefundSystem implements AutoCloseable {

    static {
        // Avro makes no object of a class that nobody trusts, not even for a default value.
        TrustedClasses.trust(RefundApproved.class);
    }

    private final Producer<String, SpecificRecord> producer;

    public RefundSystem(String bootstrapServers, String registryUrl) {
        // region: producer
        producer = new KafkaProducer<>(Map.ofEntries(
                entry("bootstrap.servers", bootstrapServers),
                entry("key.serializer", StringSerializer.class),
                entry("value.serializer", AvroSerializer.class),
                entry("schema.registry.url", registryUrl)));
        // endregion
    }

    // region: approve
    /** Sent again after a crash it is the same event: eventId, version and time come from the refund, not from the sending. */
    public void approve(String orderId, String refundId, long version, Instant approvedAt) {
        send(
                "refund-approved",
                orderId,
                RefundApproved.newBuilder()
                        .setEventId(refundId + " approved " + version)
                        .setPlatform("DOUYIN")
                        .setShopId("shop-1")
                        .setOrderId(orderId)
                        .setRefundId(refundId)
                        .setRefundVersion(version)
                        .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                        .setCause(RefundCause.BUYER_REQUEST)
                        .setAmountMinor(12_900)
                        .setCurrency("CNY")
                        .setLines(List.of(RefundLine.newBuilder()
                                .setLineId("A")
                                .setSkuId("SKU-A")
                                .setQuantity(1)
                                .setOrderedQuantity(1)
                                .setUnitPriceMinor(12_900L)
                                .setWarehouseId("W1")
                                .build()))
                        .setApprovedAt(approvedAt)
                        .build());
    }
    // endregion

    /** The buyer wants the goods after all. */
    public void withdraw(String orderId, String refundId, long version, Instant closedAt) {
        send(
                "refund-closed",
                orderId,
                RefundClosed.newBuilder()
                        .setEventId(refundId + " closed " + version)
                        .setPlatform("DOUYIN")
                        .setShopId("shop-1")
                        .setOrderId(orderId)
                        .setRefundId(refundId)
                        .setRefundVersion(version)
                        .setOutcome(RefundOutcome.WITHDRAWN)
                        .setClosedAt(closedAt)
                        .build());
    }

    // region: send
    /** It is in Kafka when this returns. */
    private void send(String topic, String orderId, SpecificRecord event) {
        try {
            producer.send(new ProducerRecord<>(topic, "DOUYIN:shop-1:" + orderId, event))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
    // endregion

    @Override
    public void close() {
        producer.close();
    }

    /** Arguments: bootstrap servers, URL of the registry, order, refund. */
    public static void main(String... args) {
        try (RefundSystem refunds = new RefundSystem(args[0], args[1])) {
            refunds.approve(args[2], args[3], 1, Instant.now());
        }
    }
}
