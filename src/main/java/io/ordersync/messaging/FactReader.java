package io.ordersync.messaging;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import io.ordersync.wire.AvroBody;
import io.ordersync.wire.AvroDeserializer;
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
        all.add(
                topics.refundApproved(),
                io.ordersync.contract.RefundApproved.class,
                FactReader::refund,
                FactBodies::refund);
        all.add(
                topics.shipmentCreated(),
                io.ordersync.contract.ShipmentCreated.class,
                FactReader::shipment,
                FactBodies::shipment);
        all.add(
                topics.refundClosed(),
                io.ordersync.contract.RefundClosed.class,
                FactReader::closed,
                FactBodies::closed);
        all.add(
                topics.shipmentVoided(),
                io.ordersync.contract.ShipmentVoided.class,
                FactReader::voided,
                FactBodies::voided);
        all.add(
                topics.shipmentStatus(),
                io.ordersync.contract.ShipmentStatusChanged.class,
                FactReader::status,
                FactBodies::status);
        all.add(
                topics.warehouseLockResults(),
                io.ordersync.contract.WarehouseLockResult.class,
                FactReader::lockResult,
                FactBodies::lockResult);
        all.add(
                topics.interceptResults(),
                io.ordersync.contract.InterceptResult.class,
                FactReader::interceptResult,
                FactBodies::interceptResult);
        all.add(
                topics.caseResolutions(),
                io.ordersync.contract.CaseResolved.class,
                FactReader::resolved,
                FactBodies::resolved);
        inputs = Map.copyOf(all.byTopic());
        caseResolutions = topics.caseResolutions();
    }

    private record Inputs(SchemaRegistry registry, Map<String, Input<?>> byTopic) {

        <T extends SpecificRecord> void add(
                @Nullable String topic,
                Class<T> type,
                BiFunction<T, Source, Arrival> toArrival,
                BiFunction<AvroBody, Source, Arrival> byHand) {
            if (topic != null) {
                byTopic.put(topic, Input.of(registry, topic, type, toArrival, byHand));
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

    /**
     * @param ownBody of a value that was written with the contract's own schema; null: it is read by {@code reading}
     * @param byHand takes of an own body what {@code reading} and {@code toArrival} take, or fails
     */
    private record Input<T extends SpecificRecord>(
            Function<byte[], T> reading,
            BiFunction<T, Source, Arrival> toArrival,
            Function<byte[], @Nullable AvroBody> ownBody,
            BiFunction<AvroBody, Source, Arrival> byHand,
            Lookahead lookahead) {

        static <T extends SpecificRecord> Input<T> of(
                SchemaRegistry registry,
                String topic,
                Class<T> type,
                BiFunction<T, Source, Arrival> toArrival,
                BiFunction<AvroBody, Source, Arrival> byHand) {
            Deserializer<?> deserializer = registry.deserializer(type);
            Function<byte[], T> reading = value -> registry.read(deserializer, topic, value, type);
            Consumer<byte[]> trial = value -> registry.read(deserializer, topic, value, type);
            Function<byte[], @Nullable AvroBody> ownBody =
                    deserializer instanceof AvroDeserializer ours ? ours::ownBody : value -> null;
            return new Input<>(reading, toArrival, ownBody, byHand, new Lookahead(trial, registry.clock()));
        }

        Arrival read(byte[] value, Source source) {
            RuntimeException refusal = lookahead.refusal(value);
            if (refusal != null) {
                // Asked again, the registry might be gone, or slow.
                throw refusal;
            }
            Arrival arrival = byHand(value, source);
            return arrival == null ? toArrival.apply(reading.apply(value), source) : arrival;
        }

        private @Nullable Arrival byHand(byte[] value, Source source) {
            AvroBody body = ownBody.apply(value);
            if (body == null) {
                return null;
            }
            try {
                Arrival arrival = byHand.apply(body, source);
                return body.isEnd() ? arrival : null;
            } catch (RuntimeException damaged) {
                // Or against a rule of its record. It is read again by Avro, so that the reason is the same on both
                // ways.
                return null;
            }
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
                        FactBodies.KINDS.of(refund.getKind()),
                        FactBodies.CAUSES.of(refund.getCause()),
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
                        FactBodies.PURPOSES.of(shipment.getPurpose()),
                        FactBodies.STAGES.of(shipment.getStage()),
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
                        FactBodies.OUTCOMES.of(closed.getOutcome()),
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
                        FactBodies.STAGES.of(status.getStage()),
                        status.getOccurredAt()));
    }

    private static Arrival lockResult(io.ordersync.contract.WarehouseLockResult result, Source source) {
        return new Arrival(
                new OrderKey(result.getPlatform(), result.getShopId(), result.getOrderId()),
                new WarehouseLockResult(
                        source,
                        result.getEventId(),
                        result.getCommandId(),
                        FactBodies.LOCK_STATUSES.of(result.getStatus()),
                        result.getRefusal() == null ? null : FactBodies.LOCK_REFUSALS.of(result.getRefusal()),
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
                        FactBodies.INTERCEPT_STATUSES.of(result.getStatus()),
                        result.getReason() == null ? null : FactBodies.INTERCEPT_REASONS.of(result.getReason()),
                        result.getOccurredAt()));
    }

    private static Arrival resolved(io.ordersync.contract.CaseResolved resolved, Source source) {
        return new Arrival(
                new OrderKey(resolved.getPlatform(), resolved.getShopId(), resolved.getOrderId()),
                new CaseResolved(
                        source,
                        resolved.getEventId(),
                        resolved.getCaseId(),
                        FactBodies.RESOLUTIONS.of(resolved.getResolution()),
                        resolved.getShipmentIds(),
                        resolved.getResolvedAt()));
    }
}
