package io.ordersync.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** Settings of Kafka Streams that a candidate is handed in a file. */
final class StreamSettings {

    private static final String PREFIX = "spring.kafka.streams.properties.";

    private StreamSettings() {}

    /** Those that the service has in its application.yml. */
    static Map<String, String> ofTheService() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("application.yml"));
        Map<String, String> settings = new HashMap<>();
        Objects.requireNonNull(yaml.getObject()).forEach((key, value) -> {
            if (key.toString().startsWith(PREFIX)) {
                settings.put(key.toString().substring(PREFIX.length()), value.toString());
            }
        });
        return settings;
    }

    /** Writes them, and what follows from the place. */
    static Path write(Place place, Map<String, String> settings) {
        Properties all = new Properties();
        all.putAll(settings);
        all.putAll(Map.of(
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                place.site().bootstrapServers(),
                StreamsConfig.APPLICATION_ID_CONFIG,
                place.id(),
                StreamsConfig.STATE_DIR_CONFIG,
                place.directory().resolve("state").toString(),
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                "1",
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2));
        Path file = place.directory().resolve("streams.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            all.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    static StreamsConfig read(String file) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            settings.load(in);
        }
        return new StreamsConfig(settings);
    }
}
