package io.ordersync.streams;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Effect;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.messaging.EffectWriter;
import io.ordersync.messaging.FactReader;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import io.ordersync.messaging.Trace;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The service's own readers and writers, with a bug for one order. */
final class RealEdges implements Edges, AutoCloseable {

    private final SchemaRegistry registry;
    private final FactReader reader;
    private final EffectWriter writer;
    private @Nullable OrderKey failsFor;

    RealEdges(String registryUrl, Topics topics) {
        registry = new SchemaRegistry(
                new SchemaRegistry.Settings(
                        "io.ordersync.wire.AvroSerializer",
                        "io.ordersync.wire.AvroDeserializer",
                        Map.of("schema.registry.url", registryUrl)),
                Clock.systemUTC());
        reader = new FactReader(registry, topics);
        writer = new EffectWriter(registry, topics);
        writer.register();
    }

    /** From now on nothing can be written for {@code order}. */
    void failFor(OrderKey order) {
        failsFor = order;
    }

    @Override
    public boolean isReadable(String topic, byte[] value) {
        return reader.isReadable(topic, value);
    }

    @Override
    public Arrival read(RecordMetadata source, byte[] value) {
        return reader.read(source.topic(), source.partition(), source.offset(), value);
    }

    @Override
    public @Nullable OrderKey erasureOf(RecordMetadata source, byte @Nullable [] key) {
        return reader.erasureOf(source.topic(), key);
    }

    @Override
    public byte[] write(OrderKey order, Effect effect) {
        if (Objects.equals(order, failsFor)) {
            throw new IllegalStateException("a bug");
        }
        return writer.value(order, effect);
    }

    @Override
    public void follow(Headers headers) {
        // Nothing is logged here that is looked at.
    }

    @Override
    public Headers traceOf(Headers cause) {
        return Trace.of(cause);
    }

    @Override
    public Headers deadLetterHeaders(RecordMetadata source, Record<byte[], byte[]> record, Rejection rejection) {
        return DeadLetter.headers(source.topic(), source.partition(), source.offset(), record.headers(), rejection);
    }

    @Override
    public void close() {
        registry.close();
    }
}
