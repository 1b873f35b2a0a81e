package io.ordersync.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The same facts in every order of arrival, two hundred of them when they are too many, and then all of them once more:
 * that must send nothing.
 */
final class Arrivals {
    private final List<Given.Telling<?>> tellings;
    private GivenPolicy policy = GivenPolicy.policy();
    private Instant now = Scenario.NOON;

    private Arrivals(List<Given.Telling<?>> tellings) {
        this.tellings = tellings;
    }

    static Arrivals inEveryOrder(Given.Telling<?>... tellings) {
        return new Arrivals(List.of(tellings));
    }

    /** Only as they are named. */
    static Scenario inThisOrder(Given.Telling<?>... tellings) {
        return inThisOrder(GivenPolicy.policy(), tellings);
    }

    static Scenario inThisOrder(GivenPolicy policy, Given.Telling<?>... tellings) {
        Scenario scenario = new Scenario(policy);
        List.of(tellings).forEach(telling -> scenario.tell(telling, Scenario.NOON));
        return scenario;
    }

    Arrivals under(GivenPolicy other) {
        policy = other;
        return this;
    }

    Arrivals now(Instant time) {
        now = time;
        return this;
    }

    void then(Consumer<Scenario> expectation) {
        for (List<Given.Telling<?>> order : orders()) {
            Scenario scenario = new Scenario(policy);
            try {
                order.forEach(telling -> scenario.tell(telling, now));
                expectation.accept(scenario);
                order.forEach(telling -> assertThat(scenario.tell(telling, now).effects())
                        .as("sent for a repetition")
                        .isEmpty());
            } catch (AssertionError e) {
                throw new AssertionError("arrived: " + scenario + ": " + e.getMessage(), e);
            }
        }
    }

    private List<List<Given.Telling<?>>> orders() {
        List<List<Given.Telling<?>>> orders = new ArrayList<>();
        if (tellings.size() <= 5) {
            permute(new ArrayList<>(), orders);
            return orders;
        }
        Random random = new Random(20261120);
        for (int i = 0; i < 200; i++) {
            List<Given.Telling<?>> order = new ArrayList<>(tellings);
            Collections.shuffle(order, random);
            orders.add(order);
        }
        return orders;
    }

    private void permute(List<Given.Telling<?>> begun, List<List<Given.Telling<?>>> orders) {
        if (begun.size() == tellings.size()) {
            orders.add(List.copyOf(begun));
        }
        for (Given.Telling<?> next : tellings) {
            if (!begun.contains(next)) {
                begun.add(next);
                permute(begun, orders);
                begun.removeLast();
            }
        }
    }
}
