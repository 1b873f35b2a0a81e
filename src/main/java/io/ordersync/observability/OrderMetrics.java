package io.ordersync.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.Rejection;
import io.ordersync.streams.StreamListener;
import java.util.Locale;

/**
 * Counts what the stream does. Counted before the transaction commits: after a crash some are counted twice, while nothing
 * is sent twice.
 */
public final class OrderMetrics implements StreamListener {

    /** Events taken in, by topic and outcome: news, repeated, stale. */
    static final String EVENTS = "ordersync.events";
    /** Records put to the dead letters, by topic and reason. */
    static final String DEAD_LETTERS = "ordersync.dead.letters";
    /** Records without a value that were passed over, by topic. */
    static final String PASSED_OVER = "ordersync.passed.over";
    /** Commands sent, by action. */
    static final String COMMANDS = "ordersync.commands";
    /** Alerts sent, by code, severity and state. */
    static final String ALERTS = "ordersync.alerts";
    /** Orders forgotten. */
    static final String FORGOTTEN = "ordersync.orders.forgotten";

    private final MeterRegistry meters;

    public OrderMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void arrived(String topic, Decision.Outcome outcome) {
        meters.counter(EVENTS, "topic", topic, "outcome", tag(outcome)).increment();
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
            case LockCommand lock ->
                meters.counter(COMMANDS, "action", tag(lock.action())).increment();
            case InterceptCommand intercept ->
                meters.counter(COMMANDS, "action", tag(intercept.action())).increment();
            case io.ordersync.domain.OrderCase orderCase -> {}
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
    public void forgotten() {
        meters.counter(FORGOTTEN).increment();
    }

    private static String tag(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }
}
