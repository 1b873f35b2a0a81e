package io.ordersync.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the facts of one order as they arrive: all that was ever sent, as text, and what of it stands. Every id
 * is checked against its name in the contract, and no command may be sent twice.
 */
final class Scenario {
    static final OrderKey ORDER = new OrderKey("DOUYIN", "shop-1", "X");
    static final Instant NOON = Given.at("12:00");

    /** Commands and states of alerts, in order: {@code LOCK R1@* A×1}, {@code FIRING MIXED_PARCEL S1}. */
    final List<String> sent = new ArrayList<>();

    private final Policy policy;
    private final List<String> arrived = new ArrayList<>();
    private final TreeSet<String> subjects = new TreeSet<>();
    private final Map<UUID, String> slots = new HashMap<>();
    private final Map<String, Effect> standing = new LinkedHashMap<>();
    private OrderRecord order = OrderRecord.NEW;

    Scenario(GivenPolicy policy) {
        this.policy = policy.build();
    }

    Decision tell(Given.Telling<?> telling, Instant now) {
        Fact fact = telling.build();
        arrived.add(fact.eventId());
        subjects.add(fact.subject());
        Decision decision = Decision.on(new Arrival(ORDER, fact), order, policy, now);
        order = decision.next() == null ? OrderRecord.NEW : decision.next();
        decision.effects().forEach(this::take);
        return decision;
    }

    @Nullable
    Decision expire(Instant now) {
        Decision expiry = Decision.expiry(ORDER, order, policy, now);
        if (expiry != null) {
            expiry.effects().forEach(this::take);
        }
        return expiry;
    }

    private void take(Effect effect) {
        switch (effect) {
            case LockCommand it -> take(it, action(it), object(it), it.generation(), it.targetId(), units(it));
            case InterceptCommand it ->
                take(it, it.action().name(), it.shipmentId(), it.generation(), it.targetId(), "");
            case Alert it -> take(it);
        }
    }

    private static String action(LockCommand it) {
        boolean releasesParcel = it.action() == LockCommand.Action.RELEASE && it.shipmentId() != null;
        return releasesParcel ? "RELEASE_PARCEL" : it.action().name();
    }

    private static String object(LockCommand it) {
        String parcel = it.shipmentId();
        return parcel != null ? parcel : it.refundId() + '@' + Objects.requireNonNullElse(it.warehouseId(), "*");
    }

    private void take(Effect it, String action, String object, long generation, @Nullable UUID target, String units) {
        assertThat(it.id()).isEqualTo(ContractId.of(ORDER + "|" + action + '|' + object + '|' + generation));
        assertThat(slots).as("sent once").doesNotContainKey(it.id());
        String text = action + ' ' + object;
        sent.add(text + units);
        slots.put(it.id(), text);
        if (target == null) {
            standing.put(text, it);
        } else {
            assertThat(slots).as("was sent before").containsKey(target);
            standing.values().removeIf(other -> other.id().equals(target));
        }
    }

    private void take(Alert it) {
        assertThat(it.caseId()).isEqualTo(ContractId.of(ORDER + "|CASE"));
        String about = subjects.stream()
                .map(subject -> it.code() + " " + subject)
                .filter(text -> ContractId.of(ORDER + "|ALERT|" + text.replace(' ', '|'))
                        .equals(it.id()))
                .collect(Collectors.joining());
        sent.add(it.state() + " " + about);
        if (it.state() == Alert.State.FIRING) {
            standing.put(about, it);
        } else {
            assertThat(standing.remove(about)).as("%s fired before", about).isNotNull();
        }
    }

    private static String units(LockCommand command) {
        return command.wholeOrder()
                ? " all"
                : command.lines().stream()
                        .map(l -> " " + l.lineId() + '×' + l.quantity())
                        .collect(Collectors.joining());
    }

    /** LOCKs that were not taken back. */
    List<String> locks() {
        return standing.entrySet().stream()
                .filter(it -> it.getKey().startsWith("LOCK "))
                .map(it -> it.getKey() + units((LockCommand) it.getValue()))
                .sorted()
                .toList();
    }

    /** PULL_PARCELs and INTERCEPTs that were not taken back. */
    List<String> recalls() {
        return standing.entrySet().stream()
                .filter(it ->
                        it.getKey().startsWith("PULL_PARCEL ") || it.getKey().startsWith("INTERCEPT "))
                .map(it -> it.getKey() + (it.getValue() instanceof LockCommand pull ? units(pull) : ""))
                .sorted()
                .toList();
    }

    /** Alerts FIRING, with severity and recommended action. */
    List<String> firing() {
        return standing.entrySet().stream()
                .filter(it -> it.getValue() instanceof Alert)
                .map(it ->
                        it.getKey() + ' ' + ((Alert) it.getValue()).severity() + ' ' + ((Alert) it.getValue()).action())
                .sorted()
                .toList();
    }

    /** How many commands and states of alerts were sent whose text starts so. */
    long count(String text) {
        return sent.stream().filter(it -> it.startsWith(text)).count();
    }

    Alert alert(String about) {
        return (Alert) stands(about);
    }

    InterceptCommand intercept(String shipmentId) {
        return (InterceptCommand) stands("INTERCEPT " + shipmentId);
    }

    /** The LOCK or PULL_PARCEL, such as {@code LOCK R1@*}. */
    LockCommand command(String text) {
        return (LockCommand) stands(text);
    }

    private Effect stands(String text) {
        Effect effect = standing.get(text);
        if (effect == null) {
            throw new AssertionError(text + " does not stand, but " + standing.keySet());
        }
        return effect;
    }

    /** Did the one arrive before the other? Both by eventId: {@code R1@1}. */
    boolean came(String eventId, String before) {
        return arrived.indexOf(eventId) < arrived.indexOf(before);
    }

    boolean cameLast(String eventId) {
        return arrived.getLast().equals(eventId);
    }

    @Override
    public String toString() {
        return arrived + " sent " + sent;
    }
}
