package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.OrderSyncApplication;
import io.ordersync.dev.Answer;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.process.ChildJvm;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * What the relay costs detection: without a channel, with one of each kind that answers, and with all of them hanging.
 * Settings, each a system property: {@code bench.events} (300,000) and {@code bench.rounds} (3) of the throughput,
 * {@code bench.hanging} to leave out the channels that answer, and {@code bench.races} (400) of the latency, at ten a second.
 */
class AlertingBenchmark {

    private static final String NOBODY = "no channel";
    private static final String ANSWERING = "seven channels";
    private static final String HANGING = "seven channels that hang";
    private static final Duration BETWEEN_RACES = Duration.ofMillis(100);

    private final AtomicInteger runs = new AtomicInteger();

    /** Servers of all vendors, and the settings of a channel to each. */
    private static final class Channels implements AutoCloseable {

        private final Map<VendorApi, Vendor> vendors = new LinkedHashMap<>();

        Channels(boolean hanging) {
            for (VendorApi api : VendorApi.values()) {
                Vendor vendor = new Vendor(api);
                vendors.put(api, vendor);
                if (hanging) {
                    vendor.hang();
                }
            }
        }

        Vendor of(VendorApi api) {
            Vendor vendor = vendors.get(api);
            if (vendor == null) {
                throw new IllegalArgumentException("no " + api);
            }
            return vendor;
        }

        List<String> settings() {
            List<String> settings = new ArrayList<>();
            vendors.forEach((api, vendor) -> {
                String channel = "--order-sync.alerting.channels." + api.name().toLowerCase(Locale.ROOT) + ".";
                settings.add(channel + "type=" + api.name().toLowerCase(Locale.ROOT));
                settings.add(channel + "url=" + vendor.url());
                settings.add(channel + "secret=" + vendor.secret());
                if (api == VendorApi.WEBHOOK) {
                    settings.add(channel + "grouping.interval=0s");
                    settings.add(channel + "rate-limit.requests=1000");
                    settings.add(channel + "rate-limit.per=1s");
                }
            });
            return settings;
        }

        @Override
        public void close() {
            vendors.values().forEach(Vendor::close);
        }
    }

    @Test
    void catchesUpAsFastWhateverTheChannelsDo() throws Exception {
        int events = Integer.getInteger("bench.events", 300_000);
        int rounds = Integer.getInteger("bench.rounds", 3);
        try (DevRegistry registry = new DevRegistry(0);
                Channels answering = new Channels(false);
                Channels hanging = new Channels(true);
                ChildJvm broker = ChildJvm.named("broker").heap("1g").start(BrokerMain.class.getName(), List.of())) {
            String bootstrapServers = StraysBenchmark.address(broker);
            Load load = new Load(events, StraysBenchmark.SEED, new WireEncoder(registry.url()));
            String inputs = "alerts-bench.";
            int strays = StraysBenchmark.send(load, bootstrapServers, inputs, 0);
            Comparison comparison = new Comparison();
            Map<String, List<String>> candidates = new LinkedHashMap<>();
            candidates.put(NOBODY, List.of());
            if (!Boolean.getBoolean("bench.hanging")) {
                candidates.put(ANSWERING, answering.settings());
            }
            candidates.put(HANGING, hanging.settings());
            candidates.forEach((name, settings) -> {
                CatchingUp run = new CatchingUp(
                        ChildJvm.productionClassPath("target/classes"),
                        bootstrapServers,
                        registry.url(),
                        load,
                        inputs,
                        StraysBenchmark.PARTITIONS,
                        strays,
                        settings);
                comparison.add(name, () -> run.measure("run-" + runs.incrementAndGet()));
            });
            comparison.run(rounds);
            System.out.printf(
                    "%n%,d events, %,d races; %d rounds, each candidate found all of them once%n%s%n",
                    load.size(), load.races().size(), rounds, comparison.table());
        }
    }

    @Test
    void detectsAsSoonWhateverTheChannelsDo() throws Exception {
        int races = Integer.getInteger("bench.races", 400);
        int rounds = Integer.getInteger("bench.rounds", 3);
        Map<String, List<Double>> detected = new LinkedHashMap<>();
        List<Double> told = new ArrayList<>();
        try (DevRegistry registry = new DevRegistry(0);
                ChildJvm broker = ChildJvm.named("broker").heap("1g").start(BrokerMain.class.getName(), List.of())) {
            String bootstrapServers = StraysBenchmark.address(broker);
            for (int round = 0; round < rounds; round++) {
                for (String name : List.of(NOBODY, ANSWERING, HANGING)) {
                    try (Channels channels = new Channels(name.equals(HANGING))) {
                        List<String> settings = name.equals(NOBODY) ? List.of() : channels.settings();
                        // As many again before, which do not count: code is compiled meanwhile.
                        Load load = new Load(
                                2 * races * 300, StraysBenchmark.SEED + round, new WireEncoder(registry.url()));
                        String id = "latency-" + runs.incrementAndGet();
                        detected.computeIfAbsent(name, any -> new ArrayList<>())
                                .addAll(latencies(id, bootstrapServers, registry.url(), load, 2 * races, settings)
                                        .subList(races, 2 * races));
                        if (name.equals(ANSWERING)) {
                            told.addAll(delays(id, bootstrapServers, channels.of(VendorApi.WEBHOOK), races));
                        }
                    }
                }
            }
        }
        System.out.printf("%nms from the send of the second event to the command, for a read_committed reader%n");
        detected.forEach((name, each) -> System.out.printf("%-34s %s%n", name, percentiles(each)));
        System.out.printf(
                "ms from the alert's record to its request at the webhook%n%-34s %s%n", "", percentiles(told));
    }

    /** Of each race, in their order: from the send of its parcel until its INTERCEPT is read, in ms. */
    private static List<Double> latencies(
            String id, String bootstrapServers, String registryUrl, Load load, int races, List<String> settings)
            throws Exception {
        Path state = Files.createTempDirectory(id);
        List<String> topics = List.of(
                "warehouse-lock-commands",
                "intercept-shipment-commands",
                "order-alerts",
                "order-cases",
                "order-sync-dead-letters",
                "order-alerts-undelivered",
                Load.REFUNDS,
                Load.PARCELS);
        List<String> arguments = Stream.of(
                        Stream.of(
                                "--server.port=0",
                                "--spring.main.banner-mode=off",
                                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                                "--spring.kafka.streams.application-id=" + id,
                                "--spring.kafka.streams.state-dir=" + state,
                                "--spring.kafka.streams.replication-factor=1",
                                "--order-sync.schema-registry.url=" + registryUrl),
                        topics.stream()
                                .map(topic -> "--order-sync.topics." + topic.replace("order-sync-", "") + "=" + id + "."
                                        + topic),
                        settings.stream())
                .flatMap(part -> part)
                .toList();
        Map<String, Object> clients = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(clients)) {
            Answer.of(admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(id + "." + topic, StraysBenchmark.PARTITIONS, (short) 1))
                            .toList())
                    .all());
        }
        Map<String, Long> sentNanos = new HashMap<>();
        Map<String, Long> readNanos = new LinkedHashMap<>();
        try (ChildJvm service = ChildJvm.named(id)
                        .heap("1g")
                        .classPath(ChildJvm.productionClassPath("target/classes"))
                        .start(OrderSyncApplication.class.getName(), arguments);
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> reader = reader(clients)) {
            List<TopicPartition> all = partitions(id + ".intercept-shipment-commands");
            reader.assign(all);
            reader.seekToBeginning(all);
            List<Load.Race> each = load.racesInOrder().subList(0, races);
            long start = System.nanoTime();
            for (int i = 0; i < each.size(); i++) {
                long due = start + i * BETWEEN_RACES.toNanos();
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    read(reader, Duration.ofNanos(Math.min(left, 1_000_000)), readNanos);
                }
                Load.Race race = each.get(i);
                Answer.of(producer.send(race.refund(id + ".")));
                sentNanos.put(race.key(), System.nanoTime());
                Answer.of(producer.send(race.parcel(id + ".")));
            }
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (readNanos.size() < races) {
                service.requireAlive();
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(readNanos.size() + " of " + races + " races were found");
                }
                read(reader, Duration.ofMillis(10), readNanos);
            }
            return each.stream()
                    .map(race ->
                            (readNanos.getOrDefault(race.key(), 0L) - sentNanos.getOrDefault(race.key(), 0L)) / 1e6)
                    .toList();
        } finally {
            FileSystemUtils.deleteRecursively(state);
        }
    }

    private static void read(KafkaConsumer<byte[], byte[]> reader, Duration atMost, Map<String, Long> readNanos) {
        reader.poll(atMost)
                .forEach(record -> readNanos.putIfAbsent(new String(record.key(), UTF_8), System.nanoTime()));
    }

    /** Of each alert after the first ones: from the timestamp of its record until its request came, in ms. */
    private static List<Double> delays(String id, String bootstrapServers, Vendor webhook, int after) {
        Map<String, Long> records = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> reader = reader(Map.of("bootstrap.servers", bootstrapServers))) {
            List<TopicPartition> all = partitions(id + ".order-alerts");
            reader.assign(all);
            reader.seekToBeginning(all);
            Map<TopicPartition, Long> ends = reader.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                    records.put(record.partition() + "-" + record.offset(), record.timestamp());
                }
            }
        }
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (webhook.taken().size() < records.size() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        if (webhook.taken().size() < records.size()) {
            throw new IllegalStateException(webhook.taken().size() + " of " + records.size() + " alerts were told");
        }
        // Both by the wall clock of this machine.
        long offsetMs = System.currentTimeMillis() - System.nanoTime() / 1_000_000;
        return webhook.taken().stream()
                .skip(after)
                .flatMap(call -> StreamSupport.stream(call.json().path("alerts").spliterator(), false)
                        .map(alert -> offsetMs
                                + call.atNanos() / 1e6
                                - records.getOrDefault(alert.path("record").asString(), 0L)))
                .toList();
    }

    private static KafkaConsumer<byte[], byte[]> reader(Map<String, Object> clients) {
        Map<String, Object> settings = new HashMap<>(clients);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(String topic) {
        return Stream.iterate(0, partition -> partition + 1)
                .limit(StraysBenchmark.PARTITIONS)
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static String percentiles(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        StringBuilder text = new StringBuilder();
        for (double share : new double[] {0.5, 0.99}) {
            text.append(String.format(
                    "p%.0f %7.1f  ", share * 100, sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]));
        }
        return text.append("of ").append(Arrays.stream(sorted).count()).toString();
    }
}
