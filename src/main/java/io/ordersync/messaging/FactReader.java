package io.ordersync.messaging;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.ShipmentCreated;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;

/** Reads what the inputs tell. Safe for several threads. */
public final class FactReader {

    private final Map<String, Input<?>> inputs;

    /** Asks the registry nothing yet. */
    public FactReader(SchemaRegistry registry, Topics topics) {
        inputs = Map.of(
                topics.refundApproved(),
                new Input<>(
                        new RecordReader<>(registry, io.ordersync.contract.RefundApproved.class), FactReader::refund),
                topics.shipmentCreated(),
                new Input<>(
                        new RecordReader<>(registry, io.ordersync.contract.ShipmentCreated.class),
                        FactReader::shipment));
    }

    /**
     * The fact in {@code value}, and its order. May wait for the registry, when the schema is not known yet.
     *
     * @param topic one of the inputs
     * @param partition where it was read, as {@code offset}: both are evidence, the order comes from the value alone
     * @throws Rejection when it can't be read, or breaks a rule of its record
     * @throws RegistryUnavailable when a wait for the registry was ended: the record is to be read again
     * @throws IllegalArgumentException when {@code topic} is no input
     */
    public Arrival read(String topic, int partition, long offset, byte[] value) {
        Input<?> input = inputs.get(topic);
        if (input == null) {
            throw new IllegalArgumentException("no input: " + topic);
        }
        return input.read(value, new Source(partition, offset));
    }

    private record Input<T extends SpecificRecord>(RecordReader<T> reader, BiFunction<T, Source, Arrival> toArrival) {

        Arrival read(byte[] value, Source source) {
            return toArrival.apply(reader.read(value), source);
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
}
