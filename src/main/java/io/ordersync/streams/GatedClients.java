package io.ordersync.streams;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Kafka Streams works with: its own, but those that read the inputs hand out only what can be read now, those
 * that write leave the broker a moment between two transactions.
 */
public final class GatedClients implements KafkaClientSupplier {

    private final Edges edges;
    private final Strays strays;

    public GatedClients(Edges edges, Strays strays) {
        this.edges = edges;
        this.strays = strays;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new GatedConsumer(config, this::isReadable);
    }

    private boolean isReadable(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null || edges.isReadable(strays.topicOf(record), record.value());
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new SpacedProducer(config, SpacedProducer.SPACE);
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
