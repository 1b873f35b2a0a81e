package io.ordersync.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
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
import io.ordersync.observability.OrderMetrics;
import io.ordersync.observability.RegistryHealth;
import io.ordersync.observability.StreamHealth;
import io.ordersync.observability.StreamMeters;
import io.ordersync.observability.StreamProgress;
import io.ordersync.streams.AbandonedTransactions;
import io.ordersync.streams.BoundedRocksDb;
import io.ordersync.streams.Edges;
import io.ordersync.streams.GatedClients;
import io.ordersync.streams.GroupBacklog;
import io.ordersync.streams.InternalTopics;
import io.ordersync.streams.OrderTopology;
import io.ordersync.streams.Rights;
import io.ordersync.streams.StreamEnd;
import io.ordersync.streams.StreamListener;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.EnableKafkaStreams;
import org.springframework.kafka.annotation.KafkaStreamsDefaultConfiguration;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.KafkaStreamsInfrastructureCustomizer;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.config.StreamsBuilderFactoryBeanConfigurer;

/** Wires the stream and its edges. */
@Configuration(proxyBeanMethods = false)
@Profile("!redrive")
@EnableKafkaStreams
@EnableConfigurationProperties(OrderSyncProperties.class)
class StreamConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConfiguration.class);
    private static final Headers NO_TRACE = new RecordHeaders();

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
    EffectWriter effectWriter(SchemaRegistry registry, OrderSyncProperties properties) {
        return new EffectWriter(registry, properties.topics());
    }

    @Bean
    Edges edges(SchemaRegistry registry, EffectWriter writer, OrderSyncProperties properties) {
        FactReader reader = new FactReader(registry, properties.topics());
        return new Edges() {
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
                return writer.value(order, effect);
            }

            @Override
            public void follow(Headers headers) {
                if (properties.tracing()) {
                    CurrentTrace.set(headers);
                }
            }

            @Override
            public Headers traceOf(Headers cause) {
                return properties.tracing() ? Trace.of(cause) : NO_TRACE;
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
    OrderMetrics orderMetrics(MeterRegistry meters, Clock clock) {
        return new OrderMetrics(meters, clock);
    }

    /** The buckets of the histograms tell an example, where the scraper asks for OpenMetrics. */
    @Bean
    @ConditionalOnBooleanProperty("order-sync.tracing")
    SpanContext currentTrace() {
        return new CurrentTrace();
    }

    @Bean
    InternalTopics internalTopics(OrderSyncProperties properties, StreamClients clients) {
        return new InternalTopics(
                clients.applicationId(),
                properties.topics().inputs(),
                properties.topics().optionalInputs(),
                properties.partitions(),
                clients.replicas(),
                clients.topicSettings());
    }

    @Bean
    Rights rights(OrderSyncProperties properties, InternalTopics internal, StreamClients clients) {
        Topics topics = properties.topics();
        Set<String> inputs = new HashSet<>(topics.inputs());
        inputs.addAll(topics.optionalInputs());
        return new Rights(clients.applicationId(), inputs, topics.outputs(), internal);
    }

    @Bean
    StreamClients streamClients(
            @Qualifier(KafkaStreamsDefaultConfiguration.DEFAULT_STREAMS_CONFIG_BEAN_NAME)
                    KafkaStreamsConfiguration settings) {
        return new StreamClients(settings.asProperties());
    }

    @Bean
    GroupBacklog backlog(OrderSyncProperties properties, InternalTopics internal, StreamClients clients, Clock clock) {
        return new GroupBacklog(
                clients.applicationId(),
                properties.topics().inputs(),
                properties.topics().optionalInputs(),
                internal.strays().topic(),
                clients,
                clock);
    }

    @Bean
    StreamsBuilderFactoryBeanConfigurer stream(
            OrderSyncProperties properties,
            Edges edges,
            StreamListener listener,
            Rights rights,
            InternalTopics internal,
            GroupBacklog backlog,
            StreamClients clients,
            StreamEnd end,
            StreamProgress progress,
            LifecycleProperties lifecycle,
            Clock clock) {
        Topics topics = properties.topics();
        OrderTopology orders = new OrderTopology(
                topics.inputs(),
                topics.optionalInputs(),
                topics.warehouseLockCommands(),
                topics.interceptShipmentCommands(),
                topics.orderAlerts(),
                topics.orderCases(),
                topics.deadLetters(),
                internal.strays(),
                internal.width());
        ReplaceThreads replace = new ReplaceThreads(
                10,
                Duration.ofMinutes(10),
                clock,
                () -> mayGoOn(rights, internal, clients),
                () -> Runtime.getRuntime().halt(ReplaceThreads.OUT_OF_MEMORY));
        return factory -> {
            // What the guarantees rest on: not to be configured otherwise.
            Properties settings = Objects.requireNonNull(factory.getStreamsConfiguration());
            settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            // Another one would pass over what it failed on, and over a state that can't be read.
            settings.put(
                    StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                    LogAndFailProcessingExceptionHandler.class);
            settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
            settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
            // What the factory gives is a copy.
            factory.setStreamsConfiguration(settings);
            factory.setClientSupplier(new GatedClients(edges, internal.strays()));
            // Who is asked to stop hands its orders over at once: nobody waits until its session has expired. A static
            // member is to find them again when it is back.
            factory.setLeaveGroupOnClose(!clients.isStaticMember());
            // Who is cut off before it has committed restores all of its orders when it is back.
            factory.setCloseTimeout(
                    Math.toIntExact(lifecycle.getTimeoutPerShutdownPhase().toSeconds()));
            factory.setStateListener((newState, oldState) -> {
                progress.onChange(newState, oldState);
                end.onChange(newState, oldState);
            });
            factory.setStateRestoreListener(progress);
            factory.addListener(new StreamsBuilderFactoryBean.Listener() {
                @Override
                public void streamsAdded(String id, KafkaStreams streams) {
                    end.watch(streams);
                }
            });
            // StartUp does, when all is there.
            factory.setAutoStartup(false);
            factory.setStreamsUncaughtExceptionHandler(replace);
            factory.setInfrastructureCustomizer(new KafkaStreamsInfrastructureCustomizer() {
                @Override
                public void configureTopology(Topology topology) {
                    orders.addTo(
                            topology,
                            properties.state().store(),
                            edges,
                            properties.toPolicy(),
                            listener,
                            backlog,
                            clock);
                    LOG.info("{}", topology.describe());
                }
            });
        };
    }

    @Bean(initMethod = "start")
    AbandonedTransactions abandonedTransactions(StreamClients clients, StreamsBuilderFactoryBean stream) {
        return new AbandonedTransactions(clients.applicationId(), clients::admin, () -> {
            KafkaStreams streams = stream.getKafkaStreams();
            return streams == null || streams.state() != KafkaStreams.State.REBALANCING
                    ? Set.of()
                    : streams.metadataForLocalThreads().stream()
                            .map(ThreadMetadata::consumerClientId)
                            .collect(Collectors.toSet());
        });
    }

    /**
     * Can another thread do better than the one that died? An input that got more partitions than the state has kills the
     * threads until the state has as many. Whoever lacks a right ends at once: the next start says which, and waits for it.
     */
    private static boolean mayGoOn(Rights rights, InternalTopics internal, StreamClients clients) {
        String refused;
        try (Admin admin = clients.admin()) {
            refused = String.join(", ", rights.missing(admin));
            if (refused.isEmpty()) {
                internal.widen(admin);
                return true;
            }
        } catch (AuthorizationException | AuthenticationException e) {
            refused = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("it is not known whether an input has more partitions by now", e);
            return true;
        }
        LOG.error("not allowed: {} (docs/security.md)", refused);
        return false;
    }

    @Bean(initMethod = "start")
    StreamEnd streamEnd(Clock clock) {
        return new StreamEnd(clock);
    }

    @Bean
    StartUp startUp(
            EffectWriter writer,
            OrderSyncProperties properties,
            Rights rights,
            InternalTopics internal,
            StreamClients clients,
            StreamsBuilderFactoryBean stream) {
        Runnable registration = () -> {
            writer.register();
            if (properties.alerting().hasChannels()) {
                writer.registerUndelivered();
            }
        };
        return new StartUp(registration, rights, internal, clients, stream);
    }

    @Bean
    StreamProgress streamProgress() {
        return new StreamProgress();
    }

    @Bean
    StreamHealth kafkaStreamsHealthIndicator(
            StreamsBuilderFactoryBean stream, StartUp startUp, StreamProgress progress) {
        return new StreamHealth(stream::getKafkaStreams, startUp::waitingFor, progress);
    }

    @Bean
    MeterBinder streamMeters(
            StreamsBuilderFactoryBean stream, StreamProgress progress, SchemaRegistry registry, Clock clock) {
        return new StreamMeters(stream::getKafkaStreams, progress, registry::waitingSince, clock);
    }

    @Bean
    RegistryHealth schemaRegistryHealthIndicator(SchemaRegistry registry) {
        return new RegistryHealth(registry::waitingSince);
    }
}
