package io.ordersync.dev;

import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** A Kafka broker in this JVM: one KRaft node, broker and controller at once, on localhost; its data goes when it closes. */
public final class DevBroker implements TestBroker {
    private static final int ATTEMPTS = 5;

    private static final String PLAINTEXT = "PLAINTEXT";
    private static final String CONTROLLER = "CONTROLLER";

    private final Path directory;
    private final Map<String, Integer> ports;
    private final KafkaRaftServer server;

    /**
     * Starts the broker.
     *
     * @param port where clients connect, or 0 for a free one
     * @throws UncheckedIOException if the port is taken; the message says which
     */
    public DevBroker(int port) {
        this(port, Map.of(), List.of());
    }

    /**
     * Starts one that has other listeners too, each on a free port.
     *
     * @param port as above
     * @param settings beside its own, as Kafka names them
     * @param protocols what the other listeners speak, and are named after: SASL_SSL, SSL
     * @throws UncheckedIOException if the port is taken; the message says which
     */
    public DevBroker(int port, Map<String, String> settings, List<String> protocols) {
        try {
            requireFree(port);
            this.directory = Files.createTempDirectory("order-sync-broker");
            var started = start(directory, port, settings, protocols);
            this.ports = started.ports;
            this.server = started.server;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers(PLAINTEXT);
    }

    /** The same, of another listener. */
    public String bootstrapServers(String protocol) {
        return "localhost:" + Objects.requireNonNull(ports.get(protocol), protocol);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Started(KafkaRaftServer server, Map<String, Integer> ports) {}

    /** A free port may be taken by another process before the broker binds it: then another one is tried. */
    private static Started start(Path parent, int port, Map<String, String> settings, List<String> protocols)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            var ports = new TreeMap<String, Integer>();
            ports.put(PLAINTEXT, port == 0 ? Ports.free() : port);
            ports.put(CONTROLLER, Ports.free());
            for (String protocol : protocols) {
                ports.put(protocol, Ports.free());
            }
            var server = server(parent.resolve("attempt-" + attempt), ports, settings);
            // A controller that cannot bind its port halts the JVM, unless told otherwise.
            Exit.setExitProcedure(DevBroker::refuseToEnd);
            Exit.setHaltProcedure(DevBroker::refuseToEnd);
            try {
                server.startup();
                return new Started(server, ports);
            } catch (RuntimeException e) {
                server.shutdown();
                if (attempt == ATTEMPTS) {
                    FileSystemUtils.deleteRecursively(parent);
                    throw new IOException("the broker did not start in " + ATTEMPTS + " attempts", e);
                }
            } finally {
                Exit.resetExitProcedure();
                Exit.resetHaltProcedure();
            }
        }
    }

    private static void refuseToEnd(int status, @Nullable String message) {
        throw new IllegalStateException("the broker gave up with status " + status + ": " + message);
    }

    private static KafkaRaftServer server(Path directory, Map<String, Integer> ports, Map<String, String> settings)
            throws IOException {
        Files.createDirectory(directory);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(true)
                    .setHasDynamicQuorum(false)
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker's directory cannot be formatted", e);
        }
        return new KafkaRaftServer(new KafkaConfig(configuration(directory, ports, settings), false), Time.SYSTEM);
    }

    private static Map<String, String> configuration(
            Path directory, Map<String, Integer> ports, Map<String, String> settings) {
        var configuration = new HashMap<>(settings);
        configuration.put("process.roles", "broker,controller");
        configuration.put("node.id", "1");
        configuration.put("controller.quorum.voters", "1@localhost:" + ports.get(CONTROLLER));
        configuration.put("listeners", each(ports.keySet(), name -> name + "://localhost:" + ports.get(name)));
        var advertised = new TreeSet<>(ports.keySet());
        advertised.remove(CONTROLLER);
        configuration.put("advertised.listeners", each(advertised, name -> name + "://localhost:" + ports.get(name)));
        configuration.put("controller.listener.names", CONTROLLER);
        configuration.put(
                "listener.security.protocol.map",
                each(ports.keySet(), name -> name + ":" + (name.equals(CONTROLLER) ? PLAINTEXT : name)));
        configuration.put("inter.broker.listener.name", PLAINTEXT);
        configuration.put("log.dirs", directory.toString());
        configuration.put("auto.create.topics.enable", "false");
        configuration.put("group.initial.rebalance.delay.ms", "0");
        configuration.put("group.streams.initial.rebalance.delay.ms", "0");
        configuration.put("offsets.topic.num.partitions", "1");
        configuration.put("offsets.topic.replication.factor", "1");
        for (String topic : new String[] {"transaction.state.log", "share.coordinator.state.topic"}) {
            configuration.put(topic + ".num.partitions", "1");
            configuration.put(topic + ".replication.factor", "1");
            configuration.put(topic + ".min.isr", "1");
        }
        return configuration;
    }

    private static String each(Set<String> listeners, Function<String, String> form) {
        return listeners.stream().map(form).collect(Collectors.joining(","));
    }

    /** Asks before the broker does: its own answer to a taken port is a page long. */
    private static void requireFree(int port) throws IOException {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress("localhost", port));
        } catch (BindException e) {
            throw new IOException("port " + port + " on localhost is taken: is another broker running?", e);
        }
    }
}
