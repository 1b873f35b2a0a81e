package io.ordersync.bench;

import io.ordersync.dev.Answer;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.util.FileSystemUtils;

/**
 * What the candidates of a benchmark have in common: a broker in a process of its own, a schema registry in this one, a
 * directory under {@code target} for the broker's log and their states, so many partitions, so much heap.
 */
final class Site implements AutoCloseable {

    static final long SEED = 20_261_122;

    private final AtomicInteger runs = new AtomicInteger();
    private final int partitions;
    private final String heap;
    private final Path directory;
    private final DevRegistry registry;
    private final ChildJvm broker;
    private final String bootstrapServers;

    /** @param heap of each candidate, as {@code -Xmx} takes it */
    Site(int partitions, String heap) {
        this.partitions = partitions;
        this.heap = heap;
        try {
            directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        registry = new DevRegistry(0);
        broker = ChildJvm.named("broker")
                .heap("1g")
                .option("-Djava.io.tmpdir=" + directory)
                .start(BrokerMain.class.getName(), BrokerMain.settings());
        bootstrapServers = BrokerMain.addressOf(broker);
    }

    int partitions() {
        return partitions;
    }

    String heap() {
        return heap;
    }

    Path directory() {
        return directory;
    }

    ChildJvm broker() {
        return broker;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String registryUrl() {
        return registry.url();
    }

    WireEncoder encoder() {
        return new WireEncoder(registryUrl());
    }

    /**
     * A run of its own.
     *
     * @param inputs the prefix of the topics that are read
     */
    Place place(String inputs) {
        return Place.of(this, inputs, nextId());
    }

    /** A run of its own with inputs of its own, which are empty. */
    Place emptyPlace() {
        String id = nextId();
        String inputs = id + "-in.";
        createInputs(inputs);
        return Place.of(this, inputs, id);
    }

    private String nextId() {
        return "run-" + runs.incrementAndGet();
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Of committed records. */
    Consumer<byte[], byte[]> reader() {
        return reader(bootstrapServers);
    }

    /** The same in another cluster. */
    static Consumer<byte[], byte[]> reader(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    void createTopics(Stream<String> names) {
        try (Admin admin = admin()) {
            Answer.of(admin.createTopics(names.map(name -> new NewTopic(name, partitions, (short) 1))
                            .toList())
                    .all());
        }
    }

    private void createInputs(String inputs) {
        createTopics(Stream.of(Load.REFUNDS, Load.PARCELS).map(topic -> inputs + topic));
    }

    /**
     * Makes the inputs and fills them.
     *
     * @param inputs the prefix of their names
     * @param strayShare how many go to another partition than their order's, from 0 to 1
     * @return how many did
     */
    int send(Load load, String inputs, double strayShare) {
        createInputs(inputs);
        try (EventSender sender = EventSender.ofManyAtOnce(bootstrapServers)) {
            return load.send(sender, inputs, partitions, strayShare);
        }
    }

    @Override
    public void close() {
        broker.close();
        registry.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
