package io.ordersync.helm;

import static io.ordersync.helm.Rendered.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders, for each set of values in {@code src/test/resources/helm}. */
class ChartTest {

    /** What the JVM takes beside its heap, and RocksDB by {@code BoundedRocksDb}: MiB. */
    private static final int BESIDE_THE_HEAP = 400;

    private static final int ROCKSDB = 256;

    /** The names of settings whose values are secret; where a file is, is not. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)(secret|password|jaas\\.config|user\\.info|token|headers\\.authorization|key-store-key|certificate-chain)$");

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void hasNothingToObjectTo(String values, @TempDir Path copy) throws IOException {
        LintResult result = Chart.lint(values, copy.resolve("order-sync"));

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void isAllOfKindsAndFieldsThatThereAre(String values) {
        assertThat(Chart.render(values).documents()).hasSizeGreaterThan(3).allSatisfy(Kinds::check);
    }

    /** What the test above rests on: a field that does not exist, one that is missing, and two of the wrong type. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /spec/template/spec/containers/0/readinessProbe/httpGet | {"path": "/", "port": "http", "pfad": "/"} | pfad
            /spec/template/spec/containers/0/ports/0                | {"name": "http"}                           | containerPort
            /spec/template/spec/containers/0/ports/0                | {"containerPort": "many"}                  | containerPort
            /spec/selector/matchLabels                              | {"version": 1}                             | version
            """, quoteCharacter = '`')
    void isToldFromWhatIsNone(String where, String instead, String field) throws IOException {
        JsonNode deployment = Chart.render("defaults").only("Deployment");
        ((ObjectNode) deployment.at(where)).removeAll().setAll((ObjectNode) Chart.YAML.readTree(instead));

        assertThatThrownBy(() -> Kinds.check(deployment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void hasNamesThatKubernetesTakes(String values) {
        Rendered rendered = Chart.render(Chart.LONGEST_RELEASE, values);

        assertThat(rendered.documents()).allSatisfy(document -> {
            String name = document.at("/metadata/name").asText();
            assertThat(name).matches("[a-z]([-a-z0-9]*[a-z0-9])?").hasSizeLessThanOrEqualTo(63);
            assertThat(document.at("/metadata/labels"))
                    .isNotEmpty()
                    .allSatisfy(label -> assertThat(label.asText())
                            .matches("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
                            .hasSizeLessThanOrEqualTo(63));
        });
        // Its revisions are named after it, in a label.
        rendered.all("StatefulSet")
                .forEach(set -> assertThat(set.at("/metadata/name").asText()).hasSizeLessThanOrEqualTo(52));
        assertThat(rendered.documents().stream()
                        .map(document -> document.at("/kind").asText() + " "
                                + document.at("/metadata/name").asText()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void selectsItsOwnPodsAndNotItsTest(String values) {
        Rendered rendered = Chart.render(values);
        Map<String, String> pod = texts(rendered.pod().at("/metadata/labels"));
        Map<String, String> test = texts(rendered.only("Pod").at("/metadata/labels"));

        List<Map<String, String>> selectors = Stream.of(
                        rendered.all("Service").map(service -> service.at("/spec/selector")),
                        Stream.of(rendered.workload()).map(workload -> workload.at("/spec/selector/matchLabels")),
                        rendered.all("PodDisruptionBudget").map(budget -> budget.at("/spec/selector/matchLabels")),
                        rendered.all("NetworkPolicy").map(policy -> policy.at("/spec/podSelector/matchLabels")))
                .flatMap(each -> each)
                .map(ChartTest::texts)
                .toList();

        assertThat(selectors).hasSizeGreaterThanOrEqualTo(2).allSatisfy(selector -> {
            assertThat(selector).isNotEmpty();
            assertThat(pod).containsAllEntriesOf(selector);
            assertThat(test.entrySet().containsAll(selector.entrySet())).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void runsWithoutAnyRightThatItDoesNotNeed(String values) {
        assertThat(Chart.render(values).podSpecs()).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.at("/automountServiceAccountToken").asText()).isEqualTo("false");
            assertThat(pod.at("/enableServiceLinks").asText()).isEqualTo("false");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/containers")).allSatisfy(container -> {
                assertThat(container
                                .at("/securityContext/readOnlyRootFilesystem")
                                .asBoolean())
                        .isTrue();
                assertThat(container
                                .at("/securityContext/allowPrivilegeEscalation")
                                .asText())
                        .isEqualTo("false");
                assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                        .isEqualTo("ALL");
                assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
                assertThat(container.at("/image").asText())
                        .matches(".+(:[A-Za-z0-9_][A-Za-z0-9._-]*)(@sha256:[0-9a-f]{64})?")
                        .doesNotContain(":latest");
            });
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void mountsAllThatItNames(String values) {
        Rendered rendered = Chart.render(values);
        Set<String> volumes = Stream.concat(
                        items(rendered.pod().at("/spec/volumes"))
                                .map(volume -> volume.at("/name").asText()),
                        items(rendered.workload().at("/spec/volumeClaimTemplates"))
                                .map(claim -> claim.at("/metadata/name").asText()))
                .collect(Collectors.toSet());

        assertThat(items(rendered.container().at("/volumeMounts"))
                        .map(mount -> mount.at("/name").asText()))
                .hasSameSizeAs(volumes)
                .containsExactlyInAnyOrderElementsOf(volumes)
                .contains("state", "tmp", "config");
        assertThat(rendered.mountPath("tmp")).isEqualTo("/tmp");
        if (!rendered.all("ServiceAccount").toList().isEmpty()) {
            assertThat(rendered.pod().at("/spec/serviceAccountName"))
                    .isEqualTo(rendered.only("ServiceAccount").at("/metadata/name"));
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void reachesTheServiceWhereItAnswers(String values) {
        Rendered rendered = Chart.render(values);
        JsonNode port = rendered.container().at("/ports/0");

        assertThat(rendered.all("Service"))
                .allSatisfy(service ->
                        assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(port.at("/name")));
        assertThat(rendered.only("Pod")
                        .at("/metadata/annotations/" + Chart.HOOK)
                        .asText())
                .isEqualTo("test");
        JsonNode service = rendered.all("Service")
                .filter(each -> each.at("/spec/clusterIP").isMissingNode())
                .findFirst()
                .orElseThrow();
        assertThat(rendered.only("Pod").at("/spec/containers/0/args"))
                .last()
                .extracting(JsonNode::asText)
                .isEqualTo("http://" + service.at("/metadata/name").asText() + ":"
                        + service.at("/spec/ports/0/port").asText() + "/actuator/health/readiness");
        rendered.all("ServiceMonitor").forEach(monitor -> {
            assertThat(texts(service.at("/metadata/labels")))
                    .containsAllEntriesOf(texts(monitor.at("/spec/selector/matchLabels")));
            assertThat(monitor.at("/spec/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
            assertThat(monitor.at("/spec/endpoints/0/path").asText()).isEqualTo("/actuator/prometheus");
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void leavesRoomBesideTheHeap(String values) {
        Rendered rendered = Chart.render(values);
        String memory = rendered.container().at("/resources/limits/memory").asText();
        assertThat(memory).endsWith("Gi");
        double mib = 1024 * Double.parseDouble(memory.replace("Gi", ""));
        String options = rendered.environment().getOrDefault("JAVA_TOOL_OPTIONS", "");
        double heap = Double.parseDouble(options.replaceAll(".*MaxRAMPercentage=([0-9.]+).*", "$1")) / 100;

        boolean rocksdb = rendered.workload().at("/kind").asText().equals("StatefulSet");
        assertThat(mib * (1 - heap)).isGreaterThan(BESIDE_THE_HEAP + (rocksdb ? ROCKSDB : 0));
    }

    /** The JVM reads JAVA_TOOL_OPTIONS first, and of two options of one name the last one counts. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void givesNoOptionThatTheImagesCommandLineOverrides(String values) throws IOException {
        String image = Files.readString(Path.of("Dockerfile"));
        String pom = Files.readString(Path.of("pom.xml"));
        Set<String> commandLine = Stream.concat(
                        found("\"(-X[^\"]+)\"", image.substring(0, image.indexOf("AS build-shop"))),
                        found("<jvmFlag>(-X[^<]+)<", pom))
                .map(ChartTest::optionName)
                .collect(Collectors.toSet());
        String options = Chart.render(values).environment().getOrDefault("JAVA_TOOL_OPTIONS", "");

        assertThat(commandLine).contains("ExitOnOutOfMemoryError", "AOTCache");
        assertThat(Pattern.compile(" ").splitAsStream(options).map(ChartTest::optionName))
                .contains("MaxRAMPercentage")
                .doesNotContainAnyElementsOf(commandLine);
        // Without the chart the image says it itself, in the same place.
        assertThat(image).contains("\nENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75\n");
        assertThat(pom).contains("<JAVA_TOOL_OPTIONS>-XX:MaxRAMPercentage=75</JAVA_TOOL_OPTIONS>");
    }

    private static Stream<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(each -> Objects.requireNonNull(each.group(1)));
    }

    private static String optionName(String option) {
        return option.replaceAll("^-XX:[+-]?|=.*", "");
    }

    @Test
    void keepsTheStateOfRocksDbOnAVolume() {
        Rendered rendered = Chart.render("rocksdb");
        JsonNode set = rendered.only("StatefulSet");

        assertThat(set.at("/spec/podManagementPolicy").asText()).isEqualTo("Parallel");
        assertThat(set.at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted")
                        .asText())
                .isEqualTo("Retain");
        assertThat(set.at("/spec/persistentVolumeClaimRetentionPolicy/whenScaled")
                        .asText())
                .isEqualTo("Delete");
        assertThat(set.at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("50Gi");
        assertThat(set.at("/spec/serviceName"))
                .isEqualTo(rendered.all("Service")
                        .filter(service ->
                                service.at("/spec/clusterIP").asText().equals("None"))
                        .findFirst()
                        .orElseThrow()
                        .at("/metadata/name"));
        assertThat(Chart.render("defaults")
                        .only("Deployment")
                        .at("/spec/template/spec/volumes")
                        .findValues("emptyDir"))
                .hasSize(2);
    }

    @Test
    void hasABudgetOnlyWhereAnotherInstanceIs() {
        assertThat(Chart.render("defaults").all("PodDisruptionBudget")).hasSize(1);
        assertThat(Chart.render("rel", "defaults", "replicaCount=1").all("PodDisruptionBudget"))
                .isEmpty();
        assertThat(Chart.render("hpa").all("PodDisruptionBudget")).hasSize(1);
        assertThat(Chart.render("keda").all("PodDisruptionBudget")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"hpa, HorizontalPodAutoscaler", "keda, ScaledObject"})
    void leavesTheNumberOfInstancesToWhoReckonsIt(String values, String kind) {
        Rendered rendered = Chart.render(values);

        assertThat(rendered.workload().at("/spec/replicas").isMissingNode()).isTrue();
        assertThat(rendered.only(kind).at("/spec/scaleTargetRef/kind"))
                .isEqualTo(rendered.workload().at("/kind"));
        assertThat(rendered.only(kind).at("/spec/scaleTargetRef/name"))
                .isEqualTo(rendered.workload().at("/metadata/name"));
    }

    @Test
    void scalesByTheLagOfTheTopicsThatAreRead() {
        assertThat(Chart.render("keda")
                        .only("ScaledObject")
                        .at("/spec/triggers")
                        .findValuesAsText("topic"))
                .containsExactly("shop.refunds", "shipment-created");
        assertThat(Chart.render("keda")
                        .only("ScaledObject")
                        .at("/spec/triggers")
                        .findValuesAsText("consumerGroup"))
                .containsOnly("order-sync");
    }

    @Test
    void makesAnotherPodOfAnotherConfiguration() {
        assertThat(checksum("defaults")).isEqualTo(checksum("defaults"));
        assertThat(checksum("defaults", "policy.pickupGrace=1h")).isNotEqualTo(checksum("defaults"));
        assertThat(checksum("defaults", "config.debug=true")).isNotEqualTo(checksum("defaults"));
    }

    private static String checksum(String values, String... settings) {
        String checksum = Chart.render("rel", values, settings)
                .pod()
                .at("/metadata/annotations/checksum~1config")
                .asText();
        assertThat(checksum).hasSize(64);
        return checksum;
    }

    @Test
    void letsNobodyInAndOutButWhoIsNamed() {
        JsonNode policy = Chart.render("network-policy").only("NetworkPolicy");

        assertThat(policy.at("/spec/policyTypes")).hasSize(2);
        assertThat(policy.at("/spec/ingress")).hasSize(1);
        assertThat(policy.at("/spec/ingress/0/from")).hasSize(2);
        assertThat(items(policy.at("/spec/egress"))
                        .map(rule -> rule.at("/ports/0/port").asInt()))
                .containsExactly(53, 9094, 8081, 443, 3128);
        // Nobody is told: nothing goes to the channels' port.
        assertThat(items(Chart.render("rel", "network-policy", "alerting.enabled=false")
                                .only("NetworkPolicy")
                                .at("/spec/egress"))
                        .map(rule -> rule.at("/ports/0/port").asInt()))
                .containsExactly(53, 9094, 8081, 3128);
    }

    @Test
    void givesTheRulesAndTheDashboardAsTheyAre() throws IOException {
        Rendered rendered = Chart.render("monitoring");

        assertThat(rendered.only("PrometheusRule").at("/spec"))
                .isEqualTo(Chart.YAML.readTree(
                        Chart.DIRECTORY.resolve("files/alerts.yml").toFile()));
        assertThat(rendered.only("PrometheusRule").toString()).contains("{{ $");
        assertThat(rendered.all("ConfigMap")
                        .filter(map -> map.at("/metadata/labels/grafana_dashboard")
                                .asText()
                                .equals("1"))
                        .map(map -> map.at("/data/order-sync.json").asText().strip()))
                .containsExactly(Files.readString(Chart.DIRECTORY.resolve("files/dashboard.json"))
                        .strip());
        assertThat(rendered.only("ServiceMonitor")
                        .at("/metadata/labels/release")
                        .asText())
                .isEqualTo("prometheus");
    }

    @Test
    void isPartOfAnotherChartOnACondition(@TempDir Path with, @TempDir Path without) throws IOException {
        assertThat(Chart.renderAsPart(with, true)).contains("kind: Deployment");
        assertThat(Chart.renderAsPart(without, false)).isEmpty();
    }

    @Test
    void namesTheImageOfThisVersion() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version =
                pom.replaceAll("(?s).*<artifactId>order-sync</artifactId>\\s*<version>([^<]+)</version>.*", "$1");

        assertThat(Chart.render("defaults").container().at("/image").asText()).isEqualTo("order-sync:" + version);
        assertThat(Chart.render("everything").container().at("/image").asText())
                .isEqualTo("registry.example:5000/shop/order-sync:1.0.0@sha256:" + "0123456789abcdef".repeat(4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state.store=disk                                        | /state/store
            state.retention=10                                      | /state/retention
            replicaCount=-1                                         | /replicaCount
            replicas=2                                              | replicas
            podLabels.app\\.kubernetes\\.io/name=x                     | /podLabels
            commonLabels.helm\\.sh/chart=x                           | /commonLabels
            serviceMonitor.labels.app\\.kubernetes\\.io/instance=x     | /serviceMonitor/labels
            fullnameOverride=order.sync                             | /fullnameOverride
            fullnameOverride=1st-shop                               | /fullnameOverride
            nameOverride=order.sync                                 | /nameOverride
            mode=on                                                 | /mode
            kafka.security.protocol=SASL                            | /kafka/security/protocol
            kafka.bootstrapServers=kafka                            | /kafka/bootstrapServers
            kafka.security.sasl.password=secret                     | password
            schemaRegistry.url[0]=https://me:secret@registry        | /schemaRegistry/url/0
            topics.refundApproved=                                  | /topics/refundApproved
            topics.refundApprovd=x                                  | refundApprovd
            policy.interceptFeeMinor.yuan=1                         | yuan
            policy.pickupGrace=soon                                 | /policy/pickupGrace
            alerting.channels.a.type=pigeon                         | /alerting/channels/a/type
            alerting.channels.a.secret=SEC123                       | /alerting/channels/a/secret
            alerting.channels.A_b.type=slack                        | A_b
            test.image=curlimages/curl                              | /test/image
            jvm.maxRamPercentage=99                                 | /jvm/maxRamPercentage
            networkPolicy.egress.dns.ports=null                     | /networkPolicy/egress/dns
            networkPolicy.egress.alerting=null                      | /networkPolicy/egress
            networkPolicy.egress=null                               | /networkPolicy
            keda.cooldownPeriod=3601                                | /keda/cooldownPeriod
            service.port=0                                          | /service/port
            persistence.retentionPolicy.whenDeleted=Forget          | /persistence/retentionPolicy/whenDeleted
            strimzi.apiVersion=v1                                   | /strimzi/apiVersion
            resources.limits.memory=lots                            | /resources/limits/memory
            """)
    void refusesAWrongValueByItsName(String setting, String name) {
        assertThatThrownBy(() -> Chart.render("rel", "defaults", setting))
                .hasMessageContaining("- at '")
                .hasMessageContaining(name);
    }

    /** Helm takes more names of releases than Kubernetes does of Services. */
    @ParameterizedTest
    @ValueSource(strings = {"1st-shop", "order.sync"})
    void refusesAReleaseWhoseNameNoServiceMayHave(String release) {
        assertThatThrownBy(() -> Chart.render(release, "defaults")).hasMessageContaining("set fullnameOverride");
        assertThat(Chart.render(release, "everything").documents()).isNotEmpty();
    }

    /** A rule without ports is one of all ports. */
    @Test
    void opensNothingByAnEmptyList(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("none.yaml"), "networkPolicy: {egress: {kafka: {ports: []}}}");

        assertThatThrownBy(() -> Chart.render("rel", directory.resolve("none").toString()))
                .hasMessageContaining("/networkPolicy/egress/kafka/ports");
    }

    @Test
    void takesNoSecretOfARobotsUrl() {
        assertThatThrownBy(() -> Chart.render(
                        "rel",
                        "defaults",
                        "alerting.channels.a.type=slack",
                        "alerting.channels.a.url=https://hooks.example/T1/B1/x"))
                .hasMessageContaining("/alerting/channels/a/url");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            defaults | staticMembership.enabled=true                              | staticMembership.enabled needs state.store rocksdb
            hpa      | keda.enabled=true                                          | autoscaling.enabled and keda.enabled
            hpa      | autoscaling.maxReplicas=13                                 | autoscaling.maxReplicas is 13, and there are 12 partitions
            hpa      | autoscaling.partitions=null                                | autoscaling.partitions is needed
            hpa      | autoscaling.maxReplicas=2                                  | autoscaling.maxReplicas is 2, below minReplicas, 3
            keda     | keda.maxReplicas=7                                         | keda.maxReplicas is 7, and there are 6 partitions
            defaults | standbyReplicas=2                                          | standbyReplicas is 2, and there are 2 instances
            defaults | terminationGracePeriodSeconds=60                           | terminationGracePeriodSeconds is 60
            defaults | shutdownPhaseSeconds=25                                    | three phases of shutdownPhaseSeconds, 25
            defaults | kafka.security.protocol=SASL_SSL                           | kafka.security.sasl.existingSecret is needed with SASL_SSL
            sasl-plain | kafka.security.sasl.mechanism=OAUTHBEARER                | kafka.security.sasl.jaasConfigKey is needed with OAUTHBEARER
            sasl-plain | kafka.security.truststore.existingSecret=ca              | kafka.security.truststore.existingSecret needs protocol SSL or SASL_SSL, not SASL_PLAINTEXT
            mtls     | kafka.security.protocol=PLAINTEXT                          | existingSecret needs protocol SSL or SASL_SSL, not PLAINTEXT
            alerting | alerting.existingSecret=                                   | alerting.existingSecret is needed
            alerting | alerting.channels.ours.headers.authorization=Basic          | alerting.channels.ours.headers.authorization is secret
            alerting | alerting.channels.ours.headers.X-Api-Key=a                 | alerting.channels.ours.headers.X-Api-Key is secret
            network-policy | kafka.bootstrapServers=kafka:9099                    | networkPolicy.egress.kafka.ports lacks 9099, of kafka.bootstrapServers
            network-policy | schemaRegistry.url[0]=https://registry/apis          | networkPolicy.egress.schemaRegistry.ports lacks 443, of schemaRegistry.url
            network-policy | schemaRegistry.url[0]=http://registry                | networkPolicy.egress.schemaRegistry.ports lacks 80, of schemaRegistry.url
            network-policy | alerting.channels.ours.url=https://a.example:8443/x  | networkPolicy.egress.alerting.ports lacks 8443, of alerting.channels.ours.url
            defaults | kafka.replicationFactor=0                                  | kafka.replicationFactor is 0
            monitoring | podLabels.team=x                                         | podLabels: team is one of commonLabels too
            monitoring | dashboard.labels.team=x                                  | dashboard.labels: team is one of commonLabels too
            defaults | image.tag=latest                                           | image.tag is latest
            defaults | test.image=curl:latest                                     | test.image is latest
            defaults | schemaRegistry.tokenKey=token                              | schemaRegistry.existingSecret is needed with schemaRegistry.tokenKey
            defaults | schemaRegistry.properties.basic\\.auth\\.user\\.info=me:x  | schemaRegistry.properties: basic.auth.user.info is secret
            defaults | schemaRegistry.properties.bearer\\.auth\\.token=eyJ0       | schemaRegistry.properties: bearer.auth.token is secret
            defaults | config.spring.kafka.ssl.key-store-password=x               | config: spring.kafka.ssl.key-store-password is secret
            defaults | config.spring\\.kafka\\.ssl\\.keyStoreKey=x                | config: spring.kafka.ssl.keyStoreKey is secret
            defaults | config.a.ssl\\.keystore\\.key=x                            | config: a.ssl.keystore.key is secret
            defaults | config.a.sasl\\.jaas\\.config=x                            | config: a.sasl.jaas.config is secret
            defaults | config.a.clientSecret=x                                    | config: a.clientSecret is secret
            defaults | config.a.headers.Authorization=x                           | config: a.headers.Authorization is secret
            defaults | config.a.b[0].token=x                                      | config: a.b.0.token is secret
            strimzi  | strimzi.cluster=                                           | strimzi.cluster is needed
            """)
    void refusesWhatContradictsItself(String values, String setting, String message) {
        assertThatThrownBy(() -> Chart.render("rel", values, setting)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void keepsSecretsOutOfConfigMaps(String values) {
        Rendered rendered = Chart.render(values);
        Map<String, String> secrets = new TreeMap<>();
        rendered.configuration().values().forEach(file -> settings("", tree(file), secrets));
        secrets.keySet().removeIf(name -> !SECRET.matcher(name).find());

        assertThat(secrets.values()).allSatisfy(value -> assertThat(value).containsPattern("\\$\\{[^}]+}"));
        if (Set.of("sasl-plain", "sasl-ssl", "mtls", "alerting").contains(values)) {
            assertThat(secrets).isNotEmpty();
        }
        assertThat(rendered.all("Secret")).isEmpty();
        // Whoever sees the process sees its environment.
        assertThat(rendered.pod().findValues("secretKeyRef")).isEmpty();
    }

    private static JsonNode tree(String yaml) {
        try {
            return Chart.YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void settings(String name, JsonNode value, Map<String, String> settings) {
        if (value.isValueNode()) {
            settings.put(name, value.asText());
        }
        value.properties().forEach(field -> settings(name + "." + field.getKey(), field.getValue(), settings));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
