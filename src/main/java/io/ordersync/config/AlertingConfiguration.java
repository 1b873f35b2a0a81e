package io.ordersync.config;

import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRateLimiterMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedTimeLimiterMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.ordersync.alerting.AlertReader;
import io.ordersync.alerting.OneReader;
import io.ordersync.alerting.Relay;
import io.ordersync.alerting.Resilience;
import io.ordersync.alerting.Undelivered;
import io.ordersync.contract.OrderAlert;
import io.ordersync.messaging.AlertDecoder;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.observability.RelayHealth;
import io.ordersync.observability.RelayMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** Wires the relay: a listener for each channel that is configured. */
@Configuration(proxyBeanMethods = false)
@Profile("!redrive")
@Import(AlertingConfiguration.Channels.class)
class AlertingConfiguration {

    static final String CONTAINERS = "alertListenerContainers";

    /** Of one partition, in bytes; a larger record comes alone. */
    private static final int READ_AHEAD = 64 * 1024;
    /** So often a channel looks whether something is due. */
    private static final Duration LOOK = Duration.ofMillis(100);
    /** After so long another instance takes over from one that is gone. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    /** A bean for each channel. */
    static final class Channels implements BeanRegistrar {

        @Override
        public void register(BeanRegistry beans, Environment environment) {
            AlertingProperties alerting =
                    Binder.get(environment).bindOrCreate(AlertingProperties.PREFIX, AlertingProperties.class);
            if (!alerting.enabled()) {
                return;
            }
            for (String name : alerting.channels().keySet()) {
                beans.registerBean(
                        "alertListener-" + name,
                        AlertListener.class,
                        spec -> spec.supplier(context -> listener(name, context)));
            }
        }

        private static AlertListener listener(String name, BeanRegistry.SupplierContext beans) {
            OrderSyncProperties properties = beans.bean(OrderSyncProperties.class);
            AlertingProperties alerting = properties.alerting();
            Function<String, SSLContext> bundles =
                    bundle -> beans.bean(SslBundles.class).getBundle(bundle).createSslContext();
            Relay relay = new Relay(
                    alerting.settings(name, bundles),
                    beans.bean(AlertReader.class),
                    beans.bean(Undelivered.class),
                    beans.bean(RelayMetrics.class),
                    beans.bean(Resilience.class),
                    beans.bean(Clock.class));
            beans.bean(RelayMetrics.class).watch(relay);
            return new AlertListener(
                    relay,
                    properties.topics().orderAlerts(),
                    alerting.groupId(beans.bean(StreamClients.class).applicationId()) + "-" + name,
                    beans.bean(KafkaListenerEndpointRegistry.class));
        }
    }

    @Bean
    AlertReader alertReader(SchemaRegistry registry, OrderSyncProperties properties) {
        AlertDecoder decoder = new AlertDecoder(registry, properties.topics());
        return new AlertReader() {
            @Override
            public boolean isReadable(byte[] value) {
                return decoder.isReadable(value);
            }

            @Override
            public @Nullable OrderAlert read(byte[] value) {
                return decoder.read(value);
            }
        };
    }

    @Bean
    RelayMetrics relayMetrics(MeterRegistry meters) {
        return new RelayMetrics(meters);
    }

    @Bean
    Resilience resilience(MeterRegistry meters) {
        Resilience resilience = Resilience.empty();
        TaggedRetryMetrics.ofRetryRegistry(resilience.retries()).bindTo(meters);
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(resilience.breakers())
                .bindTo(meters);
        TaggedRateLimiterMetrics.ofRateLimiterRegistry(resilience.limiters()).bindTo(meters);
        TaggedTimeLimiterMetrics.ofTimeLimiterRegistry(resilience.timeLimiters())
                .bindTo(meters);
        TaggedBulkheadMetrics.ofBulkheadRegistry(resilience.bulkheads()).bindTo(meters);
        return resilience;
    }

    @Bean
    RelayHealth alertRelayHealthIndicator(ObjectProvider<AlertListener> listeners) {
        return new RelayHealth(() -> {
            Map<String, Relay.Status> channels = new TreeMap<>();
            listeners.forEach(listener -> channels.put(listener.relay().channel(), listener.status()));
            return channels;
        });
    }

    @Bean
    Undelivered undelivered(OrderSyncProperties properties, DefaultKafkaProducerFactory<?, ?> configured) {
        Map<String, Object> settings = new HashMap<>(configured.getConfigurationProperties());
        // The thread of the channel waits for it.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024);
        DefaultKafkaProducerFactory<byte[], byte[]> producers =
                new DefaultKafkaProducerFactory<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        return new UndeliveredTopic(
                new KafkaTemplate<>(producers), producers, properties.topics().orderAlertsUndelivered());
    }

    @Bean(CONTAINERS)
    ConcurrentKafkaListenerContainerFactory<byte[], byte[]> alertListenerContainers(
            DefaultKafkaConsumerFactory<?, ?> configured,
            ObjectProvider<AlertListener> listeners,
            MeterRegistry meters) {
        // With what Spring adds to the properties: spring.kafka.ssl.bundle is not among them.
        Map<String, Object> settings = new HashMap<>(configured.getConfigurationProperties());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(OneReader.class));
        // For a moment: the relay looks up where a partition begins, and tells nothing before. Spring asks for the
        // position at once, and by_duration has none for a partition on which nothing stands.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        // A consumer reads ahead, also while its channel hangs: a megabyte of each partition by default, of each
        // channel.
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, READ_AHEAD);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * READ_AHEAD);
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int)
                SESSION.dividedBy(3).toMillis());
        // As the stream's: a broker that is silent is left.
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 120_000);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        ConcurrentKafkaListenerContainerFactory<byte[], byte[]> factory =
                new ConcurrentKafkaListenerContainerFactory<>();
        DefaultKafkaConsumerFactory<byte[], byte[]> consumers =
                new DefaultKafkaConsumerFactory<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumers.addListener(new MicrometerConsumerListener<>(meters));
        factory.setConsumerFactory(consumers);
        ContainerProperties container = factory.getContainerProperties();
        // What is done is committed by the relay, with what is done behind it.
        container.setAckMode(ContainerProperties.AckMode.MANUAL);
        // Where a partition begins is the relay's too.
        container.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
        // An ACL may come later than the service.
        container.setAuthExceptionRetryInterval(SESSION);
        container.setPollTimeout(LOOK.toMillis());
        container.setPollTimeoutWhilePaused(LOOK);
        container.setIdleEventInterval(LOOK.toMillis());
        container.setIdleBeforeDataMultiplier(1);
        // The relay keeps what was read: nothing is to be read again, and nothing committed.
        DefaultErrorHandler errors = new DefaultErrorHandler(new FixedBackOff(0, 0));
        errors.setAckAfterHandle(false);
        factory.setCommonErrorHandler(errors);
        factory.setContainerCustomizer(one -> listeners.stream()
                .filter(listener -> listener.id().equals(one.getListenerId()))
                .forEach(listener -> one.getContainerProperties().setConsumerRebalanceListener(listener)));
        return factory;
    }
}
