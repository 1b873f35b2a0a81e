package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.OrderSyncApplication;
import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * One run of the service, in a process of its own that can be killed and started again with the same state, on topics of its
 * own; these go when it closes.
 */
final class GrowthRun implements AutoCloseable {

    private static final List<String> INPUTS = List.of(GrowthLoad.REFUNDS, GrowthLoad.PARCELS, GrowthLoad.SCANS);
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
            "refund-closed", "shipment-voided", "warehouse-lock-results", "intercept-results", "case-resolutions");
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Slower than this the service is not waited for. */
    private static final int LEAST_EVENTS_PER_SECOND = 2_000;

    /** Kafka Streams' own lines, of a task's changelogs. */
    private static final Pattern RESTORE_START =
            Pattern.compile("(?m)^(\\S+) .*Stateful active task \\S+ was added to the state updater");

    private static final Pattern RESTORE_END =
            Pattern.compile("(?m)^(\\S+) .*Stateful active task \\S+ completed restoration");
    private static final Pattern RESTORED = Pattern.compile(
            "Finished restoring changelog \\S+-orders-changelog-\\d+ to store \\S+ with a total number of (\\d+) records");

    /** What the group had committed of the inputs at a moment, and the processor time used by then. */
    record Look(long nanos, Duration cpu, long handled) {}

    /**
     * What the process says of its restore.
     *
     * @param start when the first task was to be restored: it was assigned then
     * @param end when the last one was
     * @param records of the orders' changelog
     */
    record Restore(Instant start, Instant end, long records) {

        double seconds() {
            return Duration.between(start, end).toMillis() / 1e3;
        }
    }

    private final String id;
    private final String bootstrapServers;
    private final String registryUrl;
    private final String inputs;
    private final int partitions;
    private final String heap;
    private final List<String> settings;
    private final int port = Ports.free();
    private final Path state;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final List<ConsumerRecord<byte[], byte[]>> intercepts = new ArrayList<>();
    private @Nullable ChildJvm process;

    /**
     * Starts nothing yet.
     *
     * @param id of the application; no other run has it
     * @param inputs the prefix of the topics that are read
     * @param partitions of every topic
     * @param heap as {@code -Xmx} takes it
     * @param settings of the service, beside those of its place
     */
    GrowthRun(
            String id,
            String bootstrapServers,
            String registryUrl,
            String inputs,
            int partitions,
            String heap,
            List<String> settings) {
        this.id = id;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.inputs = inputs;
        this.partitions = partitions;
        this.heap = heap;
        this.settings = List.copyOf(settings);
        try {
            state = Files.createTempDirectory("order-sync-growth");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        reader = Site.reader(bootstrapServers);
        makeTopics(admin, OUTPUTS.stream().map(topic -> id + '.' + topic), partitions);
        List<TopicPartition> intercepts = all(id + '.' + INTERCEPTS);
        reader.assign(intercepts);
        reader.seekToBeginning(intercepts);
    }

    /** Those that are read. */
    static void makeInputs(Admin admin, String prefix, int partitions) {
        makeTopics(admin, INPUTS.stream().map(topic -> prefix + topic), partitions);
    }

    private static void makeTopics(Admin admin, Stream<String> names, int partitions) {
        Answer.of(admin.createTopics(names.map(name -> new NewTopic(name, partitions, (short) 1))
                        .toList())
                .all());
    }

    // ----------------------------------------------------------------------------------------------- the process

    /** Starts the process, or starts it again, and does not wait. */
    void start() {
        process = ChildJvm.named(id)
                .heap(heap)
                .classPath(ChildJvm.productionClassPath("target/classes"))
                .start(OrderSyncApplication.class.getName(), arguments());
    }

    private List<String> arguments() {
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

    private ChildJvm process() {
        return Objects.requireNonNull(process, "not started");
    }

    /** Kills it, as {@code kill -9} does. */
    void kill() {
        process().kill();
        process().close();
    }

    /** Asks it to stop, and waits until it has. */
    void stop() {
        process().terminate();
        process().awaitExit(PATIENCE);
        process().close();
    }

    /** In MiB, resident. */
    long residentMib() {
        return process().residentKib() / 1024;
    }

    /** Waits until it is ready for work: it runs, and has restored all. */
    void awaitReady(int orders) {
        await(orders).until(this::isReady);
    }

    private boolean isReady() {
        return ask("health/readiness").map(HttpResponse::statusCode).orElse(0) == 200;
    }

    /** How it restored its state when it was started last. */
    Restore restore() {
        String said = process().said();
        return new Restore(
                times(RESTORE_START, said).findFirst().orElseThrow(() -> new IllegalStateException(said)),
                times(RESTORE_END, said)
                        .reduce((former, latter) -> latter)
                        .orElseThrow(() -> new IllegalStateException(said)),
                RESTORED.matcher(said)
                        .results()
                        .mapToLong(line -> Long.parseLong(line.group(1)))
                        .sum());
    }

    private static Stream<Instant> times(Pattern line, String said) {
        return line.matcher(said)
                .results()
                .map(match -> OffsetDateTime.parse(match.group(1)).toInstant());
    }

    // ---------------------------------------------------------------------------------------------- what it does

    /** Waits until so many events of the inputs are done. */
    Look awaitHandled(long events) {
        List<Look> looks = new ArrayList<>();
        await(events).until(() -> {
            looks.add(look());
            return looks.getLast().handled() >= events;
        });
        return looks.getLast();
    }

    private Look look() {
        long handled = Answer.of(admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata()).entrySet().stream()
                .filter(entry -> entry.getKey().topic().startsWith(inputs) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
        return new Look(System.nanoTime(), process().cpu(), handled);
    }

    private ConditionFactory await(long events) {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(PATIENCE.plusSeconds(events / LEAST_EVENTS_PER_SECOND))
                .failFast(() -> process().requireAlive());
    }

    /**
     * Waits until there are so many INTERCEPTs.
     *
     * @param orders that may have to be restored first
     * @return when the first was sent, by the service's clock
     */
    Instant awaitIntercepts(int count, int orders) {
        await(orders).until(() -> {
            read();
            return intercepts.size() >= count;
        });
        return Instant.ofEpochMilli(
                intercepts.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow());
    }

    private void read() {
        reader.poll(Duration.ofMillis(20)).forEach(intercepts::add);
    }

    /**
     * Makes sure that it found what there was to find, and nothing else.
     *
     * @param events that it has counted since it was started last
     */
    void requireFound(long events, Set<String> races) {
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            read();
        }
        assertThat(intercepts)
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactlyInAnyOrderElementsOf(races);
        assertThat(reader.endOffsets(all(id + '.' + DEAD_LETTERS)).values()).containsOnly(0L);
        assertThat(counted("ordersync_events_total")).isEqualTo(events);
    }

    private long counted(String name) {
        String metrics = ask("prometheus").map(HttpResponse::body).orElseThrow();
        return Pattern.compile("(?m)^" + name + "(?:\\{.*})? ([0-9.E]+)$")
                .matcher(metrics)
                .results()
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    /** What the actuator says; empty while it is not there. */
    private Optional<HttpResponse<String>> ask(String path) {
        URI uri = URI.create("http://localhost:" + port + "/actuator/" + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return Optional.of(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<TopicPartition> all(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill();
            process.close();
        }
        reader.close();
        try (admin) {
            List<String> own = Answer.of(admin.listTopics().names()).stream()
                    .filter(topic -> topic.startsWith(id + '.') || topic.startsWith(id + '-'))
                    .toList();
            Answer.of(admin.deleteTopics(own).all());
        }
        try {
            FileSystemUtils.deleteRecursively(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
