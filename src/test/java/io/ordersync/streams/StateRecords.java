package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RaceTiming;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Scan;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private static final List<Alert.Code> CODES_OF_LAYOUT_1 = List.of(
            Alert.Code.REFUNDED_BUT_SHIPPED,
            Alert.Code.MIXED_PARCEL,
            Alert.Code.INTERCEPT_UNSUPPORTED,
            Alert.Code.DELIVERED_AFTER_REFUND,
            Alert.Code.DIGITAL_DELIVERED_AFTER_REFUND,
            Alert.Code.CLAIM_COURIER,
            Alert.Code.WRITE_OFF_SUGGESTED,
            Alert.Code.RESHIP_AFTER_REFUND,
            Alert.Code.CLOCK_SKEW);
    private static final List<Alert.Code> CODES = Stream.concat(
                    CODES_OF_LAYOUT_1.stream(),
                    Stream.of(
                            Alert.Code.PULL_AT_BENCH,
                            Alert.Code.LOCK_UNANSWERED,
                            Alert.Code.LOCK_TOO_LATE,
                            Alert.Code.LOCK_UNSUPPORTED,
                            Alert.Code.INTERCEPT_FAILED,
                            Alert.Code.INTERCEPT_UNANSWERED,
                            Alert.Code.INTERCEPT_UNKNOWN,
                            Alert.Code.CANCEL_FAILED))
            .toList();
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

    private static final List<RefundClosed.Outcome> CLOSES = List.of(
            RefundClosed.Outcome.UNKNOWN,
            RefundClosed.Outcome.WITHDRAWN,
            RefundClosed.Outcome.REJECTED,
            RefundClosed.Outcome.PAYMENT_FAILED);
    private static final List<WarehouseLockResult.Status> LOCK_STATUSES = List.of(
            WarehouseLockResult.Status.UNKNOWN,
            WarehouseLockResult.Status.LOCKED,
            WarehouseLockResult.Status.REFUSED,
            WarehouseLockResult.Status.RELEASED,
            WarehouseLockResult.Status.PULLED);
    private static final List<WarehouseLockResult.Refusal> REFUSALS = List.of(
            WarehouseLockResult.Refusal.UNKNOWN,
            WarehouseLockResult.Refusal.ORDER_UNKNOWN,
            WarehouseLockResult.Refusal.ALREADY_SHIPPED,
            WarehouseLockResult.Refusal.LABEL_PRINTED,
            WarehouseLockResult.Refusal.ALREADY_PACKED,
            WarehouseLockResult.Refusal.UNSUPPORTED,
            WarehouseLockResult.Refusal.OTHER);
    private static final List<InterceptResult.Status> INTERCEPT_STATUSES = List.of(
            InterceptResult.Status.UNKNOWN,
            InterceptResult.Status.ACCEPTED,
            InterceptResult.Status.SUCCEEDED,
            InterceptResult.Status.FAILED,
            InterceptResult.Status.REJECTED,
            InterceptResult.Status.CANCELLED,
            InterceptResult.Status.NOT_APPLIED);
    private static final List<InterceptResult.Reason> REASONS = List.of(
            InterceptResult.Reason.UNKNOWN,
            InterceptResult.Reason.NOT_PICKED_UP,
            InterceptResult.Reason.TOO_LATE,
            InterceptResult.Reason.DELIVERED,
            InterceptResult.Reason.ALREADY_RETURNING,
            InterceptResult.Reason.ALREADY_INTERCEPTED,
            InterceptResult.Reason.UNSUPPORTED,
            InterceptResult.Reason.NOT_LABEL_OWNER,
            InterceptResult.Reason.FEE_EXCEEDED,
            InterceptResult.Reason.NOT_FOUND,
            InterceptResult.Reason.COURIER_ERROR,
            InterceptResult.Reason.OTHER);
    /** UNKNOWN is rejected, and never kept. */
    private static final List<CaseResolved.Resolution> RESOLUTIONS = List.of(
            CaseResolved.Resolution.KEPT_AND_REPAID,
            CaseResolved.Resolution.BUYER_RETURNED,
            CaseResolved.Resolution.WRITTEN_OFF,
            CaseResolved.Resolution.CLAIMED,
            CaseResolved.Resolution.FALSE_ALARM);

    private static final List<OrderCase.State> CASE_STATES = List.of(
            OrderCase.State.MANUAL,
            OrderCase.State.INTERCEPTING,
            OrderCase.State.PULLING,
            OrderCase.State.RETURNING,
            OrderCase.State.DETECTED,
            OrderCase.State.CLOSED);
    private static final List<OrderCase.Outcome> CASE_OUTCOMES = List.of(
            OrderCase.Outcome.UNKNOWN,
            OrderCase.Outcome.PREVENTED,
            OrderCase.Outcome.VOIDED,
            OrderCase.Outcome.RETURNED,
            OrderCase.Outcome.REFUSED_BY_BUYER,
            OrderCase.Outcome.KEPT_AND_REPAID,
            OrderCase.Outcome.BUYER_RETURNED,
            OrderCase.Outcome.WRITTEN_OFF,
            OrderCase.Outcome.CLAIMED,
            OrderCase.Outcome.REFUND_CLOSED,
            OrderCase.Outcome.FALSE_ALARM);
    private static final List<RaceTiming.Type> RACE_TYPES =
            List.of(RaceTiming.Type.REFUND_FIRST, RaceTiming.Type.SHIPMENT_FIRST, RaceTiming.Type.AMBIGUOUS);
    private static final List<RaceTiming.Cause> RACE_CAUSES = List.of(
            RaceTiming.Cause.REFUND_SYNC_DELAY,
            RaceTiming.Cause.LOCK_UNANSWERED,
            RaceTiming.Cause.REFUND_AFTER_SHIPMENT,
            RaceTiming.Cause.UNDETERMINED,
            RaceTiming.Cause.LOCK_IN_FLIGHT,
            RaceTiming.Cause.LOCK_REFUSED,
            RaceTiming.Cause.WAREHOUSE_IGNORED_LOCK);
    private static final List<Effect.Evidence.Kind> EVIDENCE_KINDS = List.of(
            Effect.Evidence.Kind.REFUND,
            Effect.Evidence.Kind.SHIPMENT,
            Effect.Evidence.Kind.INTERCEPT,
            Effect.Evidence.Kind.REFUND_CLOSED,
            Effect.Evidence.Kind.VOID,
            Effect.Evidence.Kind.SCAN,
            Effect.Evidence.Kind.LOCK,
            Effect.Evidence.Kind.LOCK_ANSWER,
            Effect.Evidence.Kind.INTERCEPT_ANSWER,
            Effect.Evidence.Kind.RESOLUTION);

    /** All of the above: what {@link #full()} and {@link #cases()} have at least once. */
    static final List<List<? extends Enum<?>>> SYMBOLS = List.of(
            KINDS,
            CAUSES,
            STAGES,
            PURPOSES,
            CERTAINTIES,
            CODES,
            SEVERITIES,
            ACTIONS,
            CLOSES,
            LOCK_STATUSES,
            REFUSALS,
            INTERCEPT_STATUSES,
            REASONS,
            RESOLUTIONS,
            CASE_STATES,
            CASE_OUTCOMES,
            RACE_TYPES,
            RACE_CAUSES,
            EVIDENCE_KINDS);

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final SortedMap<String, Long> UNITS = new TreeMap<>(Map.of("L1", 1L, "L2", 1L << 40));

    /** Of the order of all of them: some of their ids are of its number. */
    static final byte[] KEY = "DOUYIN:shop-1:1234567890".getBytes(StandardCharsets.UTF_8);

    private StateRecords() {}

    /** What the bytes of layout 1 come to: they were written when a record said all that it could say then. */
    static OrderRecord ofLayout1() {
        return record(refunds(), parcelsOfLayout1(), sentOfLayout1());
    }

    /** Every field set and every field null, and every symbol of every enum but those of cases at least once. */
    static OrderRecord full() {
        SortedMap<String, RefundTold> refunds = new TreeMap<>();
        refunds().forEach(refund -> refunds.put(refund.refundId(), refundTold(refund)));
        RefundClosed aloneClosed = close("R8", RefundClosed.Outcome.WITHDRAWN);
        refunds.put("R8", new RefundTold(null, null, aloneClosed, close("R8", RefundClosed.Outcome.PAYMENT_FAILED)));
        refunds.put("R9", new RefundTold(null, null, null, close("R9", RefundClosed.Outcome.UNKNOWN)));
        SortedMap<String, ParcelTold> parcels = new TreeMap<>();
        IntStream.range(0, STAGES.size()).forEach(number -> parcels.put("S" + number, parcel(number)));
        Scan scan = new Scan(ParcelStage.RETURNED, NOON.minusMillis(1));
        parcels.put("T1", new ParcelTold(null, 0, null, voided("T1"), List.of(), null));
        parcels.put("T2", new ParcelTold(null, 0, null, null, List.of(scan), status("T2", ParcelStage.RETURNED)));
        return new OrderRecord(
                new OrderFacts(refunds, parcels, lockResults(), interceptResults(), resolutions()),
                sent(),
                cases().getFirst(),
                NOON.plusMillis(1),
                true,
                hour(NOON));
    }

    private static RefundTold refundTold(RefundApproved approved) {
        int number = (int) approved.version() - 1;
        RefundClosed close = close(approved.refundId(), CLOSES.get(number % CLOSES.size()));
        return switch (number / CLOSES.size()) {
            case 0 ->
                new RefundTold(
                        approved,
                        approved.approvedAt().minusMillis(1),
                        number % 2 == 0 ? close : null,
                        number % 2 == 0 ? null : close);
            default -> new RefundTold(approved, approved.approvedAt(), null, null);
        };
    }

    private static RefundClosed close(String refundId, RefundClosed.Outcome outcome) {
        return new RefundClosed(
                new Source(1, 77), "close of " + refundId + outcome, refundId, -3, outcome, NOON.minusMillis(77));
    }

    private static ShipmentVoided voided(String shipmentId) {
        return new ShipmentVoided(
                new Source(2, 300), "void of " + shipmentId, shipmentId, Long.MAX_VALUE, NOON.plusSeconds(300));
    }

    private static ShipmentStatusChanged status(String shipmentId, ParcelStage stage) {
        return status(shipmentId, stage, new Source(3, 400));
    }

    private static ShipmentStatusChanged status(String shipmentId, ParcelStage stage, Source source) {
        return new ShipmentStatusChanged(source, "scan of " + shipmentId, shipmentId, stage, NOON.plusSeconds(400));
    }

    private static SortedMap<String, WarehouseLockResult> lockResults() {
        List<WarehouseLockResult> all = new ArrayList<>();
        for (WarehouseLockResult.Status status : LOCK_STATUSES) {
            all.add(lockResult(all.size(), status, null));
        }
        for (WarehouseLockResult.Refusal refusal : REFUSALS) {
            all.add(lockResult(all.size(), WarehouseLockResult.Status.REFUSED, refusal));
        }
        return by(WarehouseLockResult::commandId, all);
    }

    private static WarehouseLockResult lockResult(
            int number, WarehouseLockResult.Status status, WarehouseLockResult.@Nullable Refusal refusal) {
        return new WarehouseLockResult(
                new Source(4, number),
                "lock answer " + number,
                "0198a7b2-3c4d-5e5f-8a6b-1000000000%02d".formatted(number),
                status,
                refusal,
                number % 2 == 0 ? null : "op-9",
                NOON.plusSeconds(number));
    }

    private static SortedMap<String, InterceptResult> interceptResults() {
        List<InterceptResult> all = new ArrayList<>();
        for (InterceptResult.Status status : INTERCEPT_STATUSES) {
            all.add(interceptResult(all.size(), status, null));
        }
        for (InterceptResult.Reason reason : REASONS) {
            all.add(interceptResult(all.size(), InterceptResult.Status.FAILED, reason));
        }
        return by(InterceptResult::commandId, all);
    }

    private static InterceptResult interceptResult(
            int number, InterceptResult.Status status, InterceptResult.@Nullable Reason reason) {
        return new InterceptResult(
                new Source(5, number),
                "intercept answer " + number,
                "0198a7b2-3c4d-5e5f-8a6b-2000000000%02d".formatted(number),
                status,
                reason,
                NOON.plusSeconds(number));
    }

    private static SortedSet<CaseResolved> resolutions() {
        SortedSet<CaseResolved> all = new TreeSet<>(CaseResolved.BY_TIME);
        RESOLUTIONS.forEach(resolution -> all.add(new CaseResolved(
                new Source(6, all.size()),
                "resolution " + all.size(),
                "0198a7b2-3c4d-5e5f-8a6b-300000000000",
                resolution,
                all.isEmpty() ? List.of() : List.of("S1", "S" + all.size() + "x"),
                NOON.plusSeconds(all.size()))));
        return all;
    }

    /** The first has all that a case can have, the last nothing; all symbols are among them. */
    static List<OrderCase> cases() {
        return IntStream.range(0, CASE_OUTCOMES.size() + 1)
                .mapToObj(number -> orderCase(number, number == CASE_OUTCOMES.size()))
                .toList();
    }

    private static OrderCase orderCase(int number, boolean bare) {
        return new OrderCase(
                UUID.fromString("0198a7b2-3c4d-5e5f-8a6b-300000000000"),
                CASE_STATES.get(number % CASE_STATES.size()),
                bare ? null : CASE_OUTCOMES.get(number),
                bare
                        ? null
                        : new RaceTiming(
                                RACE_TYPES.get(number % RACE_TYPES.size()),
                                RACE_CAUSES.get(number % RACE_CAUSES.size()),
                                -number),
                bare ? null : (Long) (12_900L * number),
                bare ? null : "CNY",
                bare ? List.of() : List.of("R1", "R2"),
                bare ? List.of() : List.of("S1", "S2"),
                bare ? List.of() : List.of("SF1234567891"),
                bare ? null : "W1",
                bare ? null : "op-7",
                bare ? null : "SF",
                bare ? List.of() : List.of("phones", "手机"),
                bare ? List.of() : evidence(),
                NOON.minusSeconds(number),
                NOON.plusMillis(number),
                bare ? null : NOON.plusSeconds(number),
                number + 1);
    }

    private static List<Effect.Evidence> evidence() {
        return EVIDENCE_KINDS.stream()
                .map(kind -> new Effect.Evidence(
                        kind,
                        "evidence of a " + kind,
                        NOON.plusMillis(kind.name().length()),
                        kind == Effect.Evidence.Kind.INTERCEPT || kind == Effect.Evidence.Kind.LOCK
                                ? null
                                : new Source(7, 1_000_000)))
                .toList();
    }

    static OrderRecord record(Collection<RefundApproved> refunds, Collection<ParcelTold> parcels, Sent sent) {
        SortedMap<String, RefundTold> refundsTold = new TreeMap<>();
        refunds.forEach(
                refund -> refundsTold.put(refund.refundId(), new RefundTold(refund, refund.approvedAt(), null, null)));
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
        return new ParcelTold(made, made.version(), made.createdAt(), null, List.of(), null);
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

    private static ShipmentCreated made(int number) {
        boolean bare = number == 0;
        return new ShipmentCreated(
                new Source(number, 1_000_000L * number),
                "event of parcel " + number,
                "S" + number,
                number + 1,
                bare ? null : "SF123456789" + number,
                bare ? null : "SF",
                bare ? null : "W1",
                bare ? null : "op-7",
                PURPOSES.get(number % PURPOSES.size()),
                STAGES.get(number),
                number % 2 == 1,
                number < 9 ? List.of() : List.of("O8", "O9"),
                bare
                        ? List.of()
                        : List.of(
                                new ShipmentCreated.Line("L1", "SKU-1", number, null, null, null),
                                new ShipmentCreated.Line("L2", "款式-二", 2, 3, 12_900L, "手机")),
                NOON.plusMillis(60_000L * number));
    }

    private static List<ParcelTold> parcelsOfLayout1() {
        return IntStream.range(0, STAGES.size())
                .mapToObj(number -> {
                    ShipmentCreated made = made(number);
                    Stream<Scan> seen = number == 0
                            ? Stream.empty()
                            : Stream.of(new Scan(
                                    STAGES.get(number), made.createdAt().plusMillis(number)));
                    Stream<Scan> delivered = number < 5
                            ? Stream.empty()
                            : Stream.of(new Scan(
                                    ParcelStage.DELIVERED, made.createdAt().plusSeconds(3600)));
                    return new ParcelTold(
                            made,
                            made.version(),
                            made.createdAt(),
                            null,
                            Stream.concat(seen, delivered).toList(),
                            null);
                })
                .toList();
    }

    /** Ids as they come, and as they nearly come. */
    static List<String> ids() {
        return List.of(
                "订单一",
                "0000",
                "007",
                "0012",
                "订单20261120",
                "-1234",
                "+1234",
                "1234-",
                "٣٤٥٦٧",
                "999999999999999999",
                "9999999999999999999",
                "00000000000000000000000000012345",
                "fifteen--------1234",
                "fifteen////////123456789",
                "sixteen/////////123456789",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                "_",
                "A",
                "AA",
                "AAA",
                "AAAA",
                "AAAAA",
                "WH/HZ 01",
                "🧦🧦",
                "a\u0000b",
                "0198a7b2-3c4d-7e5f-8a6b-9c0d1e2f3a4b",
                "0198A7B2-3C4D-7E5F-8A6B-9C0D1E2F3A4B",
                "0198a7b2-3c4d-7e5f-8a6b-9c0d1e2f3a4g",
                "198a7b2--3c4d-7e5f-8a6b-9c0d1e2f3a4b",
                "00000000-0000-0000-0000-000000000000");
    }

    /** Ids with the number of the order of {@link #KEY}, or near it, or near each other, and such as only seem so. */
    static List<String> idsOfOrder() {
        return List.of(
                "1234567890",
                "1234567890-1",
                "1234567890-2",
                "123456789001",
                "1234567890seven--",
                "1234567890eight---",
                "fifteen////////1234567890",
                "sixteen/////////1234567890",
                "字1234567890字",
                "1234567889",
                "1234567891",
                "1234632000-1",
                "0000000000",
                "9999999999",
                "11234567890",
                "123456789",
                "7000000000000000001",
                "7000000000000000002",
                "6999999999999999999",
                "7000000000000065540/",
                "7000000000000065541",
                "7123456789012345678",
                "0000000000000000000",
                "18446744073709551616",
                "1234567890123456789012345",
                "0198a7b2-3c4d-7e5f-8a6b-001234567890");
    }

    /** A parcel of each id. */
    static OrderRecord of(List<String> ids) {
        return record(
                List.of(),
                ids.stream()
                        .map(id -> parcel(new ShipmentCreated(
                                new Source(11, 10_000_000),
                                "se-" + id,
                                id,
                                1,
                                "SF" + id,
                                "SF",
                                null,
                                null,
                                ShipmentCreated.Purpose.ORIGINAL,
                                ParcelStage.LABEL_CREATED,
                                false,
                                List.of(),
                                List.of(new ShipmentCreated.Line(id + "-1", "SKU-" + id, 1, 1, 12_900L, "phones")),
                                NOON.minusMillis(id.length()))))
                        .toList(),
                Sent.NOTHING);
    }

    /** Parcels that were scanned as was told when they were made, between, and as was told last, in every combination. */
    static OrderRecord scanned() {
        SortedMap<String, ParcelTold> parcels = new TreeMap<>();
        IntStream.range(0, 8).forEach(which -> {
            ShipmentCreated made = made(which + 1);
            // From the greatest partition that shares a byte to the first that does not, and offsets of any length.
            Source source = new Source(8 + which, 1L << (9 * which));
            ShipmentStatusChanged status = status(made.shipmentId(), ParcelStage.DELIVERED, source);
            List<Scan> all = List.of(
                    new Scan(made.stage(), made.createdAt()),
                    new Scan(ParcelStage.IN_TRANSIT, status.occurredAt().minusSeconds(1)),
                    new Scan(status.stage(), status.occurredAt()));
            List<Scan> scans = IntStream.range(0, all.size())
                    .filter(scan -> (which >> scan & 1) == 1)
                    .mapToObj(all::get)
                    .toList();
            parcels.put(made.shipmentId(), new ParcelTold(made, made.version(), made.createdAt(), null, scans, status));
        });
        Source last = new Source(Integer.MAX_VALUE, Long.MAX_VALUE);
        ShipmentStatusChanged alone = status("T3", ParcelStage.LOST, last);
        Scan scan = new Scan(alone.stage(), alone.occurredAt());
        parcels.put("T3", new ParcelTold(null, 0, null, null, List.of(scan), alone));
        return new OrderRecord(
                new OrderFacts(
                        new TreeMap<>(),
                        parcels,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeSet<>(CaseResolved.BY_TIME)),
                Sent.NOTHING,
                null,
                null,
                false,
                hour(NOON));
    }

    private static ParcelTold parcel(int number) {
        ShipmentCreated made = made(number);
        Scan asMade = new Scan(made.stage(), made.createdAt());
        Scan earlier = new Scan(ParcelStage.PICKED_UP, NOON.minusSeconds(number));
        Scan later = new Scan(ParcelStage.DELIVERED, NOON.plusSeconds(86_400L * number));
        return switch (number % 4) {
            case 0 -> new ParcelTold(made, made.version(), made.createdAt(), null, List.of(), null);
            case 1 -> new ParcelTold(made, made.version(), made.createdAt(), null, List.of(asMade), null);
            case 2 ->
                new ParcelTold(
                        made,
                        -number,
                        made.createdAt().minusMillis(number),
                        voided(made.shipmentId()),
                        List.of(asMade, later),
                        null);
            default ->
                new ParcelTold(
                        made,
                        1,
                        made.createdAt(),
                        null,
                        List.of(earlier, later),
                        status(made.shipmentId(), STAGES.get(number)));
        };
    }

    private static Sent sentOfLayout1() {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        Sent.Issue first = new Sent.Issue(NOON, null, false);
        Sent.Issue second = new Sent.Issue(NOON.minusSeconds(1), null, false);
        locks.put(new LockKey("R1", null), new Sent.Lock(new Sent.Lock.First(2, first.at()), 2, first, null, false));
        locks.put(
                new LockKey("R1", "W1"), new Sent.Lock(new Sent.Lock.First(1, second.at()), 1, second, second, false));
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        CERTAINTIES.forEach(certainty -> recalls.put("S" + recalls.size(), recallOfLayout1(certainty)));
        recalls.put("S3", new Sent.Recall(NOON, null, List.of()));
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        CODES_OF_LAYOUT_1.forEach(code -> {
            String shipmentId = "S" + alerts.size();
            alerts.put(new AlertKey(code, shipmentId), firing(alerts.size(), null, shipmentId));
        });
        return new Sent(locks, recalls, alerts, new TreeSet<>(List.of("R1", "S1", "not seen elsewhere")));
    }

    private static Sent.Recall recallOfLayout1(Effect.Certainty certainty) {
        boolean takenBack = certainty == Effect.Certainty.SUSPECTED;
        Sent.Issue pulled = new Sent.Issue(NOON, null, false);
        Sent.Issue intercepted = new Sent.Issue(NOON.plusMillis(1), null, false);
        return new Sent.Recall(
                takenBack ? null : NOON,
                certainty == Effect.Certainty.UNKNOWN
                        ? null
                        : new Sent.Pull(3, "R1", "W1", UNITS, pulled, false, takenBack ? pulled : null, false),
                List.of(new Sent.Intercept(
                        200,
                        List.of("R1", "R2"),
                        UNITS,
                        "SF1234567890",
                        "SF",
                        certainty,
                        intercepted,
                        takenBack ? intercepted : null,
                        false)));
    }

    private static Sent sent() {
        Sent.Issue overdue = new Sent.Issue(NOON, NOON.plusSeconds(900), true);
        Sent.Issue open = new Sent.Issue(NOON.minusSeconds(1), NOON.plusSeconds(899), false);
        Sent.Issue forEver = new Sent.Issue(NOON.plusMillis(1), null, false);
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        locks.put(
                new LockKey("R1", null), new Sent.Lock(new Sent.Lock.First(2, forEver.at()), 2, forEver, null, false));
        locks.put(
                new LockKey("R1", "W1"),
                new Sent.Lock(new Sent.Lock.First(1, NOON.minusSeconds(60)), 3, open, overdue, true));
        locks.put(
                new LockKey("R2", "W1"),
                new Sent.Lock(new Sent.Lock.First(3, NOON.minusSeconds(60)), 3, overdue, null, false));
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        recalls.put("S0", new Sent.Recall(NOON, null, List.of()));
        recalls.put(
                "S1", new Sent.Recall(NOON, new Sent.Pull(1, "R1", null, UNITS, open, false, null, false), List.of()));
        recalls.put(
                "S2",
                new Sent.Recall(
                        null,
                        new Sent.Pull(3, "R1", "W1", new TreeMap<>(), overdue, true, forEver, true),
                        List.of(
                                intercept(1, Effect.Certainty.UNKNOWN, overdue, forEver, false),
                                intercept(2, Effect.Certainty.CONFIRMED, open, null, true),
                                intercept(200, Effect.Certainty.SUSPECTED, forEver, open, false))));
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        CODES.forEach(code -> {
            boolean ofRefund = alerts.size() % 2 == 1;
            alerts.put(
                    new AlertKey(code, "S" + alerts.size()),
                    firing(alerts.size(), ofRefund ? "R1" : null, ofRefund ? null : "S1"));
        });
        return new Sent(locks, recalls, alerts, new TreeSet<>(List.of("R1", "S1", "not seen elsewhere")));
    }

    private static Sent.Intercept intercept(
            int generation,
            Effect.Certainty certainty,
            Sent.Issue issued,
            Sent.@Nullable Issue cancelled,
            boolean shadow) {
        return new Sent.Intercept(
                generation, List.of("R1", "R2"), UNITS, "SF1234567890", "SF", certainty, issued, cancelled, shadow);
    }

    private static Sent.Firing firing(int number, @Nullable String refundId, @Nullable String shipmentId) {
        return new Sent.Firing(
                number == 0 ? Long.MIN_VALUE : -number,
                SEVERITIES.get(number % SEVERITIES.size()),
                ACTIONS.get(number % ACTIONS.size()),
                NOON.plusSeconds(number),
                refundId,
                shipmentId);
    }

    private static <T> SortedMap<String, T> by(Function<T, String> id, Collection<T> values) {
        SortedMap<String, T> byId = new TreeMap<>();
        values.forEach(value -> byId.put(id.apply(value), value));
        return byId;
    }
}
