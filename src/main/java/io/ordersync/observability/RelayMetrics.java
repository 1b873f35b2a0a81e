package io.ordersync.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ordersync.alerting.Relay;
import io.ordersync.alerting.RelayListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What becomes of alerts, by channel. */
public final class RelayMetrics implements RelayListener {

    private static final String CHANNEL = "channel";

    private final MeterRegistry meters;

    public RelayMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Shows how much waits, and since when. */
    public void watch(Relay relay) {
        Gauge.builder("ordersync.alerts.pending", relay, each -> each.status().pending())
                .description("alerts read and not told yet")
                .tag(CHANNEL, relay.channel())
                .register(meters);
        Gauge.builder("ordersync.alerts.pending.age", relay, RelayMetrics::ageSeconds)
                .description("how long the oldest of them has been waiting, by the wall clock")
                .baseUnit("seconds")
                .tag(CHANNEL, relay.channel())
                .register(meters);
    }

    private static double ageSeconds(Relay relay) {
        Instant oldest = relay.status().oldest();
        return oldest == null
                ? 0
                : Math.max(
                        0, Duration.between(oldest, Clock.systemUTC().instant()).toMillis() / 1_000d);
    }

    @Override
    public void done(String channel, Outcome outcome) {
        Counter.builder("ordersync.alerts.relayed")
                .description("alerts that are done for a channel")
                .tag(CHANNEL, channel)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(meters)
                .increment();
    }

    @Override
    public void told(String channel, Duration sinceRecord) {
        Timer.builder("ordersync.alerts.delivery")
                .description("from the record of an alert until the channel has it; of several, from the oldest")
                .tag(CHANNEL, channel)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofHours(1))
                .register(meters)
                .record(sinceRecord);
    }
}
