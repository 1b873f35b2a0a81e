package io.ordersync.messaging;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.CollateralLine;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.LockReason;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RaceCause;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Effect.Collateral;
import io.ordersync.domain.Effect.Evidence;
import io.ordersync.domain.Effect.LineUnits;
import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.RaceTiming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes the values of what is sent. Safe for several threads. */
public final class EffectWriter {

    /** Enough for any record of the contract: none has as many fields. */
    private static final int ZEROS = 1_024;

    private final SchemaRegistry registry;
    private final Serializer<Object> serializer;
    private final Topics topics;

    /** Asks the registry nothing yet. */
    public EffectWriter(SchemaRegistry registry, Topics topics) {
        this.registry = registry;
        this.serializer = registry.serializer();
        this.topics = topics;
    }

    /**
     * Makes the registry know the schemas of all outputs. Waits while it is out of reach.
     *
     * @throws IllegalStateException when the registry refuses a schema, or does not know it and may not be told
     * @throws RegistryUnavailable when the wait was ended
     */
    public void register() {
        register(topics.warehouseLockCommands(), WarehouseLockCommand.class);
        register(topics.interceptShipmentCommands(), InterceptShipmentCommand.class);
        register(topics.orderAlerts(), OrderAlert.class);
        register(topics.orderCases(), OrderCase.class);
    }

    /** The same for the topic of alerts that could not be delivered, which is written only where there are channels. */
    public void registerUndelivered() {
        register(topics.orderAlertsUndelivered(), OrderAlert.class);
    }

    /** A serializer registers a schema when it writes the first record: this one is written for that, and not sent. */
    private void register(String topic, Class<? extends SpecificRecord> type) {
        SpecificData model = Contract.model(type);
        Schema schema = model.getSchema(type);
        try {
            // Zeros are a record of each schema of the contract: the first symbol and branch, and nothing else in it.
            SpecificRecord empty = new SpecificDatumReader<SpecificRecord>(schema, schema, model)
                    .read(null, DecoderFactory.get().binaryDecoder(new byte[ZEROS], null));
            registry.write(serializer, topic, empty);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The value of the record that tells {@code effect}. Waits for the registry where {@link #register()} was not called.
     *
     * @throws IllegalStateException when the registry refuses its schema
     * @throws RegistryUnavailable when the wait was ended
     */
    public byte[] value(OrderKey order, Effect effect) {
        return switch (effect) {
            case LockCommand command ->
                registry.write(serializer, topics.warehouseLockCommands(), toRecord(order, command));
            case InterceptCommand command ->
                registry.write(serializer, topics.interceptShipmentCommands(), toRecord(order, command));
            case Alert alert -> registry.write(serializer, topics.orderAlerts(), toRecord(order, alert));
            case io.ordersync.domain.OrderCase orderCase ->
                registry.write(serializer, topics.orderCases(), toRecord(order, orderCase));
        };
    }

    private static WarehouseLockCommand toRecord(OrderKey order, LockCommand command) {
        return new WarehouseLockCommand(
                command.id().toString(),
                LockAction.valueOf(command.action().name()),
                text(command.targetId()),
                command.generation(),
                order.platform(),
                order.shopId(),
                order.orderId(),
                command.refundId(),
                text(command.caseId()),
                command.warehouseId(),
                command.wholeOrder(),
                lines(command.lines()),
                command.shipmentId(),
                command.trackingNumber(),
                LockReason.valueOf(command.reason().name()),
                command.issuedAt(),
                command.answerBy());
    }

    private static InterceptShipmentCommand toRecord(OrderKey order, InterceptCommand command) {
        return new InterceptShipmentCommand(
                command.id().toString(),
                InterceptAction.valueOf(command.action().name()),
                text(command.targetId()),
                command.generation(),
                order.platform(),
                order.shopId(),
                order.orderId(),
                command.caseId().toString(),
                command.shipmentId(),
                command.trackingNumber(),
                command.courier(),
                command.warehouseId(),
                command.refundIds(),
                ParcelStage.valueOf(command.stage().name()),
                Certainty.valueOf(command.certainty().name()),
                command.goodsValueMinor(),
                command.maxFeeMinor(),
                command.currency(),
                collateral(command.collateral()),
                command.issuedAt(),
                command.answerBy());
    }

    private OrderAlert toRecord(OrderKey order, Alert alert) {
        Alert.Details details = alert.details();
        RaceTiming race = details.race();
        return new OrderAlert(
                alert.id().toString(),
                alert.caseId().toString(),
                AlertCode.valueOf(alert.code().name()),
                AlertSeverity.valueOf(alert.severity().name()),
                AlertState.valueOf(alert.state().name()),
                order.platform(),
                order.shopId(),
                order.orderId(),
                race == null ? null : RaceType.valueOf(race.type().name()),
                race == null ? null : RaceCause.valueOf(race.cause().name()),
                race == null ? null : race.gapMillis(),
                details.exposureMinor(),
                details.currency(),
                Certainty.valueOf(details.certainty().name()),
                details.refundIds(),
                details.shipmentIds(),
                details.trackingNumbers(),
                lines(details.lines()),
                collateral(details.collateral()),
                details.warehouseId(),
                details.operatorId(),
                details.courier(),
                details.categories(),
                RecommendedAction.valueOf(alert.action().name()),
                Summary.of(alert),
                details.evidence().stream().map(this::evidence).toList(),
                alert.occurredAt(),
                alert.detectedAt());
    }

    private OrderCase toRecord(OrderKey order, io.ordersync.domain.OrderCase orderCase) {
        RaceTiming race = orderCase.race();
        return new OrderCase(
                orderCase.id().toString(),
                order.platform(),
                order.shopId(),
                order.orderId(),
                CaseState.valueOf(orderCase.state().name()),
                orderCase.outcome() == null
                        ? null
                        : CaseOutcome.valueOf(orderCase.outcome().name()),
                race == null ? null : RaceType.valueOf(race.type().name()),
                race == null ? null : RaceCause.valueOf(race.cause().name()),
                race == null ? null : race.gapMillis(),
                orderCase.exposureMinor(),
                orderCase.currency(),
                orderCase.refundIds(),
                orderCase.shipmentIds(),
                orderCase.trackingNumbers(),
                orderCase.warehouseId(),
                orderCase.operatorId(),
                orderCase.courier(),
                orderCase.categories(),
                orderCase.evidence().stream().map(this::evidence).toList(),
                orderCase.openedAt(),
                orderCase.updatedAt(),
                orderCase.closedAt(),
                orderCase.version());
    }

    private io.ordersync.contract.Evidence evidence(Evidence evidence) {
        String topic = topic(evidence.kind());
        // A partition of a topic that is no longer named would lead nowhere.
        Fact.Source source = topic == null ? null : evidence.source();
        return new io.ordersync.contract.Evidence(
                evidence.kind().name(),
                evidence.id(),
                evidence.at(),
                source == null ? null : topic,
                source == null ? null : source.partition(),
                source == null ? null : source.offset());
    }

    /** Where facts of that kind are read; null: nowhere, or it is what we sent ourselves. */
    private @Nullable String topic(Evidence.Kind kind) {
        return switch (kind) {
            case REFUND -> topics.refundApproved();
            case REFUND_CLOSED -> topics.refundClosed();
            case SHIPMENT -> topics.shipmentCreated();
            case VOID -> topics.shipmentVoided();
            case SCAN -> topics.shipmentStatus();
            case LOCK_ANSWER -> topics.warehouseLockResults();
            case INTERCEPT_ANSWER -> topics.interceptResults();
            case RESOLUTION -> topics.caseResolutions();
            case LOCK, INTERCEPT -> null;
        };
    }

    private static List<LockLine> lines(List<LineUnits> lines) {
        List<LockLine> records = new ArrayList<>(lines.size());
        for (LineUnits line : lines) {
            records.add(new LockLine(line.lineId(), line.skuId(), units(line.quantity())));
        }
        return records;
    }

    private static List<CollateralLine> collateral(List<Collateral> collateral) {
        return collateral.stream()
                .map(line -> new CollateralLine(line.orderId(), line.lineId(), line.skuId(), units(line.quantity())))
                .toList();
    }

    /** Sums of the domain are wider than the field: more than it takes is as good as all. */
    private static int units(long quantity) {
        return Math.clamp(quantity, 0, Integer.MAX_VALUE);
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
