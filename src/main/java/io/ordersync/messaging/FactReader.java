package io.ordersync.messaging;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads what the inputs tell. Safe for several threads. */
public final class FactReader {

    private static final String NO_ORDER_KEY = "key is no order key";

    private final Map<String, Input<?>> inputs;
    private final @Nullable String caseResolutions;

    /** Asks the registry nothing yet. */
    public FactReader(SchemaRegistry registry, Topics topics) {
        Inputs all = new Inputs(registry, new HashMap<>());
        all.add(topics.refundApproved(), io.ordersync.contract.RefundApproved.class, FactReader::refund);
        all.add(topics.shipmentCreated(), io.ordersync.contract.ShipmentCreated.class, FactReader::shipment);
        all.add(topics.refundClosed(), io.ordersync.contract.RefundClosed.class, FactReader::closed);
        all.add(topics.shipmentVoided(), io.ordersync.contract.ShipmentVoided.class, FactReader::voided);
        all.add(topics.shipmentStatus(), io.ordersync.contract.ShipmentStatusChanged.class, FactReader::status);
        all.add(topics.warehouseLockResults(), io.ordersync.contract.WarehouseLockResult.class, FactReader::lockResult);
        all.add(topics.interceptResults(), io.ordersync.contract.InterceptResult.class, FactReader::interceptResult);
        all.add(topics.caseResolutions(), io.ordersync.contract.CaseResolved.class, FactReader::resolved);
        inputs = Map.copyOf(all.byTopic());
        caseResolutions = topics.caseResolutions();
    }

    private record Inputs(SchemaRegistry registry, Map<String, Input<?>> byTopic) {

        <T extends SpecificRecord> void add(
                @Nullable String topic, Class<T> type, BiFunction<T, Source, Arrival> toArrival) {
            if (topic != null) {
                byTopic.put(topic, Input.of(registry, topic, type, toArrival));
            }
        }
    }

    /**
     * Can {@code value} be read without waiting for the registry? If not, that is asked for meanwhile, and the answer is another
     * one later. Never waits.
     *
     * @param topic any: what is no input is refused at once
     */
    public boolean isReadable(String topic, byte[] value) {
        Input<?> input = inputs.get(topic);
        return input == null || input.lookahead().isReadable(value);
    }

    /**
     * The fact in {@code value}, and its order. May wait for the registry, when the schema is not known yet.
     *
     * @param topic where it was read
     * @param partition where it was read, as {@code offset}: both are evidence, the order comes from the value alone
     * @throws Rejection when it can't be read, breaks a rule of its record, or {@code topic} is no input: a stray may come by a
     *     topic that was one when it was sent on
     * @throws RegistryUnavailable when a wait for the registry was ended: the record is to be read again
     */
    public Arrival read(String topic, int partition, long offset, byte[] value) {
        return input(topic).read(value, new Source(partition, offset));
    }

    private Input<?> input(String topic) {
        Input<?> input = inputs.get(topic);
        if (input == null) {
            throw new Rejection(Rejection.Reason.UNREADABLE, "the topic it came by is no input");
        }
        return input;
    }

    /**
     * The order that a record without a value asks to forget.
     *
     * @param topic where it was read
     * @param key the record's key
     * @return null when nothing is erased by way of {@code topic}
     * @throws Rejection when {@code key} is no order's, or {@code topic} is no input
     */
    public @Nullable OrderKey erasureOf(String topic, byte @Nullable [] key) {
        if (!topic.equals(caseResolutions)) {
            input(topic);
            return null;
        }
        if (key == null) {
            throw new Rejection(Rejection.Reason.INVALID_FIELD, NO_ORDER_KEY);
        }
        String text;
        OrderKey order;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
            order = OrderKey.parse(text);
        } catch (CharacterCodingException | IllegalArgumentException | Rejection e) {
            throw new Rejection(Rejection.Reason.INVALID_FIELD, NO_ORDER_KEY, e);
        }
        if (!order.toString().equals(text)) {
            // A platform in lower case, say: taken as it is, nobody would notice what was not forgotten.
            throw new Rejection(Rejection.Reason.INVALID_FIELD, NO_ORDER_KEY);
        }
        return order;
    }

    private record Input<T extends SpecificRecord>(
            Function<byte[], T> reading, BiFunction<T, Source, Arrival> toArrival, Lookahead lookahead) {

        static <T extends SpecificRecord> Input<T> of(
                SchemaRegistry registry, String topic, Class<T> type, BiFunction<T, Source, Arrival> toArrival) {
            Deserializer<?> deserializer = registry.deserializer(type);
            Function<byte[], T> reading = value -> registry.read(deserializer, topic, value, type);
            Consumer<byte[]> trial = value -> registry.read(deserializer, topic, value, type);
            return new Input<>(reading, toArrival, new Lookahead(trial, registry.clock()));
        }

        Arrival read(byte[] value, Source source) {
            RuntimeException refusal = lookahead.refusal(value);
            if (refusal != null) {
                // Asked again, the registry might be gone, or slow.
                throw refusal;
            }
            return toArrival.apply(reading.apply(value), source);
        }
    }

    private static Arrival refund(io.ordersync.contract.RefundApproved refund, Source source) {
        return new Arrival(
                new OrderKey(refund.getPlatform(), refund.getShopId(), refund.getOrderId()),
                new RefundApproved(
                        source,
                        refund.getEventId(),
                        refund.getRefundId(),
                        refund.getRefundVersion(),
                        RefundApproved.Kind.valueOf(refund.getKind().name()),
                        RefundApproved.Cause.valueOf(refund.getCause().name()),
                        refund.getWholeOrder(),
                        refund.getCurrency(),
                        refund.getLines().stream().map(FactReader::line).toList(),
                        refund.getApprovedAt()));
    }

    private static RefundApproved.Line line(io.ordersync.contract.RefundLine line) {
        return new RefundApproved.Line(
                line.getLineId(),
                line.getSkuId(),
                line.getQuantity(),
                line.getOrderedQuantity(),
                line.getUnitPriceMinor(),
                line.getCategory(),
                line.getWarehouseId(),
                line.getShipmentId());
    }

    private static Arrival shipment(io.ordersync.contract.ShipmentCreated shipment, Source source) {
        return new Arrival(
                new OrderKey(shipment.getPlatform(), shipment.getShopId(), shipment.getOrderId()),
                new ShipmentCreated(
                        source,
                        shipment.getEventId(),
                        shipment.getShipmentId(),
                        shipment.getShipmentVersion(),
                        shipment.getTrackingNumber(),
                        shipment.getCourier(),
                        shipment.getWarehouseId(),
                        shipment.getOperatorId(),
                        ShipmentCreated.Purpose.valueOf(shipment.getPurpose().name()),
                        ParcelStage.valueOf(shipment.getStage().name()),
                        shipment.getDigital(),
                        shipment.getMergedOrderIds(),
                        shipment.getLines().stream().map(FactReader::line).toList(),
                        shipment.getCreatedAt()));
    }

    private static ShipmentCreated.Line line(io.ordersync.contract.ShipmentLine line) {
        return new ShipmentCreated.Line(
                line.getLineId(),
                line.getSkuId(),
                line.getQuantity(),
                line.getOrderedQuantity(),
                line.getUnitPriceMinor(),
                line.getCategory());
    }

    private static Arrival closed(io.ordersync.contract.RefundClosed closed, Source source) {
        return new Arrival(
                new OrderKey(closed.getPlatform(), closed.getShopId(), closed.getOrderId()),
                new RefundClosed(
                        source,
                        closed.getEventId(),
                        closed.getRefundId(),
                        closed.getRefundVersion(),
                        RefundClosed.Outcome.valueOf(closed.getOutcome().name()),
                        closed.getClosedAt()));
    }

    private static Arrival voided(io.ordersync.contract.ShipmentVoided voided, Source source) {
        return new Arrival(
                new OrderKey(voided.getPlatform(), voided.getShopId(), voided.getOrderId()),
                new ShipmentVoided(
                        source,
                        voided.getEventId(),
                        voided.getShipmentId(),
                        voided.getShipmentVersion(),
                        voided.getVoidedAt()));
    }

    private static Arrival status(io.ordersync.contract.ShipmentStatusChanged status, Source source) {
        return new Arrival(
                new OrderKey(status.getPlatform(), status.getShopId(), status.getOrderId()),
                new ShipmentStatusChanged(
                        source,
                        status.getEventId(),
                        status.getShipmentId(),
                        ParcelStage.valueOf(status.getStage().name()),
                        status.getOccurredAt()));
    }

    private static Arrival lockResult(io.ordersync.contract.WarehouseLockResult result, Source source) {
        return new Arrival(
                new OrderKey(result.getPlatform(), result.getShopId(), result.getOrderId()),
                new WarehouseLockResult(
                        source,
                        result.getEventId(),
                        result.getCommandId(),
                        WarehouseLockResult.Status.valueOf(result.getStatus().name()),
                        result.getRefusal() == null
                                ? null
                                : WarehouseLockResult.Refusal.valueOf(
                                        result.getRefusal().name()),
                        result.getOperatorId(),
                        result.getOccurredAt()));
    }

    private static Arrival interceptResult(io.ordersync.contract.InterceptResult result, Source source) {
        return new Arrival(
                new OrderKey(result.getPlatform(), result.getShopId(), result.getOrderId()),
                new InterceptResult(
                        source,
                        result.getEventId(),
                        result.getCommandId(),
                        InterceptResult.Status.valueOf(result.getStatus().name()),
                        result.getReason() == null
                                ? null
                                : InterceptResult.Reason.valueOf(
                                        result.getReason().name()),
                        result.getOccurredAt()));
    }

    private static Arrival resolved(io.ordersync.contract.CaseResolved resolved, Source source) {
        return new Arrival(
                new OrderKey(resolved.getPlatform(), resolved.getShopId(), resolved.getOrderId()),
                new CaseResolved(
                        source,
                        resolved.getEventId(),
                        resolved.getCaseId(),
                        CaseResolved.Resolution.valueOf(resolved.getResolution().name()),
                        resolved.getShipmentIds(),
                        resolved.getResolvedAt()));
    }
}
