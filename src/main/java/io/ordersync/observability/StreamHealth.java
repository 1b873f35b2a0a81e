package io.ordersync.observability;

import io.ordersync.streams.StreamEnd;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the stream runs or rebalances, and has a thread to do it: a rebalance is not death. */
public final class StreamHealth implements HealthIndicator {

    private final Supplier<@Nullable KafkaStreams> stream;
    private final Supplier<@Nullable String> waitingFor;

    /**
     * @param stream gives null before the stream was started
     * @param waitingFor what is waited for before it is started; null: nothing
     */
    public StreamHealth(Supplier<@Nullable KafkaStreams> stream, Supplier<@Nullable String> waitingFor) {
        this.stream = stream;
        this.waitingFor = waitingFor;
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
        Health.Builder health = state.isRunningOrRebalancing() ? Health.up() : Health.down();
        return health.withDetail("state", state).build();
    }
}
