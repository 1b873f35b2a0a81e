package io.ordersync.domain;

import io.ordersync.domain.Alert.Action;
import io.ordersync.domain.Alert.Code;
import io.ordersync.domain.Alert.Details;
import io.ordersync.domain.Alert.Severity;
import io.ordersync.domain.Alert.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which states of an order's alerts are to be sent: what holds less what was said. Made anew for each decision. */
final class Alerts {

    private final OrderFacts facts;
    private final Policy policy;
    private final Instant now;
    private final Ids ids;
    private final SortedMap<AlertKey, Sent.Firing> firing;
    private final SortedSet<String> skewed;
    private final List<Alert> toSend = new ArrayList<>();

    Alerts(Ids ids, OrderFacts facts, Sent before, Policy policy, Instant now) {
        this.ids = ids;
        this.facts = facts;
        this.policy = policy;
        this.now = now;
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
        String subject = fact.subject();
        if (subject == null || !isInTheFuture(fact, policy, now) || !skewed.add(subject)) {
            return;
        }
        boolean ofRefund = fact instanceof RefundApproved || fact instanceof RefundClosed;
        Details details = ofRefund ? Conditions.named(subject, null) : named(null, subject);
        for (State state : State.values()) {
            AlertKey key = new AlertKey(Code.CLOCK_SKEW, subject);
            toSend.add(alert(key, Severity.LOW, state, Action.NONE, details, fact.at()));
        }
    }

    /** By more than the clocks of producers may differ. */
    static boolean isInTheFuture(Fact fact, Policy policy, Instant now) {
        return fact.at().minus(policy.clockTolerance()).isAfter(now);
    }

    /** Sends what holds and was not said so before, and resolves what no longer holds. */
    void send(Map<AlertKey, Alert> holding) {
        new TreeMap<>(firing).forEach((key, said) -> {
            if (!holding.containsKey(key)) {
                firing.remove(key);
                // Of what it was about nothing but its name is told.
                Details details = named(said.refundId(), said.shipmentId());
                toSend.add(alert(key, said.severity(), State.RESOLVED, said.action(), details, said.occurredAt()));
            }
        });
        holding.forEach(this::fire);
    }

    private void fire(AlertKey key, Alert alert) {
        Details details = alert.details();
        long digest = Ids.nameBased(alert.severity() + "|" + alert.action() + "|" + details + "|" + alert.occurredAt())
                .getMostSignificantBits();
        // About a parcel if it names one, else about its refund.
        String shipmentId =
                details.shipmentIds().isEmpty() ? null : details.shipmentIds().getFirst();
        String refundId = shipmentId == null ? details.refundIds().getFirst() : null;
        Sent.Firing said =
                new Sent.Firing(digest, alert.severity(), alert.action(), alert.occurredAt(), refundId, shipmentId);
        if (!said.equals(firing.put(key, said))) {
            toSend.add(alert);
        }
    }

    private Details named(@Nullable String refundId, @Nullable String shipmentId) {
        ParcelTold told = shipmentId == null ? null : facts.parcels().get(shipmentId);
        ShipmentCreated made = told == null ? null : told.made();
        return made == null
                ? Conditions.named(refundId, shipmentId)
                : Conditions.aboutParcel(made, List.of(), List.of());
    }

    private Alert alert(
            AlertKey key, Severity severity, State state, Action action, Details details, Instant occurredAt) {
        return new Alert(
                ids.alert(key), ids.orderCase(), key.code(), severity, state, action, details, occurredAt, now);
    }
}
