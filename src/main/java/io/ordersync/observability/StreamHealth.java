package io.ordersync.observability;

import io.ordersync.streams.StreamEnd;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up while the stream has its orders and commits what it does. Also while it rebalances, once it has run: that is not death.
 * Out of service before it has run and has its copies, while it restores orders, and when one of its threads has committed
 * nothing for {@link #PATIENCE}.
 */
public final class StreamHealth implements HealthIndicator {

    /** Several of the broker's transactions (10 s), and longer than a cluster takes to let another broker lead. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<@Nullable KafkaStreams> stream;
    private final Supplier<@Nullable String> waitingFor;
    private final StreamProgress progress;

    /**
     * @param stream gives null before the stream was started
     * @param waitingFor what is waited for before it is started; null: nothing
     */
    public StreamHealth(
            Supplier<@Nullable KafkaStreams> stream, Supplier<@Nullable String> waitingFor, StreamProgress progress) {
        this.stream = stream;
        this.waitingFor = waitingFor;
        this.progress = progress;
    }

    @Override
    public Health health() {
        KafkaStreams streams = stream.get();
        if (streams == null) {
            String missing = waitingFor.get();
            Health.Builder health = Health.outOfService().withDetail("state", "not started");
            return (missing == null ? health : health.withDetail("waitingFor", missing)).build();
        }
        KafkaStreams.State state = streams.state();
        if (StreamEnd.isDeserted(streams)) {
            return Health.down()
                    .withDetail("state", state)
                    .withDetail("threads", 0)
                    .build();
        }
        if (!state.isRunningOrRebalancing()) {
            return Health.down().withDetail("state", state).build();
        }
        return working(
                state,
                progress.hasRun(),
                progress.restoring(),
                () -> progress.hasCopies(streams),
                progress.uncommitted(streams));
    }

    static Health working(
            KafkaStreams.State state, boolean hasRun, int restoring, BooleanSupplier hasCopies, Duration uncommitted) {
        if (restoring > 0) {
            return Health.outOfService()
                    .withDetail("state", state)
                    .withDetail("restoring", restoring)
                    .build();
        }
        if (!hasRun) {
            return Health.outOfService()
                    .withDetail("state", state)
                    .withDetail("waitingFor", "its share of the orders")
                    .build();
        }
        if (!hasCopies.getAsBoolean()) {
            return Health.outOfService()
                    .withDetail("state", state)
                    .withDetail("waitingFor", "its copies of orders")
                    .build();
        }
        if (uncommitted.compareTo(PATIENCE) >= 0) {
            return Health.outOfService()
                    .withDetail("state", state)
                    .withDetail("uncommittedSeconds", uncommitted.toSeconds())
                    .build();
        }
        return Health.up().withDetail("state", state).build();
    }
}
