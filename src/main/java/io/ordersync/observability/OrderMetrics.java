package io.ordersync.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.Rejection;
import io.ordersync.streams.StreamListener;
import java.util.Locale;

/**
 * Counts what the stream does. Counted before the transaction commits: after a crash some are counted twice, while nothing
 * is sent twice.
 */
public final class OrderMetrics implements StreamListener {

    /** Events taken in, by topic and outcome: news, repeated, stale, contradicted. */
    static final String EVENTS = "ordersync.events";
    /** Records put to the dead letters, by topic and reason. */
    static final String DEAD_LETTERS = "ordersync.dead.letters";
    /** Records without a value that were passed over, by topic. */
    static final String PASSED_OVER = "ordersync.passed.over";
    /** Commands sent, by action. */
    static final String COMMANDS = "ordersync.commands";
    /** Commands that the shadow mode kept back, by action. A name of their own: whoever sums {@link #COMMANDS} sums what was sent. */
    static final String WITHHELD = "ordersync.commands.withheld";
    /** Alerts sent, by code, severity and state. */
    static final String ALERTS = "ordersync.alerts";
    /** Cases sent, one for each change, by state and outcome; the outcome is none while a case is open. */
    static final String CASES = "ordersync.cases";
    /** Answers to commands never sent that gave way to later ones. */
    static final String ANSWERS_DROPPED = "ordersync.answers.dropped";
    /** How often something of an order was not answered in time. */
    static final String DEADLINES = "ordersync.deadlines.passed";
    /** Orders that someone asked to forget. */
    static final String ERASED = "ordersync.orders.erased";
    /** What time would have done to an order and failed, by a bug of ours: it is tried again. */
    static final String FAILURES = "ordersync.failures";
    /** Orders forgotten. */
    static final String FORGOTTEN = "ordersync.orders.forgotten";

    /** Records that came to another partition than their order's, by the topic they came by. */
    static final String STRAYS = "ordersync.strays";

    private final MeterRegistry meters;

    public OrderMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void arrived(String topic, Decision.Outcome outcome) {
        meters.counter(EVENTS, "topic", topic, "outcome", tag(outcome)).increment();
    }

    @Override
    public void strayed(String topic) {
        meters.counter(STRAYS, "topic", topic).increment();
    }

    @Override
    public void rejected(String topic, Rejection rejection) {
        meters.counter(DEAD_LETTERS, "topic", topic, "reason", tag(rejection.reason()))
                .increment();
    }

    @Override
    public void passedOver(String topic) {
        meters.counter(PASSED_OVER, "topic", topic).increment();
    }

    @Override
    public void sent(Effect effect) {
        switch (effect) {
            case LockCommand lock -> count(COMMANDS, lock.action());
            case InterceptCommand intercept -> count(COMMANDS, intercept.action());
            case OrderCase orderCase ->
                meters.counter(
                                CASES,
                                "state",
                                tag(orderCase.state()),
                                "outcome",
                                orderCase.outcome() == null ? "none" : tag(orderCase.outcome()))
                        .increment();
            case Alert alert ->
                meters.counter(
                                ALERTS,
                                "code",
                                tag(alert.code()),
                                "severity",
                                tag(alert.severity()),
                                "state",
                                tag(alert.state()))
                        .increment();
        }
    }

    @Override
    public void withheld(Effect command) {
        switch (command) {
            case LockCommand lock -> count(WITHHELD, lock.action());
            case InterceptCommand intercept -> count(WITHHELD, intercept.action());
            // These are sent in shadow too.
            case OrderCase orderCase -> {}
            case Alert alert -> {}
        }
    }

    @Override
    public void answersDropped(int count) {
        meters.counter(ANSWERS_DROPPED).increment(count);
    }

    @Override
    public void forgotten() {
        meters.counter(FORGOTTEN).increment();
    }

    @Override
    public void erased() {
        meters.counter(ERASED).increment();
    }

    @Override
    public void deadlinesPassed() {
        meters.counter(DEADLINES).increment();
    }

    @Override
    public void failed() {
        meters.counter(FAILURES).increment();
    }

    private void count(String name, Enum<?> action) {
        meters.counter(name, "action", tag(action)).increment();
    }

    private static String tag(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }
}
