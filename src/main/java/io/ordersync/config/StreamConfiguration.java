package io.ordersync.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Effect;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.messaging.EffectWriter;
import io.ordersync.messaging.FactReader;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import io.ordersync.observability.OrderMetrics;
import io.ordersync.observability.RegistryHealth;
import io.ordersync.observability.StreamHealth;
import io.ordersync.streams.BoundedRocksDb;
import io.ordersync.streams.Edges;
import io.ordersync.streams.OrderTopology;
import io.ordersync.streams.StreamListener;
import io.ordersync.streams.WatchedClients;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.EnableKafkaStreams;
import org.springframework.kafka.config.KafkaStreamsInfrastructureCustomizer;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.config.StreamsBuilderFactoryBeanConfigurer;

/** Wires the stream and its edges. */
@Configuration(proxyBeanMethods = false)
@EnableKafkaStreams
@EnableConfigurationProperties(OrderSyncProperties.class)
class StreamConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConfiguration.class);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SchemaRegistry schemaRegistry(OrderSyncProperties properties, Clock clock) {
        return new SchemaRegistry(properties.toRegistry(), clock);
    }

    /** Who waits for the registry does not hear that the stream is to stop. */
    @Bean
    StopsWaiting stopsWaiting(SchemaRegistry registry) {
        return new StopsWaiting(registry);
    }

    record StopsWaiting(SchemaRegistry registry) {

        @EventListener
        void on(ContextClosedEvent closed) {
            registry.close();
        }
    }

    @Bean
    Edges edges(SchemaRegistry registry, OrderSyncProperties properties) {
        Topics topics = properties.topics();
        FactReader reader = new FactReader(registry, topics);
        EffectWriter writer = new EffectWriter(registry, topics);
        writer.register();
        return new Edges() {
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
                return writer.value(order, effect);
            }

            @Override
            public Headers deadLetterHeaders(
                    RecordMetadata source, Record<byte[], byte[]> record, Rejection rejection) {
                return DeadLetter.headers(
                        source.topic(), source.partition(), source.offset(), record.headers(), rejection);
            }
        };
    }

    @Bean
    OrderMetrics orderMetrics(MeterRegistry meters) {
        return new OrderMetrics(meters);
    }

    @Bean
    StreamsBuilderFactoryBeanConfigurer stream(
            OrderSyncProperties properties, Edges edges, StreamListener listener, Clock clock) {
        Topics topics = properties.topics();
        OrderTopology orders = new OrderTopology(
                topics.inputs(),
                topics.optionalInputs(),
                topics.warehouseLockCommands(),
                topics.interceptShipmentCommands(),
                topics.orderAlerts(),
                topics.orderCases(),
                topics.deadLetters());
        WatchedClients clients = new WatchedClients();
        return factory -> {
            // What the guarantees rest on: not to be configured otherwise.
            Properties settings = Objects.requireNonNull(factory.getStreamsConfiguration());
            settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
            settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
            factory.setClientSupplier(clients);
            factory.setStreamsUncaughtExceptionHandler(new ReplaceThreads(10, Duration.ofMinutes(10), clock));
            factory.setInfrastructureCustomizer(new KafkaStreamsInfrastructureCustomizer() {
                @Override
                public void configureTopology(Topology topology) {
                    orders.addTo(topology, properties.state().store(), edges, properties.toPolicy(), listener, clients);
                    LOG.info("{}", topology.describe());
                }
            });
        };
    }

    @Bean
    StreamHealth kafkaStreamsHealthIndicator(StreamsBuilderFactoryBean stream) {
        return new StreamHealth(stream::getKafkaStreams);
    }

    @Bean
    RegistryHealth schemaRegistryHealthIndicator(SchemaRegistry registry) {
        return new RegistryHealth(registry::waitingSince);
    }
}
