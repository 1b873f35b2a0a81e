package io.ordersync.config;

import io.ordersync.domain.Policy;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import io.ordersync.streams.OrderTopology;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All settings under {@code order-sync.}; a name that is not among them stops the start.
 *
 * @param partitions over how many partitions the orders are spread, settled at the first start; as many as the widest input
 *     has if not set
 * @param tracing does what is sent carry the trace of the record that caused it?
 */
@ConfigurationProperties(prefix = "order-sync", ignoreUnknownFields = false)
record OrderSyncProperties(
        @DefaultValue("active") Mode mode,
        @Nullable Integer partitions,
        @DefaultValue Topics topics,
        @DefaultValue Registry schemaRegistry,
        @DefaultValue Serde serde,
        @DefaultValue Recall policy,
        @DefaultValue State state,
        @DefaultValue("false") boolean tracing,
        @DefaultValue AlertingProperties alerting) {

    static final String PARTITIONS = "order-sync.partitions";

    OrderSyncProperties {
        if (partitions != null && partitions < 1) {
            throw new InvalidSetting(PARTITIONS, partitions, "a number above zero is needed");
        }
        try {
            SchemaRegistry.check(schemaRegistry.toSettings(serde));
        } catch (RuntimeException e) {
            throw new InvalidSetting(Registry.PREFIX + "properties: " + e.getMessage(), e);
        }
    }

    /** What becomes of commands. */
    enum Mode {
        /** They are sent. */
        ACTIVE,
        /** They are reckoned and counted, and not sent: neither now nor later. */
        SHADOW
    }

    SchemaRegistry.Settings toRegistry() {
        return schemaRegistry.toSettings(serde);
    }

    /**
     * What reads and writes the values.
     *
     * @param valueSerializer class of one of Kafka's serializers that writes generated classes of Avro's
     * @param valueDeserializer class of one of Kafka's deserializers that knows {@code specific.avro.value.type}
     */
    record Serde(
            @DefaultValue("io.ordersync.wire.AvroSerializer")
            String valueSerializer,

            @DefaultValue("io.ordersync.wire.AvroDeserializer")
            String valueDeserializer) {

        Serde {
            requireClass("value-serializer", valueSerializer, Serializer.class);
            requireClass("value-deserializer", valueDeserializer, Deserializer.class);
        }

        private static void requireClass(String property, String name, Class<?> type) {
            try {
                if (type.isAssignableFrom(Class.forName(name, false, Utils.getContextOrKafkaClassLoader()))) {
                    return;
                }
            } catch (ClassNotFoundException | LinkageError e) {
                throw (InvalidSetting) noSuchClass(property, name, type).initCause(e);
            }
            throw noSuchClass(property, name, type);
        }

        private static InvalidSetting noSuchClass(String property, String name, Class<?> type) {
            return new InvalidSetting(
                    "order-sync.serde." + property,
                    name,
                    "a class on the class path is needed that is a " + type.getName());
        }
    }

    /**
     * How the schema registry is reached.
     *
     * @param url base URLs of one registry, asked in this order until one answers
     * @param properties more, by the keys of Confluent's serializer and deserializer; they come before {@code url} and the
     *     service's own defaults
     */
    record Registry(
            @DefaultValue("http://localhost:8081") List<String> url,
            @DefaultValue Map<String, String> properties) {

        private static final String PREFIX = "order-sync.schema-registry.";

        /** To wait is the service's: the classes ask once. And what is not the contract's is told, or not registered. */
        private static final Map<String, String> DEFAULTS = Map.of(
                "http.connect.timeout.ms", "2000",
                "http.read.timeout.ms", "5000",
                "max.retries", "0",
                "avro.fail.on.trailing.data", "true",
                "avro.remove.java.properties", "true");

        Registry {
            if (url.isEmpty()) {
                throw new InvalidSetting(PREFIX + "url", "", "a URL such as http://localhost:8081 is needed");
            }
            url.forEach(Registry::parse);
        }

        SchemaRegistry.Settings toSettings(Serde serde) {
            Map<String, String> all = new HashMap<>(DEFAULTS);
            all.put("schema.registry.url", String.join(",", url));
            all.putAll(properties);
            // Confluent's default is to look into the URL, and to pass over what is set.
            if (all.containsKey("basic.auth.user.info")) {
                all.putIfAbsent("basic.auth.credentials.source", "USER_INFO");
            }
            if (all.containsKey("bearer.auth.token")) {
                all.putIfAbsent("bearer.auth.credentials.source", "STATIC_TOKEN");
            }
            return new SchemaRegistry.Settings(serde.valueSerializer(), serde.valueDeserializer(), all);
        }

        /** Without the values of the properties: they may be secrets. */
        @Override
        public String toString() {
            return "Registry" + properties.keySet();
        }

        private static void parse(String url) {
            try {
                URI uri = URI.create(url.strip());
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return;
                }
            } catch (IllegalArgumentException e) {
                // Its message would tell the password that the URL may carry.
            }
            throw notAUrl(url);
        }

        private static InvalidSetting notAUrl(String url) {
            // It may carry a password.
            String shown = url.replaceAll(".*@", "***@");
            return new InvalidSetting(PREFIX + "url", shown, "a URL such as http://localhost:8081 is needed");
        }
    }

    /**
     * What a shop decides. See {@link Policy}.
     *
     * @param clockTolerance business times closer than this are taken as simultaneous
     * @param recallWithin a parcel not heard of for longer is not called back
     * @param recallMixedParcels may a parcel that holds paid goods too be called back?
     * @param recallSuspected may a parcel be called back that is in excess only as far as is known?
     * @param couriersWithoutIntercept couriers that can't intercept, by their codes
     * @param interceptFeeMinor what an intercept costs, by currency (ISO 4217), in its minor unit: goods worth less are not
     *     called back
     * @param maxInterceptFeeMinor what a courier may charge at most, by currency, in its minor unit
     * @param criticalExposureMinor from this worth on an alert is one step more severe, by currency, in its minor unit
     * @param interceptAnswerWithin how long a courier has to answer
     * @param lockAnswerWithin how long a warehouse has to answer; no answer is waited for if not set
     * @param pickupGrace how long after a PULL_PARCEL a parcel that the courier may have by now is called back
     */
    record Recall(
            @DefaultValue("5m") Duration clockTolerance,
            @DefaultValue("10d") Duration recallWithin,
            @DefaultValue("false") boolean recallMixedParcels,
            @DefaultValue("false") boolean recallSuspected,
            @DefaultValue Set<String> couriersWithoutIntercept,
            @DefaultValue Map<String, Long> interceptFeeMinor,
            @DefaultValue Map<String, Long> maxInterceptFeeMinor,
            @DefaultValue Map<String, Long> criticalExposureMinor,
            @DefaultValue("15m") Duration interceptAnswerWithin,
            @Nullable Duration lockAnswerWithin,
            @DefaultValue("30m") Duration pickupGrace) {

        private static final String PREFIX = "order-sync.policy.";

        Recall {
            if (clockTolerance.isNegative()) {
                throw new InvalidSetting(
                        PREFIX + "clock-tolerance", clockTolerance, "it must not be negative; 5m is the default");
            }
            requirePositive(PREFIX + "recall-within", recallWithin);
            requirePositive(PREFIX + "intercept-answer-within", interceptAnswerWithin);
            if (lockAnswerWithin != null) {
                requirePositive(PREFIX + "lock-answer-within", lockAnswerWithin);
            }
            requirePositive(PREFIX + "pickup-grace", pickupGrace);
            interceptFeeMinor = byCurrency("intercept-fee-minor", interceptFeeMinor);
            maxInterceptFeeMinor = byCurrency("max-intercept-fee-minor", maxInterceptFeeMinor);
            criticalExposureMinor = byCurrency("critical-exposure-minor", criticalExposureMinor);
        }

        /** Names from environment variables come in lower case. */
        private static Map<String, Long> byCurrency(String name, Map<String, Long> amounts) {
            Map<String, Long> byCurrency = new TreeMap<>();
            amounts.forEach((key, amount) -> {
                String currency = key.toUpperCase(Locale.ROOT);
                if (!currency.matches("[A-Z]{3}")) {
                    throw new InvalidSetting(
                            PREFIX + name + "." + key, amount, "the last part must be a currency such as CNY");
                }
                if (amount < 0) {
                    throw new InvalidSetting(PREFIX + name + "." + key, amount, "it must not be negative");
                }
                byCurrency.put(currency, amount);
            });
            return byCurrency;
        }
    }

    /**
     * How orders are kept.
     *
     * @param store memory (faster, while all orders fit into the heap) or rocksdb (on disk)
     * @param retention how long after its last arrival an order with nothing open is forgotten; longer keeps more state
     * @param lockRetention the same for an order of which refunded units may still ship, or with a case
     */
    record State(
            @DefaultValue("memory") OrderTopology.Store store,
            @DefaultValue("45d") Duration retention,
            @DefaultValue("180d") Duration lockRetention) {

        State {
            requirePositive("order-sync.state.retention", retention);
            if (lockRetention.compareTo(retention) < 0) {
                throw new InvalidSetting(
                        "order-sync.state.lock-retention",
                        lockRetention,
                        "it must not be shorter than order-sync.state.retention, " + retention);
            }
        }
    }

    Policy toPolicy() {
        return new Policy(
                policy.clockTolerance(),
                policy.recallWithin(),
                policy.recallMixedParcels(),
                policy.recallSuspected(),
                policy.couriersWithoutIntercept(),
                policy.interceptFeeMinor(),
                policy.maxInterceptFeeMinor(),
                policy.criticalExposureMinor(),
                policy.interceptAnswerWithin(),
                policy.lockAnswerWithin(),
                policy.pickupGrace(),
                topics.warehouseLockResults() != null,
                topics.interceptResults() != null,
                mode == Mode.SHADOW,
                state.retention(),
                state.lockRetention());
    }

    private static void requirePositive(String property, Duration value) {
        if (!value.isPositive()) {
            throw new InvalidSetting(property, value, "a duration above zero is needed, such as 30s, 15m or 10d");
        }
    }
}
