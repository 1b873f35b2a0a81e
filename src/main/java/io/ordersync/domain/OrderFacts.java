package io.ordersync.domain;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one order: of everything that was told, the part that stands. Facts may come in any order and any number
 * of times; the result is the same.
 *
 * @param refunds by refundId
 * @param parcels by shipmentId
 * @param lockResults the standing answer to each command to a warehouse, by commandId
 * @param interceptResults the standing answer to each command to a courier, by commandId
 * @param resolutions the earliest first
 */
public record OrderFacts(
        SortedMap<String, RefundTold> refunds,
        SortedMap<String, ParcelTold> parcels,
        SortedMap<String, WarehouseLockResult> lockResults,
        SortedMap<String, InterceptResult> interceptResults,
        SortedSet<CaseResolved> resolutions) {

    /** How many refunds, parcels and resolutions an order may have (CONTRACT.md, Dead letters). */
    static final int MAX_OF_EACH = 200;

    /** How many answers to commands that were not sent (yet) wait with an order (CONTRACT.md, Which fact stands). */
    static final int MAX_WAITING = 200;

    public static final OrderFacts NONE =
            new OrderFacts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), none());

    private static SortedSet<CaseResolved> none() {
        return new TreeSet<>(CaseResolved.BY_TIME);
    }

    public OrderFacts {
        refunds = Collections.unmodifiableSortedMap(refunds);
        parcels = Collections.unmodifiableSortedMap(parcels);
        lockResults = Collections.unmodifiableSortedMap(lockResults);
        interceptResults = Collections.unmodifiableSortedMap(interceptResults);
        if (!CaseResolved.BY_TIME.equals(resolutions.comparator())) {
            SortedSet<CaseResolved> byTime = none();
            byTime.addAll(resolutions);
            resolutions = byTime;
        }
        resolutions = Collections.unmodifiableSortedSet(resolutions);
    }

    /**
     * These facts and {@code fact}; this very object when nothing new was said.
     *
     * @throws Rejection when it is of the order's 201st refund, parcel or resolution
     */
    OrderFacts with(Fact fact) {
        return switch (fact) {
            case RefundApproved approved ->
                with(approved.refundId(), refund(approved.refundId()).and(approved));
            case RefundClosed closed ->
                with(closed.refundId(), refund(closed.refundId()).and(closed));
            case ShipmentCreated made ->
                with(made.shipmentId(), parcel(made.shipmentId()).and(made));
            case ShipmentVoided voided ->
                with(voided.shipmentId(), parcel(voided.shipmentId()).and(voided));
            case ShipmentStatusChanged status ->
                with(status.shipmentId(), parcel(status.shipmentId()).and(status));
            case WarehouseLockResult result -> with(result);
            case InterceptResult result -> with(result);
            case CaseResolved resolved -> with(resolved);
        };
    }

    /**
     * What {@code fact} is to these facts.
     *
     * @param isNews did it change them?
     */
    Decision.Outcome standingOf(Fact fact, boolean isNews) {
        if (isContradicted(fact)) {
            return Decision.Outcome.CONTRADICTED;
        }
        if (isStale(fact, isNews)) {
            return Decision.Outcome.STALE;
        }
        return isNews ? Decision.Outcome.NEWS : Decision.Outcome.REPEATED;
    }

    private boolean isContradicted(Fact fact) {
        return switch (fact) {
            case WarehouseLockResult result -> {
                WarehouseLockResult known = lockResults.get(result.commandId());
                yield known != null && known.isFinal() && result.isFinal() && known.status() != result.status();
            }
            case InterceptResult result -> {
                InterceptResult known = interceptResults.get(result.commandId());
                yield known != null && known.isFinal() && result.isFinal() && known.status() != result.status();
            }
            case RefundApproved approved -> false;
            case RefundClosed closed -> false;
            case ShipmentCreated made -> false;
            case ShipmentVoided voided -> false;
            case ShipmentStatusChanged status -> false;
            case CaseResolved resolved -> false;
        };
    }

    /** Does it neither stand nor repeat what does? */
    private boolean isStale(Fact fact, boolean isNews) {
        return switch (fact) {
            case RefundApproved approved -> {
                RefundTold told = refund(approved.refundId());
                yield isBelow(approved, told.approved(), RefundApproved.BY_STANDING)
                        || (isNews
                                && told.closed() != null
                                && approved.version() <= told.closed().version());
            }
            case RefundClosed closed -> {
                RefundTold told = refund(closed.refundId());
                RefundClosed known = closed.outcome().endsRefund() ? told.closed() : told.unpaid();
                yield isBelow(closed, known, RefundClosed.BY_STANDING)
                        || (told.approved() != null
                                && closed.version() < told.approved().version());
            }
            case ShipmentCreated made -> isBelow(made, parcel(made.shipmentId()).made(), ShipmentCreated.BY_STANDING);
            case ShipmentVoided voided -> {
                ParcelTold told = parcel(voided.shipmentId());
                yield isBelow(voided, told.voided(), ShipmentVoided.BY_STANDING)
                        || (told.made() != null
                                && voided.version() < told.made().version()
                                && voided.voidedAt().isBefore(told.made().createdAt()));
            }
            case ShipmentStatusChanged status -> status.stage() == ParcelStage.UNKNOWN;
            case WarehouseLockResult result -> !isNews && !result.equals(lockResults.get(result.commandId()));
            case InterceptResult result -> !isNews && !result.equals(interceptResults.get(result.commandId()));
            case CaseResolved resolved -> false;
        };
    }

    private static <T> boolean isBelow(T told, @Nullable T known, Comparator<T> by) {
        return known != null && by.compare(told, known) < 0;
    }

    private RefundTold refund(String refundId) {
        return refunds.getOrDefault(refundId, RefundTold.NOTHING);
    }

    private ParcelTold parcel(String shipmentId) {
        return parcels.getOrDefault(shipmentId, ParcelTold.NOTHING);
    }

    private OrderFacts with(String refundId, RefundTold told) {
        if (told.equals(refund(refundId))) {
            return this;
        }
        return new OrderFacts(
                and(refunds, refundId, told, "refundId"), parcels, lockResults, interceptResults, resolutions);
    }

    private OrderFacts with(String shipmentId, ParcelTold told) {
        if (told.equals(parcel(shipmentId))) {
            return this;
        }
        return new OrderFacts(
                refunds, and(parcels, shipmentId, told, "shipmentId"), lockResults, interceptResults, resolutions);
    }

    private OrderFacts with(WarehouseLockResult result) {
        if (result.status() == WarehouseLockResult.Status.UNKNOWN) {
            // No answer (CONTRACT.md, UNKNOWN).
            return this;
        }
        SortedMap<String, WarehouseLockResult> results = new TreeMap<>(lockResults);
        results.merge(
                result.commandId(), result, (known, told) -> smaller(known, told, WarehouseLockResult.BY_STANDING));
        if (results.equals(lockResults)) {
            return this;
        }
        return new OrderFacts(refunds, parcels, results, interceptResults, resolutions);
    }

    private OrderFacts with(InterceptResult result) {
        SortedMap<String, InterceptResult> results = new TreeMap<>(interceptResults);
        results.merge(result.commandId(), result, (known, told) -> smaller(known, told, InterceptResult.BY_STANDING));
        if (results.equals(interceptResults)) {
            return this;
        }
        return new OrderFacts(refunds, parcels, lockResults, results, resolutions);
    }

    private OrderFacts with(CaseResolved resolved) {
        SortedSet<CaseResolved> all = none();
        all.addAll(resolutions);
        if (!all.add(resolved)) {
            return this;
        }
        if (all.size() > MAX_OF_EACH) {
            throw tooMany("caseId");
        }
        return new OrderFacts(refunds, parcels, lockResults, interceptResults, all);
    }

    private static <T> T smaller(T known, T told, Comparator<T> by) {
        return by.compare(told, known) < 0 ? told : known;
    }

    private static <T> SortedMap<String, T> and(SortedMap<String, T> known, String id, T told, String field) {
        if (known.size() >= MAX_OF_EACH && !known.containsKey(id)) {
            throw tooMany(field);
        }
        NavigableMap<String, T> all = new TreeMap<>(known);
        all.put(id, told);
        return all;
    }

    private static Rejection tooMany(String field) {
        return new Rejection(
                Rejection.Reason.TOO_MANY,
                field + " is of one more than the " + MAX_OF_EACH + " that are kept of an order");
    }

    /**
     * These facts without the oldest answers that wait for a command, when there are more than are kept.
     *
     * @param sent the ids of the commands that were sent
     */
    OrderFacts withoutOldestWaiting(Set<String> sent) {
        record Waiting(String commandId, Fact answer) {}
        SortedSet<Waiting> waiting = new TreeSet<>(Comparator.<Waiting, java.time.Instant>comparing(
                        it -> it.answer().at())
                .thenComparing(Waiting::commandId));
        Stream.of(lockResults, interceptResults)
                .flatMap(answers -> answers.entrySet().stream())
                .filter(answer -> !sent.contains(answer.getKey()))
                .forEach(answer -> waiting.add(new Waiting(answer.getKey(), answer.getValue())));
        if (waiting.size() <= MAX_WAITING) {
            return this;
        }
        SortedMap<String, WarehouseLockResult> locks = new TreeMap<>(lockResults);
        SortedMap<String, InterceptResult> intercepts = new TreeMap<>(interceptResults);
        waiting.stream().limit(waiting.size() - (long) MAX_WAITING).forEach(oldest -> {
            locks.remove(oldest.commandId());
            intercepts.remove(oldest.commandId());
        });
        return new OrderFacts(refunds, parcels, locks, intercepts, resolutions);
    }

    /** How many answers are kept, waiting or not. */
    int answers() {
        return lockResults.size() + interceptResults.size();
    }

    // Loops, as in Reckoning: for each event of a refunded order.

    /** Units ordered, by line: the greatest number anyone told, whatever became of the refund or parcel that told it. */
    SortedMap<String, Integer> ordered() {
        SortedMap<String, Integer> ordered = new TreeMap<>();
        for (RefundTold told : refunds.values()) {
            for (RefundApproved.Line line : told.lines()) {
                learn(ordered, line.lineId(), line.orderedQuantity());
            }
        }
        for (ParcelTold told : parcels.values()) {
            for (ShipmentCreated.Line line : told.lines()) {
                learn(ordered, line.lineId(), line.orderedQuantity());
            }
        }
        return ordered;
    }

    private static void learn(SortedMap<String, Integer> ordered, String lineId, @Nullable Integer quantity) {
        if (quantity != null) {
            ordered.merge(lineId, quantity, Math::max);
        }
    }

    /** Every line that anyone told of. */
    SortedSet<String> lineIds() {
        SortedSet<String> lineIds = new TreeSet<>();
        for (RefundTold told : refunds.values()) {
            for (RefundApproved.Line line : told.lines()) {
                lineIds.add(line.lineId());
            }
        }
        for (ParcelTold told : parcels.values()) {
            for (ShipmentCreated.Line line : told.lines()) {
                lineIds.add(line.lineId());
            }
        }
        return lineIds;
    }

    /** The sku of every line, as a refund tells it, else a parcel. */
    Map<String, String> skus() {
        Map<String, String> skus = new HashMap<>();
        for (RefundTold told : refunds.values()) {
            for (RefundApproved.Line line : told.lines()) {
                skus.putIfAbsent(line.lineId(), line.skuId());
            }
        }
        for (ParcelTold told : parcels.values()) {
            for (ShipmentCreated.Line line : told.lines()) {
                skus.putIfAbsent(line.lineId(), line.skuId());
            }
        }
        return skus;
    }
}
