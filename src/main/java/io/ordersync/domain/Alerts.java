package io.ordersync.domain;

import io.ordersync.domain.Alert.Action;
import io.ordersync.domain.Alert.Code;
import io.ordersync.domain.Alert.Details;
import io.ordersync.domain.Alert.Severity;
import io.ordersync.domain.Alert.State;
import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which alerts of an order are FIRING, and which states of them are to be sent. Made anew for each decision. */
final class Alerts {

    /** With the parcel and the command, 50: as many as a case has (CONTRACT.md, Case). */
    private static final int MAX_REFUNDS_AS_EVIDENCE = 48;

    private final OrderKey order;
    private final OrderFacts facts;
    private final Sent before;
    private final Policy policy;
    private final Instant now;
    private final Ids ids;
    private final SortedMap<AlertKey, Sent.Firing> firing;
    private final SortedSet<String> skewed;
    private final List<Alert> toSend = new ArrayList<>();

    Alerts(OrderKey order, OrderFacts facts, Sent before, Policy policy, Instant now) {
        this.order = order;
        this.facts = facts;
        this.before = before;
        this.policy = policy;
        this.now = now;
        this.ids = new Ids(order);
        this.firing = new TreeMap<>(before.alerts());
        this.skewed = new TreeSet<>(before.skewed());
    }

    List<Alert> toSend() {
        return toSend;
    }

    SortedMap<AlertKey, Sent.Firing> firing() {
        return firing;
    }

    SortedSet<String> skewed() {
        return skewed;
    }

    /** Tells of a time in the future once for each refund or parcel. It is resolved at once: nothing will change it. */
    void tellClockSkew(Fact fact) {
        boolean inTheFuture = fact.at().minus(policy.clockTolerance()).isAfter(now);
        if (inTheFuture && skewed.add(fact.subject())) {
            AlertKey key = new AlertKey(Code.CLOCK_SKEW, fact.subject());
            Details details = switch (fact) {
                case RefundApproved refund -> aboutParcel(null, List.of(refund), List.of());
                case ShipmentCreated shipment -> aboutParcel(Parcel.of(shipment), List.of(), List.of());
            };
            for (State state : State.values()) {
                toSend.add(alert(key, Severity.LOW, state, Action.NONE, details, fact.at(), now));
            }
        }
    }

    void reckon(Desired desired, SortedMap<LockKey, Sent.Lock> locks, SortedMap<String, Sent.Recall> recalls) {
        Map<AlertKey, Alert> holding = new TreeMap<>();
        for (Race race : desired.races().values()) {
            Row row = Row.of(race, policy);
            if (row.code() != null && (row != Row.DIGITAL || race.isParcelMadeAfterRefund())) {
                AlertKey key = new AlertKey(row.code(), race.shipmentId());
                holding.put(key, ofRace(key, row, race, locks, recalls));
            }
        }
        if (desired.excess().reckoning().isAnythingRefunded()) {
            for (Parcel parcel : facts.parcels().values()) {
                boolean isReship = parcel.made().purpose() == ShipmentCreated.Purpose.RESHIP && parcel.isOut();
                if (isReship && !desired.races().containsKey(parcel.id())) {
                    AlertKey key = new AlertKey(Code.RESHIP_AFTER_REFUND, parcel.id());
                    holding.put(key, ofReship(key, parcel));
                }
            }
        }
        resolveAllBut(holding);
        holding.forEach(this::fire);
    }

    private void fire(AlertKey key, Alert alert) {
        long digest = Ids.nameBased(
                        alert.severity() + "|" + alert.action() + "|" + alert.details() + "|" + alert.occurredAt())
                .getMostSignificantBits();
        Sent.Firing said = new Sent.Firing(digest, alert.severity(), alert.action(), alert.occurredAt());
        if (!said.equals(firing.put(key, said))) {
            toSend.add(alert);
        }
    }

    /** Resolves what no longer holds. Of a parcel that is no longer in excess nothing but its name is told. */
    void resolveAllBut(Map<AlertKey, Alert> holding) {
        before.alerts().forEach((key, said) -> {
            if (!holding.containsKey(key)) {
                firing.remove(key);
                Details details = aboutParcel(facts.parcels().get(key.subject()), List.of(), List.of());
                toSend.add(alert(key, said.severity(), State.RESOLVED, said.action(), details, said.occurredAt(), now));
            }
        });
    }

    private Alert ofRace(
            AlertKey key,
            Row row,
            Race race,
            SortedMap<LockKey, Sent.Lock> locks,
            SortedMap<String, Sent.Recall> recalls) {
        ShipmentCreated made = race.parcel().made();
        RaceTiming timing = RaceTiming.of(race.firstRefund(), made, locks, policy.clockTolerance());
        Details details = new Details(
                timing,
                race.exposureMinor(),
                race.currency(),
                race.certainty(),
                race.refundIds(),
                List.of(race.shipmentId()),
                Stream.ofNullable(made.trackingNumber()).toList(),
                race.lines(),
                race.collateral(order.orderId()),
                made.warehouseId(),
                made.operatorId(),
                made.courier(),
                race.categories(),
                evidence(race, recalls.get(race.shipmentId())));
        Severity severity = severity(row, race, timing.type());
        return alert(key, severity, State.FIRING, row.action(), details, race.occurredAt(), race.foundAt());
    }

    private Severity severity(Row row, Race race, RaceTiming.Type type) {
        return switch (row) {
            case NOT_HEARD_OF -> Severity.LOW;
            case DELIVERED, LOST_OR_DAMAGED -> Severity.HIGH;
            case DIGITAL, COMING_BACK -> Severity.MEDIUM;
            case MIXED, SUSPECTED, WITHOUT_INTERCEPT, WORTH_LESS_THAN_THE_FEE, ON_THE_BENCH, ON_ITS_WAY -> {
                Severity severity = type == RaceTiming.Type.SHIPMENT_FIRST ? Severity.MEDIUM : Severity.HIGH;
                yield isCritical(race) ? severity.oneStepUp() : severity;
            }
        };
    }

    private boolean isCritical(Race race) {
        Long critical =
                race.currency() == null ? null : policy.criticalExposureMinor().get(race.currency());
        return critical != null && race.exposureMinor() != null && race.exposureMinor() >= critical;
    }

    private List<Evidence> evidence(Race race, Sent.@Nullable Recall recall) {
        List<Evidence> evidence = new ArrayList<>(evidence(race.holding().refunds(), race.parcel()));
        Sent.Intercept intercept = recall == null ? null : recall.intercept();
        if (intercept != null) {
            String id = ids.intercept(race.shipmentId(), intercept.generation()).toString();
            evidence.add(new Evidence(Evidence.Kind.INTERCEPT, id, intercept.issuedAt(), null));
        }
        return evidence;
    }

    private static List<Evidence> evidence(List<RefundApproved> refunds, Parcel parcel) {
        ShipmentCreated made = parcel.made();
        return Stream.concat(
                        refunds.stream()
                                .limit(MAX_REFUNDS_AS_EVIDENCE)
                                .map(refund -> new Evidence(
                                        Evidence.Kind.REFUND, refund.eventId(), refund.approvedAt(), refund.source())),
                        Stream.of(
                                new Evidence(Evidence.Kind.SHIPMENT, made.eventId(), made.createdAt(), made.source())))
                .toList();
    }

    private Alert ofReship(AlertKey key, Parcel parcel) {
        List<RefundApproved> refunds = facts.refunds().values().stream()
                .filter(refund -> refund.kind().counts())
                .sorted(RefundApproved.BY_APPROVAL)
                .toList();
        Instant occurredAt = Stream.of(
                        refunds.getFirst().approvedAt(), parcel.made().createdAt())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Details details = aboutParcel(parcel, refunds, evidence(refunds, parcel));
        return alert(key, Severity.LOW, State.FIRING, Action.NONE, details, occurredAt, now);
    }

    private static Details aboutParcel(@Nullable Parcel parcel, List<RefundApproved> refunds, List<Evidence> evidence) {
        ShipmentCreated made = parcel == null ? null : parcel.made();
        return new Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                refunds.stream().map(RefundApproved::refundId).sorted().toList(),
                made == null ? List.of() : List.of(made.shipmentId()),
                made == null
                        ? List.of()
                        : Stream.ofNullable(made.trackingNumber()).toList(),
                List.of(),
                List.of(),
                made == null ? null : made.warehouseId(),
                made == null ? null : made.operatorId(),
                made == null ? null : made.courier(),
                List.of(),
                evidence);
    }

    private Alert alert(
            AlertKey key,
            Severity severity,
            State state,
            Action action,
            Details details,
            Instant occurredAt,
            Instant detectedAt) {
        return new Alert(
                ids.alert(key), ids.orderCase(), key.code(), severity, state, action, details, occurredAt, detectedAt);
    }
}
