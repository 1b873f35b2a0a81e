package io.ordersync.bench;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends without waiting for each answer, and keeps the first refusal: the next call throws it. */
final class EventSender implements AutoCloseable {

    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    private final Producer<byte[], byte[]> producer;

    /** @param settings of the producer */
    EventSender(Map<String, Object> settings) {
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** For a load that is there before it is read. */
    static EventSender ofManyAtOnce(String bootstrapServers) {
        return new EventSender(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                // Of a topic just made, the first batch may be refused and a later one taken: the first never is then.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told.
    void send(ProducerRecord<byte[], byte[]> record) {
        producer.send(record, (at, failure) -> refused.compareAndSet(null, failure));
        requireTaken();
    }

    /** Waits until the broker has all. */
    void flush() {
        producer.flush();
        requireTaken();
    }

    private void requireTaken() {
        Exception failure = refused.get();
        if (failure != null) {
            throw new IllegalStateException("the broker did not take all", failure);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
