package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/** What the Dockerfile, docker-compose.yml and its scripts say once more than the rest of the tree does, they say alike. */
class ContainerFilesTest {
    private static final Properties COMPOSE = compose();

    @Test
    void makesTheContractsTopics() throws IOException {
        var listed = first("topics='\n([^']*)'", read("docker/topics"));

        Map<String, String> settings = new TreeMap<>();
        listed.lines()
                .map(line -> line.split(" +", 2))
                .forEach(line -> settings.put(line[0], line.length == 1 ? "" : line[1]));

        assertThat(settings.keySet()).containsExactlyInAnyOrderElementsOf(topics());
        assertThat(settings.values()).allSatisfy(ContainerFilesTest::isTakenByKafka);
        // What the contract says of them, in milliseconds.
        assertThat(settings)
                .containsEntry(DevTopics.CASES, "cleanup.policy=compact,delete retention.ms=" + days(400))
                .containsEntry(DevTopics.ALERTS, "retention.ms=" + days(30))
                .containsEntry(DevTopics.UNDELIVERED, "retention.ms=" + days(30))
                .containsEntry(DevTopics.LOCKS, "retention.ms=" + days(7))
                .containsEntry(DevTopics.INTERCEPTS, "retention.ms=" + days(7));
        assertThat(settings.get(DevTopics.DEAD_LETTERS)).startsWith("retention.ms=" + days(30) + " max.message.bytes=");
    }

    @Test
    void runsTheVersionsThatAreTested() throws IOException {
        var pom = read("pom.xml");
        var version = first("<artifactId>order-sync</artifactId>\\s*<version>(.+)</version>", pom);

        assertThat(images())
                .containsEntry("broker", "apache/kafka:" + AppInfoParser.getVersion())
                .containsEntry("topics", "apache/kafka:" + AppInfoParser.getVersion())
                .containsEntry("registry", "apicurio/apicurio-registry:" + first("apicurio-registry-app:([^:]+):", pom))
                .containsEntry("order-sync", "order-sync:" + version)
                .containsEntry("shop", "order-sync-shop:" + version);
    }

    @Test
    void answersOnTheDevelopmentModesPortsOfThisMachineAlone() {
        assertThat(values("ports"))
                .containsExactlyInAnyOrder(
                        "127.0.0.1:9092:9092", "127.0.0.1:8081:8080", "127.0.0.1:8080:8080", "127.0.0.1:9090:9090");
    }

    @Test
    void mountsWhatIsThere() {
        var mounted = values("volumes").stream()
                .filter(volume -> volume.startsWith("./"))
                .map(volume -> Path.of(volume.substring(0, volume.indexOf(':'))))
                .toList();

        assertThat(mounted).hasSize(5).allMatch(Files::isRegularFile);
    }

    @Test
    void startsTheImagesOfMavenAndOfTheDockerfileAlike() throws IOException {
        var service = first("(?s)\nFROM eclipse-temurin(:.*?)\nFROM ", read("Dockerfile"));
        var jib = first("(?s)<artifactId>jib-maven-plugin</artifactId>(.*?)</plugin>", read("pom.xml"));

        assertThat(first("^(\\S+)", service)).isEqualTo(first("<image>eclipse-temurin(.+)</image>", jib));
        // Jib starts nothing, so that its image has no cache of a start.
        assertThat(all("\"(-[^\"]+)\"", first("ENTRYPOINT \\[(.*)]", service)))
                .containsExactlyElementsOf(Stream.concat(
                                all("<jvmFlag>(.+)</jvmFlag>", jib).stream(), Stream.of("-XX:AOTCache=app.aot", "-jar"))
                        .toList());
        assertThat(first("\nUSER (.+)", service)).isEqualTo(first("<user>(.+)</user>", jib));
        assertThat(first("\nWORKDIR (.+)", service)).isEqualTo(first("<workingDirectory>(.+)</workingDirectory>", jib));
        assertThat(first("\nEXPOSE (.+)", service)).isEqualTo(first("<port>(.+)</port>", jib));
        assertThat(first("\nVOLUME (.+)", service)).isEqualTo(first("<volume>(.+)</volume>", jib));
        assertThat(first("\nENV SPRING_KAFKA_STREAMS_STATEDIR=(.+)", service))
                .isEqualTo(first("<SPRING_KAFKA_STREAMS_STATEDIR>(.+)<", jib))
                .isEqualTo(first("\nVOLUME (.+)", service) + "/state");
    }

    /** As kafka-topics.sh reads them, which takes no brackets around a list as kafka-configs.sh does. */
    private static void isTakenByKafka(String settings) {
        Map<String, String> configs = new TreeMap<>();
        Pattern.compile("(\\S+)=(\\S+)")
                .matcher(settings)
                .results()
                .forEach(setting -> configs.put(setting.group(1), setting.group(2)));
        LogConfig.validate(configs);
    }

    private static long days(int count) {
        return Duration.ofDays(count).toMillis();
    }

    private static List<String> topics() {
        return Stream.concat(DevTopics.OF_ORDERS.stream(), Stream.of(DevTopics.DEAD_LETTERS, DevTopics.UNDELIVERED))
                .toList();
    }

    private static Map<String, String> images() {
        Map<String, String> images = new TreeMap<>();
        COMPOSE.stringPropertyNames().stream()
                .filter(name -> name.endsWith(".image"))
                .forEach(name -> images.put(Arrays.asList(name.split("\\.", -1)).get(1), COMPOSE.getProperty(name)));
        return images;
    }

    /** What all services have in their lists of this name. */
    private static List<String> values(String list) {
        return COMPOSE.stringPropertyNames().stream()
                .filter(name -> name.matches("services\\.[a-z-]+\\." + list + "\\[\\d+]"))
                .map(COMPOSE::getProperty)
                .toList();
    }

    private static Properties compose() {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource("docker-compose.yml"));
        return Objects.requireNonNull(yaml.getObject());
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static String first(String pattern, String text) {
        return all(pattern, text).getFirst();
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> Objects.requireNonNull(result.group(1)))
                .toList();
    }
}
