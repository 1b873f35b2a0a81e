package io.ordersync.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What its receivers make of all that was sent for one order: every id is checked against its name in the contract, no
 * command may come twice, and only what came before is taken back or resolved.
 */
class Outbox {
    static final OrderKey ORDER = new OrderKey("DOUYIN", "shop-1", "X");

    /** Commands and states of alerts, in order: {@code LOCK R1@* A×1}, {@code FIRING MIXED_PARCEL S1}. */
    final List<String> sent = new ArrayList<>();

    /** The refunds and parcels an alert may be about. */
    final TreeSet<String> subjects = new TreeSet<>();

    /** The states of the case, in order, each as long as it lasts: {@code MANUAL}, {@code CLOSED RETURNED}. */
    final List<String> caseStates = new ArrayList<>();

    /** Commands by their name in the contract. */
    private final Map<UUID, String> names = new LinkedHashMap<>();

    private @Nullable OrderCase orderCase;
    private final Map<UUID, String> slots = new HashMap<>();
    private final Map<String, Effect> standing = new LinkedHashMap<>();

    final void take(Effect effect) {
        if (effect instanceof Alert alert) {
            take(alert);
            return;
        }
        if (effect instanceof OrderCase it) {
            take(it);
            return;
        }
        Told it = Told.of(effect);
        assertThat(it.id()).isEqualTo(ContractId.of(ORDER + "|" + it.name() + '|' + it.generation()));
        assertThat(slots).as("sent once").doesNotContainKey(it.id());
        sent.add(it.text());
        slots.put(it.id(), it.slot());
        names.put(it.id(), it.name() + '|' + it.generation());
        if (it.target() == null) {
            standing.put(it.slot(), effect);
        } else {
            assertThat(slots).as("was sent before").containsKey(it.target());
            standing.values().removeIf(other -> other.id().equals(it.target()));
        }
    }

    private void take(Alert it) {
        assertThat(it.caseId()).isEqualTo(ContractId.of(ORDER + "|CASE"));
        String about = Stream.concat(subjects.stream(), names.values().stream())
                .filter(subject -> isAbout(it, subject))
                .map(subject -> it.code() + " " + subject)
                .collect(Collectors.joining());
        assertThat(about).as("what " + it.code() + " is about").isNotEmpty();
        sent.add(it.state() + " " + about);
        if (it.state() == Alert.State.FIRING) {
            standing.put(about, it);
        } else {
            assertThat(standing.remove(about)).as("%s fired before", about).isNotNull();
        }
    }

    /** A subject that is a command is its id, of which the scenario says the name. */
    private boolean isAbout(Alert it, String subject) {
        boolean isCommand = names.containsValue(subject);
        String id = isCommand ? ContractId.of(ORDER + "|" + subject).toString() : subject;
        return ContractId.of(ORDER + "|ALERT|" + it.code() + '|' + id).equals(it.id());
    }

    private void take(OrderCase it) {
        OrderCase before = orderCase;
        assertThat(it.id()).isEqualTo(ContractId.of(ORDER + "|CASE"));
        assertThat(it.version()).as("version of the case").isEqualTo(before == null ? 1 : before.version() + 1);
        assertThat(it.outcome() == null).as("open, without an outcome").isEqualTo(it.state() != OrderCase.State.CLOSED);
        assertThat(it.closedAt() == null).as("open, and never closed").isEqualTo(it.state() != OrderCase.State.CLOSED);
        if (before != null) {
            assertThat(it.openedAt()).as("openedAt is kept").isEqualTo(before.openedAt());
            assertThat(it)
                    .as("a version for a change")
                    .usingRecursiveComparison()
                    .ignoringFields("version", "updatedAt")
                    .isNotEqualTo(before);
        }
        orderCase = it;
        if (caseStates.isEmpty() || !caseStates.getLast().equals(caseIs())) {
            caseStates.add(caseIs());
        }
    }

    /** Its state, and when closed its outcome: {@code CLOSED RETURNED}; of none that was ever opened {@code NONE}. */
    final String caseIs() {
        OrderCase it = orderCase;
        if (it == null) {
            return "NONE";
        }
        return it.outcome() == null ? it.state().name() : it.state() + " " + it.outcome();
    }

    final boolean isCaseOpen() {
        OrderCase it = orderCase;
        return it != null && it.state() != OrderCase.State.CLOSED;
    }

    final OrderCase theCase() {
        OrderCase it = orderCase;
        if (it == null) {
            throw new AssertionError("there never was a case");
        }
        return it;
    }

    /** Its receivers had the tombstone. */
    final void forget() {
        orderCase = null;
    }

    /** LOCKs that were not taken back. */
    List<String> locks() {
        return commands("LOCK ");
    }

    /** PULL_PARCELs and INTERCEPTs that were not taken back. */
    List<String> recalls() {
        return commands("(PULL_PARCEL|INTERCEPT) ");
    }

    /** Alerts FIRING, with severity and recommended action. */
    List<String> firing() {
        return standing.entrySet().stream()
                .filter(it -> it.getValue() instanceof Alert)
                .map(it -> it.getKey() + ' ' + Told.how((Alert) it.getValue()))
                .sorted()
                .toList();
    }

    private List<String> commands(String what) {
        return standing.entrySet().stream()
                .filter(it -> it.getKey().matches(what + ".*"))
                .map(it -> Told.of(it.getValue()).text())
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
}
