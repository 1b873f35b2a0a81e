package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.OrderSyncApplication;
import io.ordersync.bench.Comparison.Measured;
import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.springframework.util.FileSystemUtils;

/**
 * How fast the service, in a process of its own, works off what waits in its inputs: from the commit by which a third of it
 * is done, so that most of its code is compiled by then, to the one after which nothing is left. Afterwards it is asked what
 * it found.
 *
 * @param classPath of the service
 * @param inputs the prefix of the topics that are read
 * @param settings of the service, beside those of its place
 * @param strays how many of the load's records are not on their order's partition there
 */
record CatchingUp(
        String classPath,
        String bootstrapServers,
        String registryUrl,
        Load load,
        String inputs,
        int partitions,
        int strays,
        List<String> settings) {

    private static final List<String> INPUTS = List.of(Load.REFUNDS, Load.PARCELS);
    private static final String INTERCEPTS = "intercept-shipment-commands";
    private static final String DEAD_LETTERS = "order-sync-dead-letters";
    private static final List<String> OUTPUTS = List.of(
            "warehouse-lock-commands",
            INTERCEPTS,
            "order-alerts",
            "order-cases",
            DEAD_LETTERS,
            "order-alerts-undelivered");
    private static final List<String> ABSENT = List.of(
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            "intercept-results",
            "case-resolutions");
    private static final Duration INTERVAL = Duration.ofMillis(20);

    /** What the group had committed at a moment, and the processor time used by then. */
    private record Look(long nanos, Duration cpu, Map<TopicPartition, Long> done, long handled) {}

    /** @param id no other run has it */
    Measured measure(String id) {
        int port = freePort();
        Path state = temporaryDirectory();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                Consumer<byte[], byte[]> reader = consumer()) {
            Answer.of(admin.createTopics(OUTPUTS.stream()
                            .map(topic -> new NewTopic(id + '.' + topic, partitions, (short) 1))
                            .toList())
                    .all());
            Measured measured;
            try (ChildJvm service = ChildJvm.named(id)
                    .heap("1g")
                    .classPath(classPath)
                    .start(OrderSyncApplication.class.getName(), arguments(id, port, state))) {
                measured = measure(id, service, admin, reader);
                requireAllFound(id, port, reader);
            }
            List<String> own = Answer.of(admin.listTopics().names()).stream()
                    .filter(topic -> topic.startsWith(id + '.') || topic.startsWith(id + '-'))
                    .toList();
            Answer.of(admin.deleteTopics(own).all());
            return measured;
        } finally {
            delete(state);
        }
    }

    private Measured measure(String id, ChildJvm service, Admin admin, Consumer<byte[], byte[]> reader) {
        List<Look> looks = new ArrayList<>();
        await(service).until(() -> {
            looks.add(look(id, service, admin));
            return looks.getLast().handled() >= load.size() / 3;
        });
        Look first = looks.getLast();
        await(service).until(() -> {
            looks.add(look(id, service, admin));
            return looks.getLast().handled() == load.size() && isWorkedOff(id, looks.getLast(), admin, reader);
        });
        Look last = looks.getLast();
        return new Measured(
                last.handled() - first.handled(),
                (last.nanos() - first.nanos()) / 1e9,
                last.cpu().minus(first.cpu()).toNanos() / 1e9);
    }

    private Look look(String id, ChildJvm service, Admin admin) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                Answer.of(admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> done = committed.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
        long handled = all(inputs, INPUTS).stream()
                .mapToLong(partition -> done.getOrDefault(partition, 0L))
                .sum();
        return new Look(System.nanoTime(), service.cpu(), done, handled);
    }

    /** Is no stray left? The marks of transactions have offsets too, and nobody commits these. */
    private static boolean isWorkedOff(String id, Look look, Admin admin, Consumer<byte[], byte[]> reader) {
        String topic = id + "-strays";
        if (!Answer.of(admin.listTopics().names()).contains(topic)) {
            return true;
        }
        var description = Answer.of(admin.describeTopics(List.of(topic)).allTopicNames());
        Set<TopicPartition> strays = description.values().stream()
                .flatMap(there -> there.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toSet());
        var ends = Answer.of(admin.listOffsets(strays.stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all());
        return ends.entrySet().stream().allMatch(end -> {
            long from = look.done().getOrDefault(end.getKey(), 0L);
            long to = end.getValue().offset();
            if (from >= to) {
                return true;
            }
            reader.assign(Set.of(end.getKey()));
            reader.seek(end.getKey(), from);
            return reader.poll(Duration.ofMillis(200)).isEmpty() && reader.position(end.getKey()) >= to;
        });
    }

    // ------------------------------------------------------------------------------------------------ what it found

    private void requireAllFound(String id, int port, Consumer<byte[], byte[]> reader) {
        assertThat(keys(id, INTERCEPTS, reader)).containsExactlyInAnyOrderElementsOf(load.races());
        assertThat(keys(id, DEAD_LETTERS, reader)).isEmpty();
        String metrics = metrics(port);
        assertThat(sum(metrics, "ordersync_events_total")).isEqualTo(load.size());
        assertThat(sum(metrics, "ordersync_strays_total")).isEqualTo(strays);
    }

    private List<String> keys(String id, String topic, Consumer<byte[], byte[]> reader) {
        List<TopicPartition> all = all(id + '.', List.of(topic));
        reader.assign(all);
        reader.seekToBeginning(all);
        Map<TopicPartition, Long> ends = reader.endOffsets(all);
        List<String> keys = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(100)).forEach(record -> keys.add(new String(record.key(), UTF_8)));
        }
        return keys;
    }

    private static long sum(String metrics, String name) {
        return Pattern.compile("(?m)^" + name + "(?:\\{.*})? ([0-9.E]+)$")
                .matcher(metrics)
                .results()
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    private static String metrics(int port) {
        URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // ------------------------------------------------------------------------------------------------ the service

    private List<String> arguments(String id, int port, Path state) {
        Stream<String> own = Stream.of(
                "--server.port=" + port,
                "--spring.main.banner-mode=off",
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--spring.kafka.streams.application-id=" + id,
                "--spring.kafka.streams.state-dir=" + state,
                "--spring.kafka.streams.replication-factor=1",
                "--order-sync.schema-registry.url=" + registryUrl);
        Stream<String> in = INPUTS.stream().map(topic -> setting(topic, inputs + topic));
        Stream<String> out = OUTPUTS.stream().map(topic -> setting(topic, id + '.' + topic));
        Stream<String> absent = ABSENT.stream().map(topic -> setting(topic, ""));
        return Stream.of(own, in, out, absent, settings.stream())
                .flatMap(part -> part)
                .toList();
    }

    private static String setting(String topic, String name) {
        return "--order-sync.topics." + topic.replace("order-sync-", "") + '=' + name;
    }

    private List<TopicPartition> all(String prefix, Collection<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(prefix + topic, partition)))
                .toList();
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static ConditionFactory await(ChildJvm service) {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(Duration.ofMinutes(3))
                .failFast(service::requireAlive);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("order-sync-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
