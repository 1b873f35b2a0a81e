package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.wire.AvroDeserializer;
import io.ordersync.wire.AvroSerializer;
import io.ordersync.wire.TrustedClasses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The race as it is written with Kafka Streams' DSL: the last refund and the last parcel of each order as tables that are
 * joined, and a command and an alert for what joins.
 *
 * <p>Tables, since a refund or a parcel is told anew with each change, and the last one holds: a windowed join of streams
 * would join each with all of the other side's, and keep all of them for thirty days. It is the cheaper one too: one write
 * and two reads by key for an event, where a window is a range to be scanned. Each table has a changelog of its own: the
 * inputs could stand in for it only if they were compacted, and they are not.
 *
 * <p>It does less than the service: of several parcels of an order it sees the last one, it knows no quantities, no answers,
 * no case, no deadline, no lock, and nothing is ever forgotten. What it can't read ends it.
 */
final class JoinMain {

    /** Further apart they have nothing to do with each other. */
    private static final Duration APART_AT_MOST = Duration.ofDays(30);

    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(15);

    private final String inputs;
    private final String id;
    private final String registryUrl;

    private JoinMain(String inputs, String id, String registryUrl) {
        this.inputs = inputs;
        this.id = id;
        this.registryUrl = registryUrl;
    }

    /** With the file of the settings, the prefix of the inputs and the registry's URL; ends only when told to, or with 1. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        TrustedClasses.trust(RefundApproved.class);
        StreamsConfig settings = StreamSettings.read(arguments[0]);
        String id = settings.getString(StreamsConfig.APPLICATION_ID_CONFIG);
        CountDownLatch failed = new CountDownLatch(1);
        try (KafkaStreams streams =
                new KafkaStreams(new JoinMain(arguments[1], id, arguments[2]).topology(), settings)) {
            streams.setUncaughtExceptionHandler(failure -> {
                failure.printStackTrace();
                failed.countDown();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();
            failed.await();
        }
        System.exit(1);
    }

    private record Race(RefundApproved refund, ShipmentCreated parcel) {

        boolean isOne() {
            return (refund.getKind() == RefundKind.CANCEL_BEFORE_SHIPMENT || refund.getKind() == RefundKind.REFUND_ONLY)
                    && parcel.getPurpose() == ShipmentPurpose.ORIGINAL
                    && parcel.getTrackingNumber() != null
                    && parcel.getCourier() != null
                    && Duration.between(refund.getApprovedAt(), parcel.getCreatedAt())
                                    .abs()
                                    .compareTo(APART_AT_MOST)
                            <= 0;
        }

        Instant at() {
            return refund.getApprovedAt().isAfter(parcel.getCreatedAt())
                    ? refund.getApprovedAt()
                    : parcel.getCreatedAt();
        }

        String idOf(String what) {
            return UUID.nameUUIDFromBytes(
                            (what + '/' + parcel.getOrderId() + '/' + parcel.getShipmentId()).getBytes(UTF_8))
                    .toString();
        }
    }

    private Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KTable<String, RefundApproved> refunds = table(builder, Load.REFUNDS, RefundApproved.class);
        KTable<String, ShipmentCreated> parcels = table(builder, Load.PARCELS, ShipmentCreated.class);
        KStream<String, Race> races =
                refunds.join(parcels, Race::new).toStream().filter((order, race) -> race != null && race.isOne());
        races.mapValues(JoinMain::intercept)
                .to(id + Place.INTERCEPTS, Produced.with(Serdes.String(), serde(InterceptShipmentCommand.class)));
        races.mapValues(JoinMain::alert).to(id + Place.ALERTS, Produced.with(Serdes.String(), serde(OrderAlert.class)));
        return builder.build();
    }

    private <T extends SpecificRecord> KTable<String, T> table(StreamsBuilder builder, String topic, Class<T> type) {
        return builder.table(
                inputs + topic,
                Consumed.with(Serdes.String(), serde(type)),
                Materialized.<String, T, KeyValueStore<Bytes, byte[]>>as(topic)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(serde(type)));
    }

    private <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        AvroSerializer serializer = new AvroSerializer();
        serializer.configure(Map.of("schema.registry.url", registryUrl), false);
        AvroDeserializer deserializer = new AvroDeserializer();
        deserializer.configure(
                Map.of(
                        "schema.registry.url",
                        registryUrl,
                        "specific.avro.reader",
                        true,
                        "specific.avro.value.type",
                        type),
                false);
        Deserializer<T> typed = (topic, data) -> type.cast(deserializer.deserialize(topic, data));
        return Serdes.serdeFrom((topic, value) -> serializer.serialize(topic, value), typed);
    }

    private static InterceptShipmentCommand intercept(Race race) {
        RefundApproved refund = race.refund();
        ShipmentCreated parcel = race.parcel();
        Instant now = Instant.now();
        return InterceptShipmentCommand.newBuilder()
                .setCommandId(race.idOf("intercept"))
                .setAction(InterceptAction.INTERCEPT)
                .setGeneration(1)
                .setPlatform(parcel.getPlatform())
                .setShopId(parcel.getShopId())
                .setOrderId(parcel.getOrderId())
                .setCaseId(race.idOf("case"))
                .setShipmentId(parcel.getShipmentId())
                .setTrackingNumber(parcel.getTrackingNumber())
                .setCourier(parcel.getCourier())
                .setWarehouseId(parcel.getWarehouseId())
                .setRefundIds(List.of(refund.getRefundId()))
                .setStage(parcel.getStage())
                .setCertainty(Certainty.CONFIRMED)
                .setGoodsValueMinor(refund.getAmountMinor())
                .setCurrency(refund.getCurrency())
                .setCollateral(List.of())
                .setIssuedAt(now)
                .setAnswerBy(now.plus(ANSWER_WITHIN))
                .build();
    }

    private static OrderAlert alert(Race race) {
        RefundApproved refund = race.refund();
        ShipmentCreated parcel = race.parcel();
        return OrderAlert.newBuilder()
                .setAlertId(race.idOf("alert"))
                .setCaseId(race.idOf("case"))
                .setCode(AlertCode.REFUNDED_BUT_SHIPPED)
                .setSeverity(AlertSeverity.HIGH)
                .setState(AlertState.FIRING)
                .setPlatform(parcel.getPlatform())
                .setShopId(parcel.getShopId())
                .setOrderId(parcel.getOrderId())
                .setGapMillis(Duration.between(refund.getApprovedAt(), parcel.getCreatedAt())
                        .toMillis())
                .setExposureMinor(refund.getAmountMinor())
                .setCurrency(refund.getCurrency())
                .setRefundIds(List.of(refund.getRefundId()))
                .setShipmentIds(List.of(parcel.getShipmentId()))
                .setTrackingNumbers(List.of(parcel.getTrackingNumber()))
                .setWarehouseId(parcel.getWarehouseId())
                .setCourier(parcel.getCourier())
                .setRecommendedAction(RecommendedAction.INTERCEPT)
                .setSummary("order " + parcel.getOrderId() + " was refunded, and its parcel " + parcel.getShipmentId()
                        + " travels")
                .setOccurredAt(race.at())
                .setDetectedAt(Instant.now())
                .build();
    }
}
