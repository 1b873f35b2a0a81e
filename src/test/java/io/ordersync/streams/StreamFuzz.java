package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireDecoder;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Policy;
import io.ordersync.domain.RefundApproved;
import io.ordersync.fuzz.Choices;
import io.ordersync.fuzz.EdgeFuzz;
import io.ordersync.fuzz.Input;
import io.ordersync.fuzz.Records;
import io.ordersync.fuzz.Tally;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row of records, on whatever input, and time that passes between them: each record is taken, passed over, or becomes one
 * dead letter with the same bytes; what is kept and what is sent can be read again; nothing is sent of an order that nobody
 * refunded; and no version of a case is left out.
 */
public final class StreamFuzz {

    private static final int MOST_RECORDS = 40;
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofMinutes(16), Duration.ofMinutes(31), Duration.ofDays(11));
    private static final List<byte[]> KEYS = List.of(
            "DOUYIN:shop-1:O1".getBytes(UTF_8),
            "DOUYIN:shop-1:O2".getBytes(UTF_8),
            "douyin:shop-1:O1".getBytes(UTF_8),
            new byte[0],
            new byte[] {(byte) 0xff, 0x3a, 0x3a});
    /** One that lets everything be sent. */
    private static final Policy POLICY = new Policy(
            Duration.ofMinutes(5),
            Duration.ofDays(10),
            true,
            true,
            Set.of("YTO"),
            Map.of("JPY", 500L),
            Map.of("CNY", 3_000L),
            Map.of("CNY", 100_000L),
            Duration.ofMinutes(15),
            Duration.ofMinutes(20),
            Duration.ofMinutes(30),
            true,
            true,
            false,
            Duration.ofDays(45),
            Duration.ofDays(180));

    private static final Map<String, Class<? extends SpecificRecordBase>> SENT = Map.of(
            EdgeFuzz.TOPICS.warehouseLockCommands(), WarehouseLockCommand.class,
            EdgeFuzz.TOPICS.interceptShipmentCommands(), InterceptShipmentCommand.class,
            EdgeFuzz.TOPICS.orderAlerts(), OrderAlert.class,
            EdgeFuzz.TOPICS.orderCases(), OrderCase.class);

    private static final DevRegistry REGISTRY = new DevRegistry(0);
    private static final Records RECORDS = new Records(REGISTRY);
    private static final RealEdges EDGES = new RealEdges(REGISTRY.url(), EdgeFuzz.TOPICS);
    private static final WireDecoder DECODER = new WireDecoder(REGISTRY.url());
    private static final Tally TALLY = new Tally();

    private final Heard heard = new Heard();
    private final TopologyTestDriver driver;
    private final Set<String> refunded = new HashSet<>();
    private final Map<String, Long> versions = new HashMap<>();

    private StreamFuzz() {
        Topology topology = new Topology();
        new OrderTopology(
                        EdgeFuzz.TOPICS.inputs(),
                        EdgeFuzz.TOPICS.optionalInputs(),
                        EdgeFuzz.TOPICS.warehouseLockCommands(),
                        EdgeFuzz.TOPICS.interceptShipmentCommands(),
                        EdgeFuzz.TOPICS.orderAlerts(),
                        EdgeFuzz.TOPICS.orderCases(),
                        EdgeFuzz.TOPICS.deadLetters(),
                        TestStream.NO_STRAYS,
                        "order-sync-width")
                .addTo(
                        topology,
                        OrderTopology.Store.MEMORY,
                        EDGES,
                        POLICY,
                        heard,
                        new GivenBacklog(),
                        InstantSource.fixed(Records.NOON));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "order-sync");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, "target/fuzz-state");
        driver = new TopologyTestDriver(topology, settings, Records.NOON);
    }

    /** One input: all that befalls the stream. */
    public static void fuzzerTestOneInput(byte[] data) {
        Choices choices = new Choices(data);
        StreamFuzz stream = new StreamFuzz();
        try {
            for (int i = 0; i < MOST_RECORDS && !choices.isSpent(); i++) {
                stream.step(choices);
            }
            stream.pass(Duration.ofHours(1));
            stream.pass(Duration.ofDays(46));
        } finally {
            stream.driver.close();
        }
    }

    /** Jazzer calls it first: what it takes to get ready is no input's time. */
    public static void fuzzerInitialize() {
        Tally.silence();
    }

    /** Jazzer calls it at the end. */
    public static void fuzzerTearDown() {
        TALLY.write();
    }

    /** Inputs to begin with: as random as any, and refunds and parcels as they ought to be. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Random(11);
        for (int length : new int[] {50, 100, 200, 400, 800, 1_600}) {
            byte[] seed = new byte[length];
            random.nextBytes(seed);
            seeds.add(seed);
            byte[] calm = new byte[length];
            for (int i = 0; i < length; i++) {
                calm[i] = (byte) (random.nextInt(6) == 0 ? random.nextInt(4) : 0);
            }
            seeds.add(calm);
        }
        return seeds;
    }

    private void step(Choices choices) {
        if (choices.oneIn(8)) {
            pass(choices.of(PAUSES));
            return;
        }
        Input input = choices.of(List.of(Input.values()));
        byte[] key = choices.oneIn(8) ? null : choices.of(KEYS);
        tell(input, key, choices.oneIn(32) ? null : RECORDS.value(input, choices));
    }

    @SuppressWarnings("NullAway") // key and value of a record may be null
    private void tell(Input input, byte @Nullable [] key, byte @Nullable [] value) {
        heard.all.clear();
        driver.createInputTopic(input.topic(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, new RecordHeaders(), Records.NOON));
        List<String> outcomes = heard.all.stream()
                .filter(each -> each.startsWith("arrived")
                        || each.startsWith("passed over")
                        || each.startsWith("rejected")
                        || each.equals("erased"))
                .toList();
        boolean erased = outcomes.contains("erased");
        assertThat(outcomes).hasSize(erased ? 2 : 1);
        String outcome = outcomes.getFirst().replace(" " + input.topic(), "");
        assertThat(outcome).doesNotContain("INTERNAL_ERROR");
        TALLY.add(erased ? "erased" : outcome);

        List<TestRecord<byte[], byte[]>> letters = records(EdgeFuzz.TOPICS.deadLetters());
        assertThat(letters).hasSize(outcome.startsWith("rejected") ? 1 : 0);
        for (TestRecord<byte[], byte[]> letter : letters) {
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(value);
        }
        if (outcome.startsWith("arrived") && value != null) {
            Arrival arrival = EDGES.read(new Place(input.topic()), value);
            if (arrival.fact() instanceof RefundApproved) {
                refunded.add(arrival.order().toString());
            }
        }
        check();
    }

    private record Place(String topic) implements RecordMetadata {
        @Override
        public int partition() {
            return 0;
        }

        @Override
        public long offset() {
            return 0;
        }
    }

    private void pass(Duration time) {
        driver.advanceWallClockTime(time);
        // A deadline waits for one tick more, and the sweep goes in slices.
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        assertThat(heard.all).doesNotContain("failed");
        check();
    }

    /** All that is kept and was sent since. */
    private void check() {
        try (var all =
                driver.<Bytes, byte[]>getKeyValueStore(OrderTopology.ORDERS).all()) {
            all.forEachRemaining(entry -> {
                byte[] key = entry.key.get();
                assertThat(OrderRecordCodec.encode(key, OrderRecordCodec.decode(key, entry.value)))
                        .isEqualTo(entry.value);
            });
        }
        SENT.forEach((topic, type) -> records(topic).forEach(record -> check(record, type)));
    }

    private void check(TestRecord<byte[], byte[]> record, Class<? extends SpecificRecordBase> type) {
        String order = new String(record.key(), UTF_8);
        if (record.value() == null) {
            // Erased, whether there was a case or not.
            versions.remove(order);
            return;
        }
        SpecificRecordBase sent = DECODER.decode(record.value(), type);
        // That a clock is wrong can be seen of any event.
        if (!(sent instanceof OrderAlert alert && alert.getCode() == AlertCode.CLOCK_SKEW)) {
            assertThat(refunded).as("orders of which something was sent").contains(order);
        }
        TALLY.add(type.getSimpleName());
        if (sent instanceof OrderCase orderCase) {
            assertThat(orderCase.getVersion())
                    .isEqualTo(versions.merge(order, orderCase.getVersion(), (before, now) -> before + 1));
        }
    }

    private List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }
}
