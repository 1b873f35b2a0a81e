package io.ordersync.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts of one order as they arrive, one by one, and what was sent for them. */
final class Scenario extends Outbox {
    static final Instant NOON = Given.at("12:00");

    private final Policy policy;
    private final List<String> arrived = new ArrayList<>();
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
