package io.ordersync.dev;

import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A Kafka broker in a container, set as {@link DevBroker} is where its image has other defaults. */
final class ContainerBroker implements TestBroker {
    private final KafkaContainer container;

    /**
     * Starts the broker.
     *
     * @param image one that is started as apache/kafka is
     * @throws IllegalStateException if no Docker answers
     */
    ContainerBroker(String image) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "no Docker answers, and broker.image asks for a broker in a container of " + image);
        }
        this.container = new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_STREAMS_INITIAL_REBALANCE_DELAY_MS", "0")
                // A busy machine takes longer than the minute that is usual.
                .withStartupTimeout(Duration.ofMinutes(5));
        container.start();
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.close();
    }
}
