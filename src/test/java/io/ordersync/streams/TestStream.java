package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.domain.Fact;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The stream without a broker and without a format, in which time passes when a test says so. It begins at noon. */
final class TestStream implements AutoCloseable {

    static final String EVENTS = "events";
    static final String RESOLUTIONS = "case-resolutions";
    static final String LOCKS = "locks";
    static final String INTERCEPTS = "intercepts";
    static final String ALERTS = "alerts";
    static final String CASES = "cases";
    static final String DEAD_LETTERS = "dead-letters";
    static final List<String> OUTPUTS = List.of(LOCKS, INTERCEPTS, ALERTS, CASES, DEAD_LETTERS);
    static final String ORDERS_CHANGELOG = "order-sync-orders-changelog";
    static final String TIMERS_CHANGELOG = "order-sync-timers-changelog";

    /** The driver knows one partition. */
    static final Strays NO_STRAYS = new Strays("order-sync-strays", () -> 1);

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    final ToldEdges edges;
    final GivenBacklog backlog = new GivenBacklog();
    final Heard heard = new Heard();
    private final TopologyTestDriver driver;

    TestStream(OrderTopology.Store store, Policy policy, Path stateDirectory) {
        this(store, policy, stateDirectory, new ToldEdges(), NOON);
    }

    TestStream(OrderTopology.Store store, Policy policy, Path stateDirectory, ToldEdges edges, Instant now) {
        this.edges = edges;
        Topology topology = new Topology();
        new OrderTopology(
                        Set.of(EVENTS),
                        Set.of(RESOLUTIONS),
                        LOCKS,
                        INTERCEPTS,
                        ALERTS,
                        CASES,
                        DEAD_LETTERS,
                        NO_STRAYS,
                        "order-sync-width")
                .addTo(topology, store, edges, policy, heard, backlog, InstantSource.fixed(NOON));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "order-sync");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(topology, settings, now);
    }

    void tell(OrderKey order, Fact... facts) {
        for (Fact fact : facts) {
            pipe(EVENTS, null, edges.tell(order, fact));
        }
    }

    /** In a record of that time. */
    void tellAt(Instant time, OrderKey order, Fact fact) {
        pipe(EVENTS, null, edges.tell(order, fact), time);
    }

    /** A record without a value on the topic of resolutions. */
    void erase(String key) {
        pipe(RESOLUTIONS, key.getBytes(UTF_8), null);
    }

    @SuppressWarnings("NullAway") // key and value of a record may be null
    void pipe(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        pipe(topic, key, value, NOON);
    }

    @SuppressWarnings("NullAway")
    private void pipe(String topic, byte @Nullable [] key, byte @Nullable [] value, Instant time) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, new RecordHeaders(), time));
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** What came out on a topic since it was last asked for. */
    List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** The same, in a word or two for each; a tombstone is {@code -}. */
    List<String> out(String topic) {
        return records(topic).stream()
                .map(TestRecord::value)
                .map(value -> value == null
                        ? "-"
                        : new String(value, UTF_8).lines().findFirst().orElse(""))
                .toList();
    }

    KeyValueStore<Bytes, byte[]> orders() {
        return driver.getKeyValueStore(OrderTopology.ORDERS);
    }

    KeyValueStore<Bytes, byte[]> timers() {
        return driver.getKeyValueStore(OrderTopology.TIMERS);
    }

    static List<Bytes> keys(KeyValueStore<Bytes, byte[]> store) {
        List<Bytes> keys = new ArrayList<>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    @Override
    public void close() {
        driver.close();
    }
}
