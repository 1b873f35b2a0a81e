package io.ordersync.config;

import io.ordersync.streams.GroupBacklog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;

/** Clients of the cluster that reach it as the stream does, beside those of the stream. */
final class StreamClients implements GroupBacklog.Clients {

    /** Who asks, asks again: a broker that is silent is not waited for as long as Kafka's clients do by default. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final StreamsConfig settings;

    /** @param settings of the stream */
    StreamClients(Properties settings) {
        this.settings = new StreamsConfig(settings);
    }

    /** The stream's group; its topics and transactions begin with it. */
    String applicationId() {
        return settings.getString(StreamsConfig.APPLICATION_ID_CONFIG);
    }

    /** Does the group know each instance by a name of its own? */
    boolean isStaticMember() {
        return Stream.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX)
                .anyMatch(prefix -> settings.originals().containsKey(prefix + ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
    }

    /** How many the topics have that the stream makes; -1: as the cluster has it. */
    short replicas() {
        return settings.getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG).shortValue();
    }

    /** Those of topics that the stream makes, as Kafka names them. */
    Map<String, String> topicSettings() {
        return settings.originalsWithPrefix(StreamsConfig.TOPIC_PREFIX).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
    }

    @Override
    public Admin admin() {
        Map<String, Object> admin = new HashMap<>(settings.getAdminConfigs(applicationId() + "-topics"));
        admin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        admin.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(PATIENCE.dividedBy(2).toMillis()));
        return Admin.create(admin);
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        Map<String, Object> consumer = new HashMap<>(settings.getRestoreConsumerConfigs(applicationId() + "-backlog"));
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
