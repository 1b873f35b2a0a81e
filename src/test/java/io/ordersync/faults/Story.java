package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.ContractIds;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.WarehouseLockResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What befalls one order, step by step, and all that the service has to say to it, whatever befalls the service meanwhile. A
 * step's events are told once everything is there that the step before waits for.
 *
 * <p>What is said is named: a command by its id, an alert by its id and state.
 */
final class Story {

    /** How long the service waits for a courier; the default of 15 minutes is longer than most faults. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    /** What the stories are of, and how many of a hundred. */
    enum Kind {
        /** A parcel that was paid for, and that nobody may call back. */
        PAID(30),
        /** Refunded, and nothing ships. */
        REFUNDED(15),
        /** Refunded, shipped all the same, called back. */
        RETURNED(20),
        /** Shipped, refunded later, and the courier comes too late. */
        TOO_LATE(10),
        /** Refunded, and taken off the bench. */
        PULLED(10),
        /** The courier never answers. */
        UNANSWERED(5),
        /** The refund is withdrawn when the parcel is called back already. */
        WITHDRAWN(10),
        /** As PAID, told all at once. */
        PAID_AT_ONCE(0),
        /** Refunded, shipped, and the courier has it already: told all at once. */
        ANSWERED_AT_ONCE(0);

        final int ofHundred;

        Kind(int ofHundred) {
            this.ofHundred = ofHundred;
        }
    }

    /**
     * What is told at once, and what is waited for then.
     *
     * @param pause before
     * @param prompt is it said as soon as the events are read, and not at a deadline?
     */
    record Step(Duration pause, List<SpecificRecordBase> events, Set<String> awaited, boolean prompt) {}

    /** An alert that may be raised when the answer to a command comes after its time. */
    record IfLate(String commandId, Set<String> names) {}

    private final Kind kind;
    private final String orderId;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> required = new HashSet<>();
    private final Set<String> possible = new HashSet<>();
    private final List<IfLate> late = new ArrayList<>();
    /** By id. */
    private final Map<String, String> readable = new HashMap<>();

    private final Set<String> finalCases;

    /**
     * One of an order that no other story is of.
     *
     * @param pause of the shop between two facts, where the story has one
     * @param now the latest business time in it
     */
    Story(Kind kind, String orderId, Duration pause, Instant now) {
        this.kind = kind;
        this.orderId = orderId;
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
        finalCases = switch (kind) {
            case PAID -> paid();
            case REFUNDED -> refunded();
            case RETURNED -> returned();
            case TOO_LATE -> tooLate(pause);
            case PULLED -> pulled();
            case UNANSWERED -> unanswered();
            case WITHDRAWN -> withdrawn();
            case PAID_AT_ONCE -> paidAtOnce();
            case ANSWERED_AT_ONCE -> answeredAtOnce();
        };
    }

    // ------------------------------------------------------------------------------------------------- the stories

    private Set<String> paid() {
        tell(parcel(ParcelStage.PICKED_UP));
        tell(scan(ParcelStage.IN_TRANSIT, 12), scan(ParcelStage.DELIVERED, 2));
        return Set.of("none");
    }

    private Set<String> refunded() {
        tell(refund()).awaits(lock());
        tell(lockAnswer(lock(), LockStatus.LOCKED));
        return Set.of("none");
    }

    private Set<String> returned() {
        tell(refund()).awaits(lock());
        tell(parcel(ParcelStage.IN_TRANSIT)).awaits(intercept(), firing("REFUNDED_BUT_SHIPPED", parcelId()));
        tell(answer(intercept(), InterceptStatus.ACCEPTED, null), answer(intercept(), InterceptStatus.SUCCEEDED, null));
        tell(scan(ParcelStage.RETURNED, 1)).awaits(resolved("REFUNDED_BUT_SHIPPED", parcelId()));
        ifLate(intercept(), "INTERCEPT_UNANSWERED", intercept());
        return Set.of("CLOSED RETURNED");
    }

    private Set<String> tooLate(Duration pause) {
        tell(parcel(ParcelStage.IN_TRANSIT));
        pause(pause);
        tell(refund()).awaits(intercept(), firing("REFUNDED_BUT_SHIPPED", parcelId()));
        // Unless the parcel was read first.
        possible.add(lock());
        tell(answer(intercept(), InterceptStatus.FAILED, InterceptReason.TOO_LATE))
                .awaits(firing("INTERCEPT_FAILED", intercept()));
        tell(scan(ParcelStage.DELIVERED, 1))
                .awaits(resolved("REFUNDED_BUT_SHIPPED", parcelId()), firing("DELIVERED_AFTER_REFUND", parcelId()));
        ifLate(intercept(), "INTERCEPT_UNANSWERED", intercept());
        return Set.of("MANUAL");
    }

    private Set<String> pulled() {
        tell(refund()).awaits(lock());
        tell(parcel(ParcelStage.LABEL_CREATED)).awaits(pull(), firing("REFUNDED_BUT_SHIPPED", parcelId()));
        tell(lockAnswer(pull(), LockStatus.PULLED)).awaits(resolved("REFUNDED_BUT_SHIPPED", parcelId()));
        return Set.of("CLOSED PREVENTED");
    }

    private Set<String> unanswered() {
        tell(refund()).awaits(lock());
        tell(parcel(ParcelStage.IN_TRANSIT)).awaits(intercept(), firing("REFUNDED_BUT_SHIPPED", parcelId()));
        tell().awaitsAtLast(firing("INTERCEPT_UNANSWERED", intercept()));
        return Set.of("INTERCEPTING");
    }

    private Set<String> withdrawn() {
        tell(refund()).awaits(lock());
        tell(parcel(ParcelStage.IN_TRANSIT)).awaits(intercept(), firing("REFUNDED_BUT_SHIPPED", parcelId()));
        tell(close()).awaits(release(), cancel(), resolved("REFUNDED_BUT_SHIPPED", parcelId()));
        tell(answer(cancel(), InterceptStatus.CANCELLED, null));
        ifLate(intercept(), "INTERCEPT_UNANSWERED", intercept());
        ifLate(cancel(), "CANCEL_FAILED", intercept());
        return Set.of("CLOSED REFUND_CLOSED");
    }

    private Set<String> paidAtOnce() {
        tell(parcel(ParcelStage.PICKED_UP), scan(ParcelStage.IN_TRANSIT, 12), scan(ParcelStage.DELIVERED, 2));
        return Set.of("none");
    }

    private Set<String> answeredAtOnce() {
        tell(refund(), parcel(ParcelStage.IN_TRANSIT), answer(intercept(), InterceptStatus.SUCCEEDED, null));
        required.add(intercept());
        // The alert of the parcel stands until it is back; the lock is needless where the parcel is read first.
        required.add(firing("REFUNDED_BUT_SHIPPED", parcelId()));
        possible.add(lock());
        ifLate(intercept(), "INTERCEPT_UNANSWERED", intercept());
        return Set.of("RETURNING");
    }

    // ------------------------------------------------------------------------------------------------- how they are
    // told

    private Story tell(SpecificRecordBase... events) {
        steps.add(new Step(Duration.ZERO, List.of(events), Set.of(), true));
        return this;
    }

    private void pause(Duration length) {
        steps.add(new Step(length, List.of(), Set.of(), true));
    }

    private void awaits(String... names) {
        awaits(true, names);
    }

    private void awaitsAtLast(String... names) {
        awaits(false, names);
    }

    private void awaits(boolean prompt, String... names) {
        Step told = steps.removeLast();
        steps.add(new Step(told.pause(), told.events(), Set.copyOf(Arrays.asList(names)), prompt));
        required.addAll(Arrays.asList(names));
    }

    private void ifLate(String commandId, String code, String subject) {
        late.add(new IfLate(commandId, Set.of(firing(code, subject), resolved(code, subject))));
    }

    // ------------------------------------------------------------------------------------------------- what is known

    Kind kind() {
        return kind;
    }

    String orderId() {
        return orderId;
    }

    String orderKey() {
        return "DOUYIN:shop-1:" + orderId;
    }

    /** The partition the order lives on. */
    int home(int partitions) {
        return Utils.toPositive(Utils.murmur2(orderKey().getBytes(UTF_8))) % partitions;
    }

    List<Step> steps() {
        return steps;
    }

    Set<String> required() {
        return required;
    }

    /** What may be said or not. */
    Set<String> possible() {
        return possible;
    }

    List<IfLate> late() {
        return late;
    }

    /** State and outcome that the case may end with; {@code none}: there is none. */
    Set<String> finalCases() {
        return finalCases;
    }

    /** For people: what has this id, or this id and state. */
    String readable(String name) {
        String[] parts = name.split(" ", 2);
        String text = readable.getOrDefault(parts[0], "unknown id " + parts[0]);
        return parts.length == 1 ? text : text + ' ' + parts[1];
    }

    @Override
    public String toString() {
        return kind + " " + orderKey();
    }

    // ------------------------------------------------------------------------------------------------- names

    private String id(String name) {
        String id = ContractIds.idOf(orderKey(), name);
        readable.put(id, name);
        return id;
    }

    private String refundId() {
        return "R-" + orderId;
    }

    private String parcelId() {
        return "S-" + orderId;
    }

    private String lock() {
        return id("LOCK|" + refundId() + "@W1|1");
    }

    private String release() {
        return id("RELEASE|" + refundId() + "@W1|1");
    }

    private String pull() {
        return id("PULL_PARCEL|" + parcelId() + "|1");
    }

    private String intercept() {
        return id("INTERCEPT|" + parcelId() + "|1");
    }

    private String cancel() {
        return id("CANCEL|" + parcelId() + "|1");
    }

    private String firing(String code, String subject) {
        return id("ALERT|" + code + '|' + subject) + " FIRING";
    }

    private String resolved(String code, String subject) {
        return id("ALERT|" + code + '|' + subject) + " RESOLVED";
    }

    // ------------------------------------------------------------------------------------------------- events

    private RefundApproved refund() {
        return RefundApproved.newBuilder()
                .setEventId("refund of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setRefundId(refundId())
                .setRefundVersion(1)
                .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900)
                .setCurrency("CNY")
                .setLines(List.of(new RefundLine("A", "SKU-A", 1, 1, 12_900L, "phones", "W1", null)))
                .setApprovedAt(now.minus(Duration.ofHours(1)))
                .build();
    }

    private RefundClosed close() {
        return RefundClosed.newBuilder()
                .setEventId("close of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setRefundId(refundId())
                .setRefundVersion(1)
                .setOutcome(RefundOutcome.WITHDRAWN)
                .setClosedAt(now.minus(Duration.ofMinutes(1)))
                .build();
    }

    private ShipmentCreated parcel(ParcelStage stage) {
        return ShipmentCreated.newBuilder()
                .setEventId("parcel of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setShipmentId(parcelId())
                .setShipmentVersion(1)
                .setTrackingNumber("SF" + orderId)
                .setCourier("SF")
                .setWarehouseId("W1")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(stage)
                .setLines(List.of(new ShipmentLine("A", "SKU-A", 1, 1, 12_900L, "phones")))
                .setCreatedAt(now.minus(Duration.ofMinutes(20)))
                .build();
    }

    private ShipmentStatusChanged scan(ParcelStage stage, int minutesAgo) {
        return ShipmentStatusChanged.newBuilder()
                .setEventId(stage + " of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setShipmentId(parcelId())
                .setStage(stage)
                .setOccurredAt(now.minus(Duration.ofMinutes(minutesAgo)))
                .build();
    }

    /** One of many scans that change nothing: each a little later than the one before, and all before the last. */
    ShipmentStatusChanged scanOfMany(int number) {
        return ShipmentStatusChanged.newBuilder(scan(ParcelStage.IN_TRANSIT, 12))
                .setEventId("scan " + number + " of " + orderId)
                .setOccurredAt(now.minus(Duration.ofMinutes(12)).plusMillis(number % 500_000))
                .build();
    }

    private WarehouseLockResult lockAnswer(String commandId, LockStatus status) {
        return WarehouseLockResult.newBuilder()
                .setEventId(status + " of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setCommandId(commandId)
                .setStatus(status)
                .setOccurredAt(now)
                .build();
    }

    private InterceptResult answer(String commandId, InterceptStatus status, @Nullable InterceptReason reason) {
        return InterceptResult.newBuilder()
                .setEventId(status + " of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setCommandId(commandId)
                .setStatus(status)
                .setReason(reason)
                .setOccurredAt(now)
                .build();
    }
}
