package io.ordersync.bench;

import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.process.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What strays cost, and what those pay who have none. Settings, each a system property: {@code bench.events} (600,000),
 * {@code bench.rounds} (3), and {@code bench.against}, a directory with the classes of another build of the service that
 * takes part.
 */
class StraysBenchmark {

    static final int PARTITIONS = 4;
    static final long SEED = 20_261_122;

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void comparesStraysWithEventsThatAreAtHome() throws Exception {
        int events = Integer.getInteger("bench.events", 600_000);
        int rounds = Integer.getInteger("bench.rounds", 3);
        String against = System.getProperty("bench.against");
        try (DevRegistry registry = new DevRegistry(0);
                ChildJvm broker = ChildJvm.named("broker").heap("1g").start(BrokerMain.class.getName(), List.of())) {
            String bootstrapServers = address(broker);
            Load load = new Load(events, SEED, new WireEncoder(registry.url()));
            Comparison comparison = new Comparison();
            for (double share : new double[] {0, 0.01, 1}) {
                String inputs = "strays-" + share + '.';
                int strays = send(load, bootstrapServers, inputs, share);
                CatchingUp run = new CatchingUp(
                        ChildJvm.productionClassPath("target/classes"),
                        bootstrapServers,
                        registry.url(),
                        load,
                        inputs,
                        PARTITIONS,
                        strays,
                        List.of());
                comparison.add(String.format("%.0f %% strays", share * 100), () -> run.measure(nextId()));
                if (share == 0 && against != null) {
                    CatchingUp other = new CatchingUp(
                            ChildJvm.productionClassPath(against),
                            bootstrapServers,
                            registry.url(),
                            load,
                            inputs,
                            PARTITIONS,
                            0,
                            List.of());
                    comparison.add("0 % strays, the other build", () -> other.measure(nextId()));
                }
            }
            comparison.run(rounds);
            System.out.printf(
                    "%n%,d events, %d partitions, %,d races; %d rounds, each candidate found all of them once%n%s%n",
                    load.size(), PARTITIONS, load.races().size(), rounds, comparison.table());
        }
    }

    private String nextId() {
        return "run-" + runs.incrementAndGet();
    }

    static int send(Load load, String bootstrapServers, String inputs, double share) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                // Of a topic just made, the first batch may be refused and a later one taken: the first never is then.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(Stream.of(Load.REFUNDS, Load.PARCELS)
                            .map(topic -> new NewTopic(inputs + topic, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
            return load.send(producer, inputs, PARTITIONS, share);
        }
    }

    static String address(ChildJvm broker) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .failFast(broker::requireAlive)
                .until(
                        () -> broker.said()
                                .lines()
                                .filter(line -> line.startsWith(BrokerMain.AT))
                                .map(line -> line.substring(BrokerMain.AT.length()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
