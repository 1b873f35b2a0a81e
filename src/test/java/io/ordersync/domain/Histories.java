package io.ordersync.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * What may be told of one order: two to eight facts of few refunds and parcels on two lines, in any order, so that they
 * contradict, outdate and outrun each other often. Each has an eventId of its own, and each was read at another offset.
 * To be used as {@code @ForAll(supplier = Histories.class)}.
 */
public final class Histories implements ArbitrarySupplier<List<Fact>> {
    public static final OrderKey ORDER = new OrderKey("DOUYIN", "shop-1", "order-1");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Override
    public Arbitrary<List<Fact>> get() {
        // How many units the order has is mostly told alike, and not at all in a quarter of the orders.
        Arbitrary<Integer> ordered = Arbitraries.integers().between(1, 4).injectNull(0.25);
        return Combinators.combine(ordered, ordered)
                .as(Order::new)
                .flatMap(order -> Arbitraries.frequencyOf(Tuple.of(4, refund(order)), Tuple.of(5, parcel(order)))
                        .list()
                        .ofMinSize(2)
                        .ofMaxSize(8)
                        .withSizeDistribution(RandomDistribution.uniform()))
                .map(Histories::told)
                // They are one refund or one parcel, mostly: half of all tries would be spent on them.
                .withoutEdgeCases();
    }

    /** Histories in which refunds are closed, parcels voided and scanned, and cases resolved too. */
    static Arbitrary<List<Fact>> withoutAnswers() {
        return anyOf(order -> Arbitraries.frequencyOf(
                Tuple.of(4, refund(order)),
                Tuple.of(5, parcel(order)),
                Tuple.of(2, close()),
                Tuple.of(1, voided()),
                Tuple.of(4, status()),
                Tuple.of(1, resolution())));
    }

    /** Histories of facts of every kind; the answers are to commands that may have been sent. */
    public static Arbitrary<List<Fact>> ofEverything() {
        return anyOf(order -> Arbitraries.frequencyOf(
                Tuple.of(4, refund(order)),
                Tuple.of(5, parcel(order)),
                Tuple.of(1, close()),
                Tuple.of(1, voided()),
                Tuple.of(3, status()),
                Tuple.of(1, resolution()),
                Tuple.of(3, lockResult()),
                Tuple.of(4, interceptResult())));
    }

    private static Arbitrary<List<Fact>> anyOf(Function<Order, Arbitrary<Telling>> telling) {
        Arbitrary<Integer> ordered = Arbitraries.integers().between(1, 4).injectNull(0.25);
        return Combinators.combine(ordered, ordered)
                .as(Order::new)
                .flatMap(order -> telling.apply(order)
                        .list()
                        .ofMinSize(2)
                        .ofMaxSize(12)
                        .withSizeDistribution(RandomDistribution.uniform()))
                .map(Histories::told)
                .withoutEdgeCases();
    }

    private static Arbitrary<Telling> close() {
        return Combinators.combine(
                        Arbitraries.of("R1", "R2", "R3"), version(), Arbitraries.of(RefundClosed.Outcome.class), time())
                .as((id, version, outcome, at) ->
                        (eventId, source) -> new RefundClosed(source, eventId, id, version, outcome, at));
    }

    private static Arbitrary<Telling> voided() {
        return Combinators.combine(Arbitraries.of("S1", "S2", "S3"), version(), time())
                .as((id, version, at) -> (eventId, source) -> new ShipmentVoided(source, eventId, id, version, at));
    }

    private static Arbitrary<Telling> status() {
        return Combinators.combine(Arbitraries.of("S1", "S2", "S3"), Arbitraries.of(ParcelStage.class), time())
                .as((id, stage, at) -> (eventId, source) -> new ShipmentStatusChanged(source, eventId, id, stage, at));
    }

    private static Arbitrary<Telling> resolution() {
        Arbitrary<CaseResolved.Resolution> resolution = Arbitraries.of(CaseResolved.Resolution.class)
                .filter(symbol -> symbol != CaseResolved.Resolution.UNKNOWN);
        Arbitrary<List<String>> parcels = Arbitraries.of(List.of(), List.of("S1"), List.of("S2", "S3"));
        String caseId = ContractId.of(ORDER + "|CASE").toString();
        return Combinators.combine(resolution, parcels, time())
                .as((what, shipmentIds, at) ->
                        (eventId, source) -> new CaseResolved(source, eventId, caseId, what, shipmentIds, at));
    }

    private static Arbitrary<Telling> lockResult() {
        Arbitrary<String> lock = Combinators.combine(
                        Arbitraries.of("LOCK", "RELEASE"),
                        Arbitraries.of("R1", "R2"),
                        Arbitraries.of("*", "W1"),
                        version())
                .as((action, refund, warehouse, version) -> action + "|" + refund + "@" + warehouse + "|" + version);
        Arbitrary<String> pull = Combinators.combine(
                        Arbitraries.of("PULL_PARCEL", "RELEASE_PARCEL"), Arbitraries.of("S1", "S2"), version())
                .as((action, parcel, generation) -> action + "|" + parcel + "|" + generation);
        return Combinators.combine(
                        Arbitraries.oneOf(lock, pull),
                        Arbitraries.of(WarehouseLockResult.Status.class),
                        Arbitraries.of(WarehouseLockResult.Refusal.class).injectNull(0.3),
                        time())
                .as((command, status, refusal, at) -> (eventId, source) -> new WarehouseLockResult(
                        source, eventId, ContractId.of(ORDER + "|" + command).toString(), status, refusal, null, at));
    }

    private static Arbitrary<Telling> interceptResult() {
        Arbitrary<String> command = Combinators.combine(
                        Arbitraries.frequency(Tuple.of(3, "INTERCEPT"), Tuple.of(1, "CANCEL")),
                        Arbitraries.of("S1", "S2"),
                        version())
                .as((action, parcel, generation) -> action + "|" + parcel + "|" + generation);
        return Combinators.combine(
                        command,
                        Arbitraries.of(InterceptResult.Status.class),
                        Arbitraries.of(InterceptResult.Reason.class).injectNull(0.3),
                        time())
                .as((name, status, reason, at) -> (eventId, source) -> new InterceptResult(
                        source, eventId, ContractId.of(ORDER + "|" + name).toString(), status, reason, at));
    }

    /** The facts as they may arrive as well: in another order, some of them more than once. */
    public static Arbitrary<List<Fact>> otherArrivalsOf(List<Fact> history) {
        return Arbitraries.of(history).list().ofMaxSize(4).flatMap(again -> {
            List<Fact> all = new ArrayList<>(history);
            all.addAll(again);
            return Arbitraries.shuffle(all);
        });
    }

    /** Units ordered on line A and on line B; null: nobody knows. */
    private record Order(@Nullable Integer a, @Nullable Integer b) {}

    /** A fact that lacks but what tells it from all others. */
    private interface Telling {
        Fact as(String eventId, Fact.Source source);
    }

    private static List<Fact> told(List<Telling> tellings) {
        List<Fact> facts = new ArrayList<>();
        for (Telling telling : tellings) {
            int number = facts.size();
            facts.add(telling.as("E" + number, new Fact.Source(number % 3, 100L + number)));
        }
        return List.copyOf(facts);
    }

    private static Arbitrary<Telling> refund(Order order) {
        Arbitrary<RefundApproved.Kind> kind = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT)),
                Tuple.of(4, Arbitraries.just(RefundApproved.Kind.REFUND_ONLY)),
                Tuple.of(3, Arbitraries.of(RefundApproved.Kind.class)));
        Arbitrary<RefundApproved.Cause> cause = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(RefundApproved.Cause.BUYER_REQUEST)),
                Tuple.of(1, Arbitraries.of(RefundApproved.Cause.class)));
        Arbitrary<Boolean> wholeOrder = rarely(8);
        Arbitrary<String> currency = Arbitraries.frequency(Tuple.of(9, "CNY"), Tuple.of(1, "USD"));
        return Combinators.combine(
                        Arbitraries.of("R1", "R2", "R3"),
                        version(),
                        kind,
                        cause,
                        wholeOrder,
                        currency,
                        lines(refundLine(order)),
                        time())
                .as((id, version, what, why, whole, money, lines, approvedAt) -> (eventId, source) ->
                        new RefundApproved(source, eventId, id, version, what, why, whole, money, lines, approvedAt));
    }

    private static Arbitrary<RefundApproved.Line> refundLine(Order order) {
        Arbitrary<String> shipmentId = Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.of("S1", "S2", "S3")), Tuple.of(1, Arbitraries.just("S9")))
                .injectNull(0.75);
        return lineId().flatMap(lineId -> Combinators.combine(
                        quantity(), ordered(order, lineId), price(), category(), warehouseId(), shipmentId)
                .as((units, ordered, price, category, warehouseId, parcel) -> new RefundApproved.Line(
                        lineId, "SKU-" + lineId, units, ordered, price, category, warehouseId, parcel)));
    }

    private static Arbitrary<Telling> parcel(Order order) {
        Arbitrary<ShipmentCreated.Purpose> purpose = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(ShipmentCreated.Purpose.ORIGINAL)),
                Tuple.of(2, Arbitraries.just(ShipmentCreated.Purpose.RESHIP)),
                Tuple.of(1, Arbitraries.of(ShipmentCreated.Purpose.class)));
        Arbitrary<ParcelStage> stage = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of(ParcelStage.UNKNOWN, ParcelStage.LABEL_CREATED, ParcelStage.IN_TRANSIT)),
                Tuple.of(1, Arbitraries.just(ParcelStage.DELIVERED)),
                Tuple.of(1, Arbitraries.of(ParcelStage.RETURNING, ParcelStage.RETURNED, ParcelStage.LOST)),
                Tuple.of(1, Arbitraries.of(ParcelStage.class)));
        return Combinators.combine(
                        Arbitraries.of("S1", "S2", "S3"),
                        version(),
                        label(),
                        purpose,
                        stage,
                        contents(),
                        lines(shipmentLine(order)),
                        time())
                .as((id, version, label, why, where, contents, lines, createdAt) ->
                        (eventId, source) -> new ShipmentCreated(
                                source,
                                eventId,
                                id,
                                version,
                                label.trackingNumber,
                                label.courier,
                                label.warehouseId,
                                label.operatorId,
                                why,
                                where,
                                contents.digital,
                                contents.mergedOrderIds,
                                lines,
                                createdAt));
    }

    private static Arbitrary<ShipmentCreated.Line> shipmentLine(Order order) {
        return lineId().flatMap(lineId -> Combinators.combine(quantity(), ordered(order, lineId), price(), category())
                .as((units, ordered, price, category) ->
                        new ShipmentCreated.Line(lineId, "SKU-" + lineId, units, ordered, price, category)));
    }

    private record Label(
            @Nullable String trackingNumber,
            @Nullable String courier,
            @Nullable String warehouseId,
            @Nullable String operatorId) {}

    private static Arbitrary<Label> label() {
        return Combinators.combine(
                        Arbitraries.of("SF1234567890", "SF0987654321").injectNull(0.1),
                        Arbitraries.of("SF", "YTO").injectNull(0.1),
                        warehouseId(),
                        Arbitraries.just("op-7").injectNull(0.5))
                .as(Label::new);
    }

    private record Contents(boolean digital, List<String> mergedOrderIds) {}

    private static Arbitrary<Contents> contents() {
        Arbitrary<List<String>> merged = Arbitraries.frequency(
                Tuple.of(10, List.of()), Tuple.of(1, List.of("Y")), Tuple.of(1, List.of("Y", "Z")));
        return Combinators.combine(rarely(20), merged).as(Contents::new);
    }

    private static <T> Arbitrary<List<T>> lines(Arbitrary<T> line) {
        return Arbitraries.frequencyOf(
                Tuple.of(1, line.list().ofSize(0)),
                Tuple.of(5, line.list().ofSize(1)),
                Tuple.of(3, line.list().ofSize(2)));
    }

    private static Arbitrary<String> lineId() {
        return Arbitraries.frequency(Tuple.of(3, "A"), Tuple.of(1, "B"));
    }

    private static Arbitrary<Integer> quantity() {
        return Arbitraries.frequency(Tuple.of(4, 1), Tuple.of(2, 2), Tuple.of(1, 3));
    }

    /** What the order has, or nothing, or now and then something else. */
    private static Arbitrary<Integer> ordered(Order order, String lineId) {
        Integer known = lineId.equals("A") ? order.a() : order.b();
        return known == null
                ? Arbitraries.integers().between(1, 4).injectNull(1)
                : Arbitraries.frequencyOf(
                                Tuple.of(12, Arbitraries.just(known)),
                                Tuple.of(1, Arbitraries.integers().between(1, 4)))
                        .injectNull(0.3);
    }

    private static Arbitrary<Long> version() {
        return Arbitraries.frequency(Tuple.of(3, 1L), Tuple.of(1, 2L), Tuple.of(1, 3L));
    }

    private static Arbitrary<Long> price() {
        return Arbitraries.of(12_900L, 500L).injectNull(0.1);
    }

    private static Arbitrary<String> category() {
        return Arbitraries.of("shoes", "toys").injectNull(0.5);
    }

    private static Arbitrary<String> warehouseId() {
        return Arbitraries.of("W1", "W2").injectNull(0.3);
    }

    /** Around noon: at the same moment, within the tolerance of the clocks, hours or days apart. */
    private static Arbitrary<Instant> time() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.integers().between(-3, 3).map(Duration::ofHours)),
                        Tuple.of(1, Arbitraries.integers().between(-6, 6).map(Duration::ofMinutes)),
                        Tuple.of(1, Arbitraries.of(-12, -2, -1, 1, 2).map(Duration::ofDays)))
                .map(NOON::plus);
    }

    private static Arbitrary<Boolean> rarely(int oneIn) {
        return Arbitraries.frequency(Tuple.of(oneIn - 1, false), Tuple.of(1, true));
    }
}
