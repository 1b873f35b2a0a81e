package io.ordersync.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.alerting.Undelivered;
import io.ordersync.messaging.DeadLetter;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Keeps what a channel refused in {@code order-alerts-undelivered}: key and value byte for byte as they came, with the headers
 * of dead letters for where they stood, the channel, and why.
 */
final class UndeliveredTopic implements Undelivered, AutoCloseable {

    static final String CHANNEL = "order-sync-channel";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaTemplate<byte[], byte[]> kafka;
    private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
    private final String topic;

    UndeliveredTopic(
            KafkaTemplate<byte[], byte[]> kafka, DefaultKafkaProducerFactory<byte[], byte[]> producers, String topic) {
        this.kafka = kafka;
        this.producers = producers;
        this.topic = topic;
    }

    @Override
    public void put(ConsumerRecord<byte[], byte[]> record, String channel, String reason) {
        Headers headers = new RecordHeaders(record.headers());
        set(headers, DeadLetter.TOPIC, record.topic());
        set(headers, DeadLetter.PARTITION, Integer.toString(record.partition()));
        set(headers, DeadLetter.OFFSET, Long.toString(record.offset()));
        set(headers, CHANNEL, channel);
        set(headers, DeadLetter.REASON, "UNDELIVERABLE");
        set(headers, DeadLetter.MESSAGE, reason);
        try {
            kafka.send(new ProducerRecord<>(topic, null, record.key(), record.value(), headers))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | org.springframework.kafka.KafkaException e) {
            throw NestedExceptionUtils.getMostSpecificCause(e) instanceof AuthorizationException
                    ? new AuthorizationException("not allowed: WRITE topic " + topic + " (docs/security.md)", e)
                    : new KafkaException("not known to be in " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private static void set(Headers headers, String name, String text) {
        headers.remove(name).add(name, text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
