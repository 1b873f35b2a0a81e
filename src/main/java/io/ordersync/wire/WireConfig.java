package io.ordersync.wire;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What the serializer and the deserializer are configured with: Confluent's keys and defaults. Others are ignored. */
final class WireConfig extends AbstractConfig {

    static final String URLS = "schema.registry.url";
    static final String AUTO_REGISTER = "auto.register.schemas";
    static final String USE_LATEST = "use.latest.version";
    static final String LATEST_STRICT = "latest.compatibility.strict";
    static final String LATEST_TTL = "latest.cache.ttl.sec";
    static final String NORMALIZE = "normalize.schemas";
    static final String SPECIFIC = "specific.avro.reader";
    static final String BASIC_SOURCE = "basic.auth.credentials.source";
    static final String BASIC_USER = "basic.auth.user.info";
    static final String BEARER_SOURCE = "bearer.auth.credentials.source";
    static final String BEARER_TOKEN = "bearer.auth.token";
    static final String MAX_RETRIES = "max.retries";
    static final String RETRIES_WAIT = "retries.wait.ms";
    static final String RETRIES_MAX_WAIT = "retries.max.wait.ms";
    static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
    static final String READ_TIMEOUT = "http.read.timeout.ms";
    static final String HEADER_PREFIX = "request.header.";
    static final String PREFIX = "schema.registry.";

    private static final Set<String> OF_CLIENT = Set.of(
            BASIC_SOURCE,
            BASIC_USER,
            BEARER_SOURCE,
            BEARER_TOKEN,
            MAX_RETRIES,
            RETRIES_WAIT,
            RETRIES_MAX_WAIT,
            CONNECT_TIMEOUT,
            READ_TIMEOUT);

    private static final String STRATEGIES = "io.confluent.kafka.serializers.subject.";
    private static final String TOPIC_NAME = STRATEGIES + "TopicNameStrategy";
    private static final String RECORD_NAME = STRATEGIES + "RecordNameStrategy";
    private static final String TOPIC_RECORD_NAME = STRATEGIES + "TopicRecordNameStrategy";

    private final boolean isKey;

    /** @throws ConfigException when a value can't be used; the message names its key, and tells no secret */
    WireConfig(Map<String, ?> configs, boolean isKey) {
        super(definition(), normal(configs), false);
        this.isKey = isKey;
    }

    private static ConfigDef definition() {
        ConfigDef keys = new ConfigDef();
        // No validator of Kafka's: its message would tell the password that a URL may carry.
        keys.define(URLS, ConfigDef.Type.LIST, ConfigDef.NO_DEFAULT_VALUE, Importance.HIGH, "");
        define(keys, AUTO_REGISTER, ConfigDef.Type.BOOLEAN, true);
        define(keys, USE_LATEST, ConfigDef.Type.BOOLEAN, false);
        define(keys, LATEST_STRICT, ConfigDef.Type.BOOLEAN, true);
        define(keys, NORMALIZE, ConfigDef.Type.BOOLEAN, false);
        define(keys, SPECIFIC, ConfigDef.Type.BOOLEAN, false);
        define(keys, BASIC_SOURCE, ConfigDef.Type.STRING, "URL");
        define(keys, BASIC_USER, ConfigDef.Type.PASSWORD, "");
        define(keys, BEARER_SOURCE, ConfigDef.Type.STRING, "");
        define(keys, BEARER_TOKEN, ConfigDef.Type.PASSWORD, "");
        atLeast(-1, keys, LATEST_TTL, -1);
        atLeast(0, keys, MAX_RETRIES, 3);
        atLeast(0, keys, RETRIES_WAIT, 1_000);
        atLeast(0, keys, RETRIES_MAX_WAIT, 20_000);
        atLeast(1, keys, CONNECT_TIMEOUT, 60_000);
        atLeast(1, keys, READ_TIMEOUT, 60_000);
        for (String side : List.of("key", "value")) {
            define(keys, "specific.avro." + side + ".type", ConfigDef.Type.CLASS, null);
            keys.define(
                    side + ".subject.name.strategy",
                    ConfigDef.Type.STRING,
                    TOPIC_NAME,
                    ConfigDef.ValidString.in(TOPIC_NAME, RECORD_NAME, TOPIC_RECORD_NAME),
                    Importance.LOW,
                    "");
        }
        return keys;
    }

    private static void define(ConfigDef keys, String key, ConfigDef.Type type, @Nullable Object byDefault) {
        keys.define(key, type, byDefault, Importance.LOW, "");
    }

    private static void atLeast(int least, ConfigDef keys, String key, int byDefault) {
        keys.define(key, ConfigDef.Type.INT, byDefault, Range.atLeast(least), Importance.LOW, "");
    }

    /**
     * As with Confluent's, a strategy may be given as its class, and what concerns asking the registry with
     * {@code schema.registry.} before its key.
     */
    private static Map<String, Object> normal(Map<String, ?> configs) {
        Map<String, Object> normal = new HashMap<>(configs);
        normal.replaceAll((key, value) ->
                key.endsWith(".subject.name.strategy") && value instanceof Class<?> type ? type.getName() : value);
        configs.forEach((key, value) -> {
            String bare = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : "";
            if (bare.startsWith(HEADER_PREFIX) || OF_CLIENT.contains(bare)) {
                normal.putIfAbsent(bare, value);
            }
        });
        return normal;
    }

    boolean isKey() {
        return isKey;
    }

    /** The base URLs, each once tried in this order; they may carry a user. */
    List<URI> urls() {
        List<String> urls = getList(URLS);
        if (urls.isEmpty()) {
            throw new ConfigException(URLS + " is empty: a URL such as http://localhost:8081 is needed");
        }
        return urls.stream().map(WireConfig::url).distinct().toList();
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text.strip());
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Its message would tell the password that the URL may carry.
        }
        // Up to the last @: in what is no URL nobody knows where the password ends.
        throw new ConfigException(
                URLS, text.replaceAll(".*@", "***@"), "a URL such as http://localhost:8081 is needed");
    }

    /** How the subject follows from the topic and the record's full name. */
    BiFunction<String, Schema, String> subject() {
        return switch (getString((isKey ? "key" : "value") + ".subject.name.strategy")) {
            case RECORD_NAME -> (topic, schema) -> schema.getFullName();
            case TOPIC_RECORD_NAME -> (topic, schema) -> topic + "-" + schema.getFullName();
            default -> (topic, schema) -> topic + (isKey ? "-key" : "-value");
        };
    }

    /** The class to read as; null: the one that the writer's schema names. */
    @Nullable
    Class<? extends SpecificRecord> specificType() {
        String key = "specific.avro." + (isKey ? "key" : "value") + ".type";
        Class<?> type = getClass(key);
        if (type == null) {
            return null;
        }
        if (!SpecificRecord.class.isAssignableFrom(type)) {
            throw new ConfigException(key, type.getName(), "a class that Avro generated of a record is needed");
        }
        return type.asSubclass(SpecificRecord.class);
    }

    Duration millis(String key) {
        return Duration.ofMillis(getInt(key));
    }
}
