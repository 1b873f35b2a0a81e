package io.ordersync.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts of one order as they arrive, one by one, and what was sent for them. */
final class Scenario extends Outbox {
    static final Instant NOON = Given.at("12:00");

    /** Commands that the shadow mode kept back. */
    final List<String> withheld = new ArrayList<>();

    private Policy policy;
    private final List<String> arrived = new ArrayList<>();
    private OrderRecord order = OrderRecord.NEW;
    private boolean forgotten;
    private Instant now = NOON;

    Scenario(GivenPolicy policy) {
        this.policy = policy.build();
    }

    /** As all that comes from now on is decided. */
    Scenario under(GivenPolicy other) {
        policy = other.build();
        return this;
    }

    /** Tells it at the moment to which time has passed. */
    Decision tell(Given.Telling<?> telling) {
        return tell(telling, now);
    }

    Decision tell(Given.Telling<?> telling, Instant time) {
        Fact fact = telling.build();
        arrived.add(fact.eventId());
        String subject = fact.subject();
        if (subject != null) {
            subjects.add(subject);
        }
        return follow(Decision.on(new Arrival(ORDER, fact), order, policy, time));
    }

    /** The backlog comes in: the wall clock goes on, and no deadline is looked at. */
    Scenario clock(Instant to) {
        now = to;
        return this;
    }

    /** All that arrived was taken in, and the deadlines up to then are looked at. */
    Scenario timePasses(Instant to) {
        now = to;
        for (int times = 0; isDue(); times++) {
            assertThat(times).as("deadlines that do not end: " + order.due()).isLessThan(20);
            follow(Decision.due(ORDER, order, policy, now, now));
        }
        return this;
    }

    private boolean isDue() {
        Instant due = order.due();
        return due != null && !due.isAfter(now);
    }

    /** When the next deadline is; null: nothing is waited for. */
    @Nullable
    Instant due() {
        return order.due();
    }

    /** Looks at the deadlines, whatever the record says of the next one. */
    Scenario looksAtDeadlines(Instant at) {
        now = at;
        follow(Decision.due(ORDER, order, policy, now, now));
        return this;
    }

    Decision erase() {
        return follow(Decision.erase(ORDER, order, policy, now));
    }

    /** Was the order forgotten by the last that came? */
    boolean isForgotten() {
        return forgotten;
    }

    private Decision follow(Decision decision) {
        OrderRecord next = decision.next();
        decision.effects().forEach(this::take);
        decision.withheld().forEach(command -> withheld.add(Told.of(command).text()));
        forgotten = next == null;
        order = next == null ? OrderRecord.NEW : next;
        if (forgotten) {
            forget();
        }
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
