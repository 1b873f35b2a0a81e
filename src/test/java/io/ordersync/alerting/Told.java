package io.ordersync.alerting;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.Evidence;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RaceCause;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.messaging.Contract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Alerts, and the records that tell them. */
final class Told {

    static final String TOPIC = "order-alerts";
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final String TRACKING = "SF1234567890123";
    static final String OPERATOR = "op-7731";

    static {
        Contract.model(OrderAlert.class);
    }

    private Told() {}

    /** A race of order {@code order}, FIRING and HIGH, with an INTERCEPT sent. */
    static OrderAlert.Builder race(String order) {
        return OrderAlert.newBuilder()
                .setAlertId("alert-" + order)
                .setCaseId("case-" + order)
                .setCode(AlertCode.REFUNDED_BUT_SHIPPED)
                .setSeverity(AlertSeverity.HIGH)
                .setState(AlertState.FIRING)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(order)
                .setRaceType(RaceType.REFUND_FIRST)
                .setRaceCause(RaceCause.LOCK_IN_FLIGHT)
                .setGapMillis(240_000L)
                .setExposureMinor(12_900L)
                .setCurrency("CNY")
                .setRefundIds(List.of("R-" + order))
                .setShipmentIds(List.of("S-" + order))
                .setTrackingNumbers(List.of(TRACKING))
                .setLines(List.of(new LockLine("L1", "SKU-1", 2)))
                .setWarehouseId("WH-HZ-1")
                .setOperatorId(OPERATOR)
                .setCourier("SF")
                .setCategories(List.of("shoes"))
                .setRecommendedAction(RecommendedAction.INTERCEPT)
                .setSummary("Parcel S-" + order + " was made 4 min after refund R-" + order + " was approved.")
                .setEvidence(List.of(
                        new Evidence("REFUND", "R-" + order, NOON.minusSeconds(300), "refund-approved", 0, 1L),
                        new Evidence("LOCK", "c-1", NOON.minusSeconds(290), null, null, null),
                        new Evidence("INTERCEPT", "c-2", NOON.minusSeconds(1), null, null, null)))
                .setOccurredAt(NOON.minusSeconds(60))
                .setDetectedAt(NOON);
    }

    static OrderAlert resolved(OrderAlert alert) {
        return OrderAlert.newBuilder(alert).setState(AlertState.RESOLVED).build();
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                NOON.toEpochMilli() + offset,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }

    static Entry entry(long offset, OrderAlert alert) {
        return new Entry(record(0, offset), alert, null);
    }

    static Letter letter(OrderAlert... alerts) {
        return new Letter(
                "WH-HZ-1",
                java.util.stream.IntStream.range(0, alerts.length)
                        .mapToObj(i -> entry(i, alerts[i]))
                        .toList());
    }
}
