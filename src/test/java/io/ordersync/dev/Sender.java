package io.ordersync.dev;

import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends records of the contract, and tells when one could not be sent. */
final class Sender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("shop");

    private final WireEncoder encoder;
    private final Producer<String, byte[]> producer;

    Sender(String bootstrapServers, String registryUrl) {
        this.encoder = new WireEncoder(registryUrl);
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells of errors
    void send(String topic, String key, SpecificRecordBase value) {
        producer.send(new ProducerRecord<>(topic, key, encoder.encode(topic, value)), (ignored, error) -> {
            if (error != null) {
                LOG.warn("a record of {} was not sent to {}: {}", key, topic, error.toString());
            }
        });
    }

    @Override
    public void close() {
        producer.close();
    }
}
