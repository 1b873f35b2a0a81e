package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Scan;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Records of orders that say all that a record can say. */
final class StateRecords {

    // The symbols as they were when their bytes were written: one that moved since is read as another.
    private static final List<RefundApproved.Kind> KINDS = List.of(
            RefundApproved.Kind.UNKNOWN,
            RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT,
            RefundApproved.Kind.REFUND_ONLY,
            RefundApproved.Kind.RETURN_AND_REFUND,
            RefundApproved.Kind.EXCHANGE,
            RefundApproved.Kind.PRICE_ADJUSTMENT,
            RefundApproved.Kind.RESHIP,
            RefundApproved.Kind.REPAIR);
    private static final List<RefundApproved.Cause> CAUSES = List.of(
            RefundApproved.Cause.UNKNOWN,
            RefundApproved.Cause.BUYER_REQUEST,
            RefundApproved.Cause.MERCHANT,
            RefundApproved.Cause.PLATFORM_AUTO,
            RefundApproved.Cause.ARBITRATION,
            RefundApproved.Cause.INTERCEPT_SUCCEEDED,
            RefundApproved.Cause.DELIVERY_REFUSED,
            RefundApproved.Cause.PARCEL_LOST);
    private static final List<ParcelStage> STAGES = List.of(
            ParcelStage.UNKNOWN,
            ParcelStage.LABEL_CREATED,
            ParcelStage.PICKED_UP,
            ParcelStage.IN_TRANSIT,
            ParcelStage.OUT_FOR_DELIVERY,
            ParcelStage.DELIVERED,
            ParcelStage.REFUSED,
            ParcelStage.RETURNING,
            ParcelStage.RETURNED,
            ParcelStage.LOST,
            ParcelStage.DAMAGED);
    private static final List<ShipmentCreated.Purpose> PURPOSES = List.of(
            ShipmentCreated.Purpose.UNKNOWN,
            ShipmentCreated.Purpose.ORIGINAL,
            ShipmentCreated.Purpose.RESHIP,
            ShipmentCreated.Purpose.EXCHANGE,
            ShipmentCreated.Purpose.REPAIR_RETURN);
    private static final List<Effect.Certainty> CERTAINTIES =
            List.of(Effect.Certainty.UNKNOWN, Effect.Certainty.CONFIRMED, Effect.Certainty.SUSPECTED);
    private static final List<Alert.Code> CODES = List.of(
            Alert.Code.REFUNDED_BUT_SHIPPED,
            Alert.Code.MIXED_PARCEL,
            Alert.Code.INTERCEPT_UNSUPPORTED,
            Alert.Code.DELIVERED_AFTER_REFUND,
            Alert.Code.DIGITAL_DELIVERED_AFTER_REFUND,
            Alert.Code.CLAIM_COURIER,
            Alert.Code.WRITE_OFF_SUGGESTED,
            Alert.Code.RESHIP_AFTER_REFUND,
            Alert.Code.CLOCK_SKEW);
    private static final List<Alert.Severity> SEVERITIES =
            List.of(Alert.Severity.LOW, Alert.Severity.MEDIUM, Alert.Severity.HIGH, Alert.Severity.CRITICAL);
    private static final List<Alert.Action> ACTIONS = List.of(
            Alert.Action.NONE,
            Alert.Action.PULL,
            Alert.Action.INTERCEPT,
            Alert.Action.REQUEST_RETURN,
            Alert.Action.CLAIM,
            Alert.Action.WRITE_OFF,
            Alert.Action.REVIEW);

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private StateRecords() {}

    /** Every field set and every field null, and every symbol of every enum at least once. */
    static OrderRecord full() {
        return record(refunds(), parcels(), sent());
    }

    static OrderRecord record(Collection<RefundApproved> refunds, Collection<ParcelTold> parcels, Sent sent) {
        SortedMap<String, RefundTold> refundsTold = new TreeMap<>();
        refunds.forEach(refund -> refundsTold.put(refund.refundId(), new RefundTold(refund, null, null)));
        return new OrderRecord(
                new OrderFacts(
                        refundsTold,
                        by(parcel -> Objects.requireNonNull(parcel.made()).shipmentId(), parcels),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeSet<>(CaseResolved.BY_TIME)),
                sent,
                null,
                null,
                false,
                hour(NOON));
    }

    static long hour(Instant at) {
        return at.getEpochSecond() / 3600;
    }

    static ParcelTold parcel(ShipmentCreated made) {
        return new ParcelTold(made, made.version(), null, List.of(), null);
    }

    private static List<RefundApproved> refunds() {
        return IntStream.range(0, KINDS.size())
                .mapToObj(number -> new RefundApproved(
                        new Source(number, 1L << (7 * number)),
                        "0198a7b2-3c4d-7e5f-8a6b-00000000000" + number,
                        "R" + number,
                        number + 1,
                        KINDS.get(number),
                        CAUSES.get(number),
                        number % 2 == 1,
                        number == 7 ? "USD" : "CNY",
                        refundLines(number),
                        NOON.minusMillis(86_400_123L * number)))
                .toList();
    }

    private static List<RefundApproved.Line> refundLines(int number) {
        return switch (number) {
            case 0 -> List.of();
            case 1 ->
                List.of(
                        new RefundApproved.Line("L1", "SKU-1", 1, null, null, null, null, null),
                        new RefundApproved.Line("L2", "款式-二", 300, 70_000, 12_900L, "手机", "W1", "S1"));
            default -> List.of(new RefundApproved.Line("L1", "SKU-1", 1, 2, -1L, "phones", "W2", null));
        };
    }

    private static List<ParcelTold> parcels() {
        return IntStream.range(0, STAGES.size()).mapToObj(StateRecords::parcel).toList();
    }

    private static ParcelTold parcel(int number) {
        ParcelStage stage = STAGES.get(number);
        boolean bare = number == 0;
        ShipmentCreated made = new ShipmentCreated(
                new Source(number, 1_000_000L * number),
                "event of parcel " + number,
                "S" + number,
                number + 1,
                bare ? null : "SF123456789" + number,
                bare ? null : "SF",
                bare ? null : "W1",
                bare ? null : "op-7",
                PURPOSES.get(number % PURPOSES.size()),
                stage,
                number % 2 == 1,
                number < 9 ? List.of() : List.of("O8", "O9"),
                bare
                        ? List.of()
                        : List.of(
                                new ShipmentCreated.Line("L1", "SKU-1", number, null, null, null),
                                new ShipmentCreated.Line("L2", "款式-二", 2, 3, 12_900L, "手机")),
                NOON.plusMillis(60_000L * number));
        return new ParcelTold(
                made,
                made.version(),
                null,
                stage == ParcelStage.UNKNOWN
                        ? List.of()
                        : List.of(new Scan(stage, made.createdAt().plusMillis(number))),
                null);
    }

    private static Sent sent() {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        locks.put(new LockKey("R1", null), new Sent.Lock(new Sent.Lock.First(2, NOON), 2, issue(NOON), null, false));
        locks.put(
                new LockKey("R1", "W1"),
                new Sent.Lock(
                        new Sent.Lock.First(1, NOON.minusSeconds(1)),
                        1,
                        issue(NOON.minusSeconds(1)),
                        issue(NOON),
                        true));
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        CERTAINTIES.forEach(certainty -> recalls.put("S" + recalls.size(), recall(certainty)));
        recalls.put("S3", new Sent.Recall(NOON, null, List.of()));
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        CODES.forEach(code -> alerts.put(new AlertKey(code, "S" + alerts.size()), firing(alerts.size())));
        return new Sent(locks, recalls, alerts, new TreeSet<>(List.of("R1", "S1", "not seen elsewhere")));
    }

    private static Sent.Recall recall(Effect.Certainty certainty) {
        boolean takenBack = certainty == Effect.Certainty.SUSPECTED;
        SortedMap<String, Long> units = new TreeMap<>(Map.of("L1", 1L, "L2", 1L << 40));
        return new Sent.Recall(
                takenBack ? null : NOON,
                certainty == Effect.Certainty.UNKNOWN
                        ? null
                        : new Sent.Pull(
                                3,
                                "R1",
                                "W1",
                                units,
                                issue(NOON),
                                takenBack,
                                takenBack ? issue(NOON) : null,
                                takenBack),
                List.of(new Sent.Intercept(
                        200,
                        List.of("R1", "R2"),
                        units,
                        "SF1234567890",
                        "SF",
                        certainty,
                        issue(NOON.plusMillis(1)),
                        takenBack ? issue(NOON.plusMillis(2)) : null,
                        takenBack)));
    }

    private static Sent.Firing firing(int number) {
        return new Sent.Firing(
                number == 0 ? Long.MIN_VALUE : -number,
                SEVERITIES.get(number % SEVERITIES.size()),
                ACTIONS.get(number % ACTIONS.size()),
                NOON.plusSeconds(number),
                number % 2 == 0 ? null : "R1",
                number % 2 == 0 ? "S1" : null);
    }

    private static Sent.Issue issue(Instant at) {
        return new Sent.Issue(at, at.plusSeconds(900), true);
    }

    private static <T> SortedMap<String, T> by(Function<T, String> id, Collection<T> values) {
        SortedMap<String, T> byId = new TreeMap<>();
        values.forEach(value -> byId.put(id.apply(value), value));
        return byId;
    }
}
