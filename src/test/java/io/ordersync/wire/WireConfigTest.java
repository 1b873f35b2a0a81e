package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that can't be used is refused when the client starts: the key is named, and no secret told. */
class WireConfigTest {

    private static final Map<String, Object> LEAST = Map.of("schema.registry.url", "http://registry:8081");

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url, ''",
        "schema.registry.url, nonsense",
        "schema.registry.url, http://me:geheim@a b",
        "schema.registry.url, ftp://me:geheim@registry",
        "schema.registry.url, http://me:geheim/x@registry",
        "schema.registry.url, http://me:x@geheim@registry",
        "schema.registry.url, 'http://me:geheim@a,'",
        "request.header.Authorization, 'Bearer geheim\n'",
        "request.header.Host, registry",
        "request.header.X Y, geheim",
        "auto.register.schemas, perhaps",
        "use.latest.version, perhaps",
        "latest.compatibility.strict, perhaps",
        "normalize.schemas, perhaps",
        "specific.avro.reader, perhaps",
        "latest.cache.ttl.sec, -2",
        "max.retries, many",
        "max.retries, -1",
        "retries.wait.ms, -1",
        "retries.max.wait.ms, -1",
        "http.connect.timeout.ms, 0",
        "http.read.timeout.ms, 0",
        "basic.auth.credentials.source, FILE",
        "basic.auth.credentials.source, SASL_INHERIT",
        "bearer.auth.credentials.source, OAUTHBEARER",
        "value.subject.name.strategy, com.acme.MyStrategy",
        "specific.avro.value.type, com.acme.Nobody",
        "specific.avro.value.type, java.lang.String",
        "schema.registry.ssl.truststore.location, /does/not/exist",
        "schema.registry.ssl.keystore.location, /does/not/exist",
    })
    void namesTheKeyOfAValueThatCannotBeUsed(String key, String value) {
        Map<String, Object> configs = new HashMap<>(LEAST);
        configs.put(key, value);

        assertThatThrownBy(() -> {
                    try (AvroDeserializer deserializer = new AvroDeserializer()) {
                        deserializer.configure(configs, false);
                    }
                })
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("geheim"));
    }

    /** Kafka's own check of a list would tell the password. */
    @Test
    void takesAUrlThatIsThereTwiceOnce() {
        Map<String, Object> configs = Map.of("schema.registry.url", "http://me:geheim@a,http://me:geheim@a");

        assertThat(new WireConfig(configs, false).urls()).hasSize(1);
    }

    @Test
    void needsAUrl() {
        assertThatThrownBy(() -> new WireConfig(Map.of(), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
    }

    @ParameterizedTest
    @CsvSource({
        "basic.auth.credentials.source, USER_INFO, basic.auth.user.info",
        "bearer.auth.credentials.source, STATIC_TOKEN, bearer.auth.token"
    })
    void needsTheSecretThatASourceSpeaksOf(String source, String value, String secret) {
        Map<String, Object> configs = new HashMap<>(LEAST);
        configs.put(source, value);

        assertThatThrownBy(() -> new Credentials(new WireConfig(configs, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(secret);
    }

    @Test
    void takesOneWayToSayWhoAsks() {
        Map<String, Object> configs = new HashMap<>(LEAST);
        configs.put("basic.auth.credentials.source", "URL");
        configs.put("bearer.auth.credentials.source", "STATIC_TOKEN");

        assertThatThrownBy(() -> new Credentials(new WireConfig(configs, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bearer.auth.credentials.source");
    }

    @Test
    void tellsNoSecret() {
        Map<String, Object> configs = new HashMap<>(LEAST);
        configs.put("basic.auth.user.info", "me:geheim");
        configs.put("bearer.auth.token", "geheim");
        configs.put("sasl.jaas.config", "a.Module required username=\"me\" password=geheim\";");
        configs.put("basic.auth.credentials.source", "SASL_INHERIT");

        assertThat(new WireConfig(configs, false).values().toString()).doesNotContain("geheim");
        Throwable failure = catchThrowable(() -> new Credentials(new WireConfig(configs, false)));
        assertThat(failure).isInstanceOf(ConfigException.class).hasNoCause();
        assertThat(failure.getMessage()).contains("sasl.jaas.config").doesNotContain("geheim");
    }

    @Test
    void hasConfluentsDefaults() {
        Map<String, Object> values = new HashMap<>(new WireConfig(LEAST, false).values());

        assertThat(values)
                .containsEntry("auto.register.schemas", true)
                .containsEntry("use.latest.version", false)
                .containsEntry("latest.compatibility.strict", true)
                .containsEntry("normalize.schemas", false)
                .containsEntry("specific.avro.reader", false)
                .containsEntry("latest.cache.ttl.sec", -1)
                .containsEntry("max.retries", 3)
                .containsEntry("retries.wait.ms", 1_000)
                .containsEntry("retries.max.wait.ms", 20_000)
                .containsEntry("http.connect.timeout.ms", 60_000)
                .containsEntry("http.read.timeout.ms", 60_000)
                .containsEntry("basic.auth.credentials.source", "URL");
    }
}
