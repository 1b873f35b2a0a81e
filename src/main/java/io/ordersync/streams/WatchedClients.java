package io.ordersync.streams;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** The clients that Kafka Streams works with: its own, but those that read the inputs can be asked what they have not read. */
public final class WatchedClients implements KafkaClientSupplier, Backlog.Supplier {

    private @Nullable Admin admin;

    @Override
    public Backlog of(TaskId task) {
        return new TaskBacklog(task, WatchedConsumer.inputsOfThisThread());
    }

    /** Kafka Streams makes its admin client before all consumers, and closes it after them. */
    @Override
    public synchronized Admin getAdmin(Map<String, Object> config) {
        admin = Admin.create(config);
        return admin;
    }

    @Override
    public synchronized Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new WatchedConsumer(config, Objects.requireNonNull(admin));
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
