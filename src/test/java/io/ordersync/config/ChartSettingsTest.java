package io.ordersync.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ordersync.alerting.ChannelKind;
import io.ordersync.alerting.Grouping;
import io.ordersync.alerting.Language;
import io.ordersync.helm.Chart;
import io.ordersync.helm.Rendered;
import io.ordersync.process.Keytool;
import io.ordersync.streams.OrderTopology;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The service understands what the chart tells it: read by Spring Boot, from the places where the pod has it. */
class ChartSettingsTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");
    private static final String ROOT = "/etc/order-sync";

    /** With a key and its certificate, as files of Strimzi's secrets have them. */
    @TempDir
    private static Path keys;

    private static Keytool keytool;

    @TempDir
    private Path root;

    @BeforeAll
    static void makeKey() throws IOException {
        keytool = new Keytool(keys, "geheim");
        keytool.makeKey("me", "");
    }

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void areAllKnown(String values) throws IOException {
        Rendered rendered = Chart.render(values);
        Binder binder = Binder.get(environment(rendered));

        OrderSyncProperties properties = binder.bind(
                        "order-sync",
                        Bindable.of(OrderSyncProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .get();
        KafkaProperties kafka = binder.bind(
                        "spring.kafka",
                        Bindable.of(KafkaProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .get();

        assertThat(properties.state().store())
                .isEqualTo(rendered.isStatefulSet() ? OrderTopology.Store.ROCKSDB : OrderTopology.Store.MEMORY);
        // Kafka's own checks.
        StreamsConfig streams = new StreamsConfig(kafka.buildStreamsProperties());
        assertThat(streams.getString(StreamsConfig.APPLICATION_ID_CONFIG)).startsWith("order-sync");
        // Of the volume itself Streams may not set the permissions.
        assertThat(Path.of(streams.getString(StreamsConfig.STATE_DIR_CONFIG)))
                .hasParentRaw(Path.of(rendered.stateVolume()));
        assertThat(binder.bind("server.port", Integer.class).get()).isEqualTo(rendered.port());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void askForNoProbeThatIsNotThere(String values) throws IOException {
        Rendered rendered = Chart.render(values);
        Binder binder = Binder.get(environment(rendered));
        Set<String> groups = binder.bind("management.endpoint.health.group", Bindable.mapOf(String.class, Object.class))
                .get()
                .keySet();

        assertThat(binder.bind("management.endpoints.web.exposure.include", Bindable.listOf(String.class))
                        .get())
                .contains("health", "prometheus");
        assertThat(rendered.probes()).containsOnlyKeys("startupProbe", "livenessProbe", "readinessProbe");
        assertThat(rendered.probes().values()).allSatisfy(path -> {
            assertThat(path).startsWith("/actuator/health/");
            assertThat(groups).contains(path.substring("/actuator/health/".length()));
        });
        // A phase that is cut off by the kill of the pod is none.
        Duration phase = binder.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
                .get();
        assertThat(rendered.gracePeriod()).isGreaterThan(phase.multipliedBy(3));
    }

    @Test
    void tellWhatTheValuesSay() throws IOException {
        OrderSyncProperties all = properties("everything");
        assertThat(all.toPolicy().maxInterceptFeeMinor()).containsEntry("CNY", 123_456_789_012L);
        assertThat(all.toPolicy().criticalExposureMinor()).containsEntry("CNY", 10_000_000L);
        assertThat(all.toPolicy().couriersWithoutIntercept()).containsExactlyInAnyOrder("YTO", "ZTO");
        assertThat(all.toPolicy().recallMixedParcels()).isTrue();
        assertThat(all.toPolicy().pickupGrace()).isEqualTo(Duration.ofMinutes(45));
        assertThat(all.toPolicy().lockAnswerWithin()).isEqualTo(Duration.ofHours(2));

        OrderSyncProperties shadow = properties("shadow");
        assertThat(shadow.mode()).isEqualTo(OrderSyncProperties.Mode.SHADOW);
        assertThat(shadow.partitions()).isEqualTo(12);
        assertThat(shadow.topics().interceptResults()).isNull();
        assertThat(shadow.topics().refundApproved()).isEqualTo("replay-refund-approved");
        assertThat(shadow.topics().orderCases()).isEqualTo("order-cases");

        AlertingProperties alerting = properties("alerting").alerting();
        assertThat(alerting.groupId("order-sync")).isEqualTo("people");
        assertThat(alerting.channels()).containsOnlyKeys("warehouse-hz", "ours", "am");
        assertThat(alerting.channels().get("warehouse-hz")).satisfies(channel -> {
            assertThat(channel.url()).isEqualTo("https://ding-url.example/");
            assertThat(channel.secret()).isEqualTo("c2VjcmV0");
            assertThat(channel.routes()).hasSize(2);
            assertThat(channel.sendResolved()).isFalse();
        });
        assertThat(alerting.channels().get("ours"))
                .extracting(AlertingProperties.Channel::headers)
                .isEqualTo(Map.of("authorization", "Bearer c2VjcmV0", "X-Shop", "7"));
    }

    @Test
    void keepCopiesOfTheStateOnOtherInstances() throws IOException {
        assertThat(streams("defaults").getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG))
                .isEqualTo(1);
        assertThat(streams("minimal").getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG))
                .isZero();
        assertThat(streams("static-membership").getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG))
                .isEqualTo(2);
        assertThat(streams("rocksdb").getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG))
                .isEqualTo(2);
        assertThat(streams("rocksdb").getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG))
                .isEqualTo(3);
        // What is given under config wins.
        assertThat(streams("everything").getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG))
                .isZero();
    }

    @Test
    void keepTheMembershipOfAPodUnderItsName() throws IOException {
        Map<String, Object> consumer = streams("static-membership").getMainConsumerConfigs("order-sync", "client", 1);

        // By Kafka Streams with the number of the thread.
        assertThat(consumer).containsEntry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "metadata.name-1");
        assertThat(consumer.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)).hasToString("120000");
        assertThat(streams("static-membership").getRestoreConsumerConfigs("client"))
                .doesNotContainKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        assertThat(streams("rocksdb").getMainConsumerConfigs("order-sync", "client", 1))
                .doesNotContainKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    }

    @Test
    void logInToKafka() throws IOException {
        KafkaProperties plain = kafka("sasl-plain");
        assertThat(plain.buildStreamsProperties())
                .containsEntry("security.protocol", "SASL_PLAINTEXT")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"user\""
                                + " password=\"password\";");
        assertThat(plain.buildConsumerProperties()).containsKey("sasl.jaas.config");
        assertThat(kafka("sasl-ssl").buildProducerProperties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", "sasl.jaas.config");
    }

    /** The files of Strimzi's secrets are Kafka's PEM as they are, for the stream and for the relay's own clients. */
    @Test
    void showTheCertificateOfStrimzisSecret() throws IOException {
        assertThat(Chart.render("mtls").secretFiles())
                .extracting(file -> Path.of(file).getFileName().toString())
                .containsExactly("ca.crt", "user.crt", "user.key");
        KafkaProperties kafka = kafka("mtls");
        for (Map<String, Object> settings : List.of(
                kafka.buildStreamsProperties(), kafka.buildConsumerProperties(), kafka.buildProducerProperties())) {
            Map<String, Object> all = new HashMap<>(settings);
            all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            ConsumerConfig parsed = new ConsumerConfig(all);
            assertThat(parsed.getString("security.protocol")).isEqualTo("SSL");
            try (DefaultSslEngineFactory tls = new DefaultSslEngineFactory()) {
                tls.configure(parsed.values());
                assertThat(Objects.requireNonNull(tls.keystore()).getCertificate("kafka"))
                        .isEqualTo(certificate());
                assertThat(Objects.requireNonNull(tls.truststore()).size()).isEqualTo(1);
            } catch (KeyStoreException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void logInToTheRegistry() throws IOException {
        Map<String, ?> registry = properties("sasl-ssl").toRegistry().properties();

        assertThat(registry.get("schema.registry.url")).isEqualTo("https://registry-a:8443,https://registry-b:8443");
        assertThat(registry.get("basic.auth.user.info")).isEqualTo("username:password");
        assertThat(registry.get("auto.register.schemas")).isEqualTo("false");
        assertThat(registry.get("schema.registry.ssl.truststore.type")).isEqualTo("PEM");
    }

    private static Certificate certificate() throws IOException {
        try (InputStream file = Files.newInputStream(keys.resolve("me.crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(file);
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void showTheRegistryAToken() throws IOException {
        assertThat(properties("registry-token").toRegistry().properties().get("bearer.auth.token"))
                .isEqualTo("registry-token");
        assertThat(properties("registry-variable").toRegistry().properties().get("bearer.auth.token"))
                .isEqualTo("of-a-variable");
    }

    /** No property of the service can be set that is not a value of the chart too. */
    @Test
    void areAllThereAre() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(Path.of("helm/order-sync/values.schema.json").toFile());

        assertHasAll(OrderSyncProperties.class, schema);
        assertThat(values(schema.at("/properties/state/properties/store"))).isEqualTo(names(OrderTopology.Store.class));
        assertThat(values(schema.at("/properties/mode"))).isEqualTo(names(OrderSyncProperties.Mode.class));
        JsonNode channel = schema.at("/properties/alerting/properties/channels/additionalProperties/properties");
        assertThat(values(channel.at("/type"))).isEqualTo(names(ChannelKind.class));
        assertThat(values(channel.at("/language"))).isEqualTo(names(Language.class));
        assertThat(values(channel.at("/grouping/properties/by/items"))).isEqualTo(names(Grouping.Key.class));
    }

    private static void assertHasAll(Class<?> properties, JsonNode schema) {
        for (RecordComponent component : properties.getRecordComponents()) {
            JsonNode value = schema.at("/properties/" + component.getName());
            assertThat(value.isMissingNode())
                    .as("%s of %s", component.getName(), properties)
                    .isFalse();
            Type type = component.getGenericType();
            if (type instanceof ParameterizedType container) {
                type = container.getActualTypeArguments()[container.getActualTypeArguments().length - 1];
                value = value.has("items") ? value.at("/items") : value.at("/additionalProperties");
            }
            if (type instanceof Class<?> inner && inner.isRecord()) {
                assertHasAll(inner, value);
            }
        }
    }

    private static Set<String> values(JsonNode schema) {
        Set<String> values = new TreeSet<>();
        schema.at("/enum").forEach(value -> values.add(value.asText()));
        return values;
    }

    private static Set<String> names(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private OrderSyncProperties properties(String values) throws IOException {
        return Binder.get(environment(Chart.render(values)))
                .bind("order-sync", OrderSyncProperties.class)
                .get();
    }

    private KafkaProperties kafka(String values) throws IOException {
        return Binder.get(environment(Chart.render(values)))
                .bind("spring.kafka", KafkaProperties.class)
                .get();
    }

    private StreamsConfig streams(String values) throws IOException {
        return new StreamsConfig(kafka(values).buildStreamsProperties());
    }

    /** As the process in the pod has it; its files are under a directory of the test. */
    private StandardEnvironment environment(Rendered rendered) throws IOException {
        Set<String> placeholders = new HashSet<>();
        for (Map.Entry<String, String> file : rendered.configuration().entrySet()) {
            write(file.getKey(), file.getValue().replace(ROOT, root.toString()));
            PLACEHOLDER.matcher(file.getValue()).results().forEach(found -> placeholders.add(found.group(1)));
        }
        for (String file : rendered.secretFiles()) {
            write(file, secret(Path.of(file).getFileName().toString()));
        }
        Map<String, Object> variables = new HashMap<>(rendered.environment());
        variables.computeIfPresent(
                "SPRING_CONFIG_ADDITIONAL_LOCATION",
                (name, location) -> location.toString().replace(ROOT, root.toString()));
        variables.put("spring.config.additional-location", variables.get("SPRING_CONFIG_ADDITIONAL_LOCATION"));
        // What is left are keys of the secret with the channels'.
        placeholders.removeAll(variables.keySet());
        rendered.secretFiles()
                .forEach(file ->
                        placeholders.remove(file.replace(ROOT + "/secrets/", "").replace('/', '.')));
        for (String placeholder : placeholders) {
            write(
                    ROOT + "/alerting/" + placeholder,
                    placeholder.endsWith("url") ? "https://" + placeholder + ".example/" : "c2VjcmV0");
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("pod", variables));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    /** What it has is told from what another one has. */
    private static String secret(String key) throws IOException {
        return switch (key) {
            case "user.key" -> keytool.pem("me");
            case "user.crt", "ca.crt" -> Files.readString(keys.resolve("me.crt"));
            default -> key + '\n';
        };
    }

    private void write(String path, String text) throws IOException {
        Path file = Path.of(path.replace(ROOT, root.toString()));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
