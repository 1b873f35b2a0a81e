package io.ordersync.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka's consumer, which tells its thread's {@link Inputs} what it hands out. */
final class WatchedConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final ThreadLocal<Inputs> OF_THREAD = new ThreadLocal<>();

    private final Inputs inputs;

    WatchedConsumer(Map<String, Object> config, Admin admin) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        inputs = new Inputs(this, admin);
    }

    /** What this thread reads: a task comes to its thread by a poll. */
    static Inputs inputsOfThisThread() {
        return Objects.requireNonNull(OF_THREAD.get(), "this thread reads no inputs");
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        OF_THREAD.set(inputs);
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        inputs.handedOut(records);
        return records;
    }
}
