package io.ordersync.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ordersync.streams.StreamEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/** Shows how far the stream is, beside what Kafka Streams says of itself. */
public final class StreamMeters implements MeterBinder {

    private final Supplier<@Nullable KafkaStreams> stream;
    private final StreamProgress progress;
    private final Supplier<Optional<Instant>> waitingForRegistry;
    private final Clock clock;

    /**
     * @param stream gives null before the stream was started
     * @param waitingForRegistry since when, by {@code clock}; empty while nobody waits
     */
    public StreamMeters(
            Supplier<@Nullable KafkaStreams> stream,
            StreamProgress progress,
            Supplier<Optional<Instant>> waitingForRegistry,
            Clock clock) {
        this.stream = stream;
        this.progress = progress;
        this.waitingForRegistry = waitingForRegistry;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("ordersync.stream.uncommitted", this, StreamMeters::uncommittedSeconds)
                .description("for how long a thread that has orders has committed nothing")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("ordersync.stream.restoring", progress, StreamProgress::restoring)
                .description("partitions of changelogs that are being restored")
                .register(meters);
        Gauge.builder("ordersync.stream.running", this, StreamMeters::running)
                .description("1 while the stream runs, or rebalances and has run, else 0")
                .register(meters);
        Gauge.builder("ordersync.registry.waiting", this, StreamMeters::waitingSeconds)
                .description("for how long a record has been waiting for a schema that the registry does not give")
                .baseUnit("seconds")
                .register(meters);
    }

    private double waitingSeconds() {
        return waitingForRegistry
                .get()
                .map(since ->
                        Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3))
                .orElse(0.0);
    }

    private double uncommittedSeconds() {
        KafkaStreams streams = stream.get();
        return streams == null ? 0 : progress.uncommitted(streams).toMillis() / 1e3;
    }

    private double running() {
        KafkaStreams streams = stream.get();
        return streams != null
                        && streams.state().isRunningOrRebalancing()
                        && progress.hasRun()
                        && !StreamEnd.isDeserted(streams)
                ? 1
                : 0;
    }
}
