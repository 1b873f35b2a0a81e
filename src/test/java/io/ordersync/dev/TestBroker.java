package io.ordersync.dev;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A Kafka broker whose data goes when it closes. */
public interface TestBroker extends AutoCloseable {

    /**
     * A broker in this JVM; where the system property {@code broker.image} names an image, one in a container of it.
     *
     * @throws IllegalStateException if an image is named and no Docker answers
     */
    static TestBroker start() {
        var image = System.getProperty("broker.image", "");
        return image.isEmpty() ? new DevBroker(0) : new ContainerBroker(image);
    }

    /** Where clients on this machine connect: {@code <host>:<port>}. */
    String bootstrapServers();

    /** Creates topics of so many partitions each, and waits until they are there. */
    default void createTopics(int partitions, String... names) {
        var topics = Stream.of(names)
                .map(name -> new NewTopic(name, partitions, (short) 1))
                .toList();
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics cannot be created: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics are created", e);
        }
    }

    @Override
    void close();
}
