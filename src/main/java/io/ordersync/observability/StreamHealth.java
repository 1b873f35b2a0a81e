package io.ordersync.observability;

import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the stream runs or rebalances: a rebalance is not death. */
public final class StreamHealth implements HealthIndicator {

    private final Supplier<@Nullable KafkaStreams> stream;

    /** @param stream gives null before the stream was started */
    public StreamHealth(Supplier<@Nullable KafkaStreams> stream) {
        this.stream = stream;
    }

    @Override
    public Health health() {
        KafkaStreams streams = stream.get();
        if (streams == null) {
            return Health.outOfService().withDetail("state", "not started").build();
        }
        KafkaStreams.State state = streams.state();
        Health.Builder health = state.isRunningOrRebalancing() ? Health.up() : Health.down();
        return health.withDetail("state", state).build();
    }
}
