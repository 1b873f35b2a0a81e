package io.ordersync.faults;

import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;

/**
 * A cluster of brokers, each a process of its own that is broker and controller at once. What a broker has on disk outlives
 * the process: one that ended is started again with {@link #start(int)}. Nodes are numbered from 0.
 */
final class Brokers implements AutoCloseable {

    private static final String CLUSTER = Uuid.randomUuid().toString();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Where one of them is. */
    private static final class Node {
        final Path directory;
        final int clients;
        final int controller = Ports.free();
        int advertised;
        String host;
        UnaryOperator<ChildJvm.Plan> started = UnaryOperator.identity();

        @org.jspecify.annotations.Nullable
        ChildJvm process;

        Node(String host, Path directory, int clients) {
            this.host = host;
            this.directory = directory;
            this.clients = clients;
            this.advertised = clients;
        }
    }

    private final List<Node> nodes;
    private final Map<String, String> settings = new HashMap<>();

    /**
     * Starts none yet.
     *
     * @param host where they listen, and where clients are told to connect
     * @param directory of all their data; may be there already
     */
    Brokers(int count, String host, Path directory) {
        nodes = IntStream.range(0, count)
                .mapToObj(node -> new Node(host, directory.resolve("broker-" + node), Ports.free()))
                .toList();
    }

    /** So many on localhost, all up. */
    static Brokers started(int count, Path directory) {
        Brokers brokers = new Brokers(count, "localhost", directory);
        brokers.startAll();
        return brokers;
    }

    /** A broker's own setting, for those started from now on. */
    Brokers with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Clients are told another port than that where the broker listens: somebody stands between. */
    Brokers advertise(int node, int port) {
        nodes.get(node).advertised = port;
        return this;
    }

    /** One is elsewhere. */
    Brokers at(int node, String host, UnaryOperator<ChildJvm.Plan> started) {
        nodes.get(node).host = host;
        nodes.get(node).started = started;
        return this;
    }

    /** Where a broker listens. */
    int port(int node) {
        return nodes.get(node).clients;
    }

    /** Where a broker keeps its data. */
    Path directory(int node) {
        return nodes.get(node).directory;
    }

    String bootstrapServers() {
        return nodes.stream().map(node -> node.host + ':' + node.advertised).collect(Collectors.joining(","));
    }

    int count() {
        return nodes.size();
    }

    /** The process of one that was started. */
    ChildJvm process(int node) {
        return Objects.requireNonNull(nodes.get(node).process);
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    void startAll() {
        IntStream.range(0, nodes.size()).forEach(this::start);
        awaitUp();
    }

    /** Starts one, or starts it again, and does not wait. */
    void start(int number) {
        Node node = nodes.get(number);
        try {
            if (!Files.exists(node.directory.resolve("meta.properties"))) {
                format(number, node);
            }
            Path file = node.directory.resolveSibling("broker-" + number + ".properties");
            try (OutputStream out = Files.newOutputStream(file)) {
                Properties properties = new Properties();
                properties.putAll(configuration(number, node));
                properties.store(out, null);
            }
            node.process = node.started
                    .apply(ChildJvm.named("broker-" + number)
                            .heap("512m")
                            .option("-XX:+UseSerialGC")
                            .option("-XX:TieredStopAtLevel=1"))
                    .start("kafka.Kafka", List.of(file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until all of them are in the cluster. */
    void awaitUp() {
        try (Admin admin = admin()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .failFast(() -> nodes.forEach(
                            node -> Objects.requireNonNull(node.process).requireAlive()))
                    .ignoreExceptions()
                    .until(() -> admin.describeCluster().nodes().get().size() == nodes.size());
        }
    }

    /** Waits until all of them are in the cluster, and no partition misses a replica. */
    void awaitInSync() {
        awaitUp();
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> partitions().stream()
                        .allMatch(partition -> partition.isr().size() == nodes.size()));
    }

    /** Waits until none misses a replica, and it is this one's turn again to lead those that are made to be led by it. */
    void awaitLeading(int node) {
        awaitInSync();
        try (Admin admin = admin()) {
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                admin.electLeaders(ElectionType.PREFERRED, null).partitions().get();
                return ledBy(node) > 0;
            });
        }
    }

    /** Waits until the others know that one is out of reach, and lead what it led. */
    void awaitLedByOthersThan(int node) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> ledBy(node) == 0);
    }

    /** How many partitions a broker leads. */
    long ledBy(int node) {
        return partitions().stream()
                .filter(partition ->
                        partition.leader() != null && partition.leader().id() == node)
                .count();
    }

    private List<TopicPartitionInfo> partitions() {
        try (Admin admin = admin()) {
            var topics = Answer.of(
                    admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
            return Answer.of(admin.describeTopics(topics).allTopicNames()).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
        }
    }

    /** Ends one at once. */
    void kill(int node) {
        process(node).kill();
    }

    /** The broker that coordinates the transactions of this id. */
    int coordinatorOf(String transactionalId) {
        try (Admin admin = admin()) {
            return Answer.of(
                            admin.describeTransactions(List.of(transactionalId)).description(transactionalId))
                    .coordinatorId();
        }
    }

    @Override
    public void close() {
        // With its controllers gone, a broker that is asked to stop waits for them.
        for (Node node : nodes) {
            if (node.process != null) {
                node.process.kill();
                node.process.close();
            }
        }
    }

    private static void format(int number, Node node) throws IOException {
        Files.createDirectories(node.directory);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(number)
                    .setClusterId(CLUSTER)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(node.directory.toString())
                    .addDirectory(node.directory.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(true)
                    .setHasDynamicQuorum(false)
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker's directory cannot be formatted", e);
        }
    }

    private Map<String, String> configuration(int number, Node node) {
        String voters = IntStream.range(0, nodes.size())
                .mapToObj(other -> other + "@" + nodes.get(other).host + ':' + nodes.get(other).controller)
                .collect(Collectors.joining(","));
        String replicas = Integer.toString(nodes.size());
        String inSync = nodes.size() > 2 ? "2" : "1";
        Map<String, String> configuration = new HashMap<>();
        configuration.put("process.roles", "broker,controller");
        configuration.put("node.id", Integer.toString(number));
        configuration.put("controller.quorum.voters", voters);
        configuration.put(
                "listeners",
                "CLIENTS://" + node.host + ':' + node.clients + ",CONTROLLER://" + node.host + ':' + node.controller);
        configuration.put("advertised.listeners", "CLIENTS://" + node.host + ':' + node.advertised);
        configuration.put("controller.listener.names", "CONTROLLER");
        configuration.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        configuration.put("inter.broker.listener.name", "CLIENTS");
        configuration.put("log.dirs", node.directory.toString());
        configuration.put("auto.create.topics.enable", "false");
        configuration.put("group.initial.rebalance.delay.ms", "0");
        configuration.put("default.replication.factor", replicas);
        configuration.put("min.insync.replicas", inSync);
        configuration.put("offsets.topic.num.partitions", "3");
        configuration.put("offsets.topic.replication.factor", replicas);
        configuration.put("transaction.state.log.num.partitions", "3");
        configuration.put("transaction.state.log.replication.factor", replicas);
        configuration.put("transaction.state.log.min.isr", inSync);
        configuration.putAll(settings);
        return configuration;
    }
}
