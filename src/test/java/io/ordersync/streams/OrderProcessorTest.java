package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireDecoder;
import io.ordersync.dev.WireEncoder;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Policy;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.messaging.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class OrderProcessorTest {

    private static final String REFUNDS = "refund-approved";
    private static final String PARCELS = "shipment-created";
    private static final String LOCKS = "warehouse-lock-commands";
    private static final String INTERCEPTS = "intercept-shipment-commands";
    private static final String ALERTS = "order-alerts";
    private static final String CASES = "order-cases";
    private static final String DEAD_LETTERS = "order-sync-dead-letters";
    private static final String CHANGELOG = "order-sync-orders-changelog";
    static final Topics TOPICS = new Topics(
            REFUNDS, PARCELS, "", "", "", "", "", "", LOCKS, INTERCEPTS, ALERTS, CASES, DEAD_LETTERS, "undelivered");
    static final OrderTopology TOPOLOGY = new OrderTopology(
            TOPICS.inputs(),
            TOPICS.optionalInputs(),
            LOCKS,
            INTERCEPTS,
            ALERTS,
            CASES,
            DEAD_LETTERS,
            TestStream.NO_STRAYS,
            "order-sync-width");
    static final Policy POLICY = new Policy(
            Duration.ofMinutes(5),
            Duration.ofDays(10),
            false,
            false,
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Duration.ofMinutes(15),
            null,
            Duration.ofMinutes(30),
            true,
            true,
            false,
            Duration.ofDays(45),
            Duration.ofDays(180));

    private final OrderTopology.Store store;

    @TempDir
    Path stateDirectory;

    private final Heard heard = new Heard();
    private final GivenBacklog backlog = new GivenBacklog();
    private DevRegistry registry;
    private RealEdges edges;
    private WireEncoder encoder;
    private WireDecoder decoder;
    private TopologyTestDriver driver;

    OrderProcessorTest(OrderTopology.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        registry = new DevRegistry(0);
        edges = new RealEdges(registry.url(), TOPICS);
        encoder = new WireEncoder(registry.url());
        decoder = new WireDecoder(registry.url());
        Topology topology = new Topology();
        TOPOLOGY.addTo(
                topology, store, edges, POLICY, heard, backlog, InstantSource.fixed(Events.TEN.plusSeconds(3000)));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "order-sync");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(topology, settings, Events.TEN.plusSeconds(3000));
    }

    @AfterEach
    void stop() {
        driver.close();
        edges.close();
        registry.close();
    }

    @Test
    void turnsTheBytesOfARaceIntoTheBytesOfItsCommands() {
        send(REFUNDS, Events.refund("O1", "R1").build());
        send(PARCELS, Events.parcel("O1", "S1").build());

        assertThat(out(LOCKS)).singleElement().satisfies(record -> {
            assertThat(record.key()).asString(UTF_8).isEqualTo("DOUYIN:shop-1:O1");
            assertThat(record.headers()).isEmpty();
            assertThat(record.getRecordTime()).isEqualTo(Events.TEN.plusSeconds(3000));
            WarehouseLockCommand lock = decoder.decode(record.value(), WarehouseLockCommand.class);
            assertThat(lock.getAction()).isEqualTo(LockAction.LOCK);
            assertThat(lock.getWarehouseId()).isEqualTo("W1");
        });
        assertThat(out(INTERCEPTS)).singleElement().satisfies(record -> {
            assertThat(record.key()).asString(UTF_8).isEqualTo("DOUYIN:shop-1:O1");
            InterceptShipmentCommand intercept = decoder.decode(record.value(), InterceptShipmentCommand.class);
            assertThat(intercept.getAction()).isEqualTo(InterceptAction.INTERCEPT);
            assertThat(intercept.getShipmentId()).isEqualTo("S1");
            assertThat(intercept.getRefundIds()).containsExactly("R1");
        });
        assertThat(alerts()).containsExactly("REFUNDED_BUT_SHIPPED FIRING O1");
        assertThat(out(DEAD_LETTERS)).isEmpty();
        assertThat(heard.all)
                .containsExactly(
                        "sent LockCommand",
                        "arrived refund-approved NEWS",
                        "sent InterceptCommand",
                        "sent Alert",
                        "sent OrderCase",
                        "arrived shipment-created NEWS");
    }

    @Test
    void passesOverARecordWithoutValue() {
        pipe(REFUNDS, null, "DOUYIN:shop-1:O1".getBytes(UTF_8), new RecordHeaders());
        pipe(PARCELS, null, null, new RecordHeaders());

        assertThat(heard.all).containsExactly("passed over refund-approved", "passed over shipment-created");
        assertThat(driver.producedTopicNames()).isEmpty();
    }

    @Test
    void keepsWhatItCannotReadByteForByteAndGoesOn() {
        byte[] value = {1, 2, 3, 4, 5, -1, 0};
        byte[] key = {0, -1, 7};
        Headers original = new RecordHeaders()
                .add("trace", new byte[] {-1, 0})
                .add("trace", new byte[] {2})
                .add("empty", new byte[0]);

        pipe(REFUNDS, value, key, original);
        send(PARCELS, Events.parcel("O1", "S1").build());

        assertThat(out(DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(value);
            assertThat(Arrays.stream(letter.headers().toArray()).limit(3)).containsExactly(original.toArray());
            assertThat(headers(letter))
                    .containsEntry(DeadLetter.TOPIC, REFUNDS)
                    .containsEntry(DeadLetter.PARTITION, "0")
                    .containsEntry(DeadLetter.OFFSET, "0")
                    .containsEntry(DeadLetter.REASON, "UNREADABLE")
                    .containsEntry(DeadLetter.MESSAGE, "the value does not begin with byte 0");
        });
        assertThat(heard.all).containsExactly("rejected refund-approved UNREADABLE", "arrived shipment-created NEWS");
        assertThat(storedOrders()).containsExactly("DOUYIN:shop-1:O1");
    }

    @Test
    void keepsARecordWithoutKeyAsOneWithoutKey() {
        pipe(PARCELS, new byte[0], null, new RecordHeaders());

        assertThat(out(DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isNull();
            assertThat(letter.value()).isEmpty();
        });
    }

    @Test
    void namesTheFieldThatBreaksARule() {
        send(REFUNDS, Events.refund(" ", "R1").build());

        assertThat(out(DEAD_LETTERS))
                .singleElement()
                .satisfies(letter -> assertThat(headers(letter))
                        .containsEntry(DeadLetter.REASON, "INVALID_FIELD")
                        .containsEntry(DeadLetter.MESSAGE, "orderId is blank"));
        assertThat(storedOrders()).isEmpty();
    }

    @Test
    void takesTwoHundredParcelsOfAnOrderAndNoMore() {
        for (int number = 1; number <= 200; number++) {
            send(PARCELS, Events.parcel("O1", "S" + number).build());
        }
        byte[] before = stored("DOUYIN:shop-1:O1");
        send(PARCELS, Events.parcel("O1", "S201").build());
        send(PARCELS, Events.parcel("O1", "S200").build());
        send(PARCELS, Events.parcel("O2", "S201").build());

        assertThat(out(DEAD_LETTERS))
                .singleElement()
                .satisfies(letter -> assertThat(headers(letter))
                        .containsEntry(DeadLetter.OFFSET, "200")
                        .containsEntry(DeadLetter.REASON, "TOO_MANY"));
        assertThat(stored("DOUYIN:shop-1:O1")).isEqualTo(before);
        assertThat(storedOrders()).containsExactlyInAnyOrder("DOUYIN:shop-1:O1", "DOUYIN:shop-1:O2");
    }

    @Test
    void leavesNothingOfARecordThatItFailsOn() {
        send(REFUNDS, Events.refund("O1", "R1").build());
        byte[] before = stored("DOUYIN:shop-1:O1");
        out(LOCKS);
        edges.failFor(new OrderKey("DOUYIN", "shop-1", "O1"));

        byte[] parcel = encoder.encode(PARCELS, Events.parcel("O1", "S1").build());
        pipe(PARCELS, parcel, new byte[] {1}, new RecordHeaders());
        send(REFUNDS, Events.refund("O2", "R2").build());

        assertThat(out(DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(parcel);
            assertThat(headers(letter)).containsEntry(DeadLetter.REASON, "INTERNAL_ERROR");
        });
        assertThat(stored("DOUYIN:shop-1:O1")).isEqualTo(before);
        assertThat(out(INTERCEPTS)).isEmpty();
        assertThat(out(ALERTS)).isEmpty();
        assertThat(out(LOCKS)).hasSize(1);
        assertThat(heard.all)
                .endsWith(
                        "rejected shipment-created INTERNAL_ERROR", "sent LockCommand", "arrived refund-approved NEWS");
    }

    @Test
    void writesAnOrderAgainOnlyWhenItChanged() {
        RefundApproved.Builder refund = Events.refund("O1", "R1").setKind(RefundKind.RETURN_AND_REFUND);
        send(REFUNDS, refund.build());
        send(REFUNDS, refund.build());
        send(REFUNDS, refund.setRefundVersion(0).build());
        assertThat(out(CHANGELOG)).hasSize(1);

        driver.advanceWallClockTime(Duration.ofHours(1));
        send(REFUNDS, refund.setRefundVersion(1).build());
        assertThat(out(CHANGELOG)).as("it was heard of an hour later").hasSize(1);
        assertThat(heard.all)
                .containsExactly(
                        "arrived refund-approved NEWS",
                        "arrived refund-approved REPEATED",
                        "arrived refund-approved STALE",
                        "arrived refund-approved REPEATED");
    }

    @Test
    void forgetsAnOrderWithNothingOpenAfterItsRetention() {
        send(PARCELS, Events.parcel("OLD", "S1").build());
        driver.advanceWallClockTime(Duration.ofDays(2));
        send(PARCELS, Events.parcel("YOUNGER", "S2").build());
        out(CHANGELOG);

        driver.advanceWallClockTime(Duration.ofDays(44));

        assertThat(out(CHANGELOG)).singleElement().satisfies(tombstone -> {
            assertThat(tombstone.key()).asString(UTF_8).isEqualTo("DOUYIN:shop-1:OLD");
            assertThat(tombstone.value()).isNull();
        });
        assertThat(storedOrders()).containsExactly("DOUYIN:shop-1:YOUNGER");
        assertThat(heard.all).endsWith("forgotten");
    }

    @Test
    void resolvesTheAlertsOfARaceThatItForgetsAtLast() {
        send(REFUNDS, Events.refund("O1", "R1").build());
        send(PARCELS, Events.parcel("O1", "S1").build());
        assertThat(alerts()).containsExactly("REFUNDED_BUT_SHIPPED FIRING O1");

        driver.advanceWallClockTime(Duration.ofDays(179));
        assertThat(storedOrders()).containsExactly("DOUYIN:shop-1:O1");
        assertThat(alerts()).containsExactly("INTERCEPT_UNANSWERED FIRING O1");

        driver.advanceWallClockTime(Duration.ofDays(2));
        assertThat(storedOrders()).isEmpty();
        assertThat(alerts())
                .containsExactlyInAnyOrder("REFUNDED_BUT_SHIPPED RESOLVED O1", "INTERCEPT_UNANSWERED RESOLVED O1");
    }

    @Test
    void startsAfreshWithAnOrderItForgot() {
        send(PARCELS, Events.parcel("O1", "S1").build());
        driver.advanceWallClockTime(Duration.ofDays(46));
        send(REFUNDS, Events.refund("O1", "R1").build());

        assertThat(out(LOCKS)).hasSize(1);
        assertThat(out(INTERCEPTS)).isEmpty();
    }

    private void send(String topic, SpecificRecord event) {
        pipe(topic, encoder.encode(topic, (GenericRecord) event), null, new RecordHeaders());
    }

    @SuppressWarnings("NullAway") // key and value of a record may be null
    private void pipe(String topic, byte @Nullable [] value, byte @Nullable [] key, Headers headers) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, Events.TEN));
    }

    /** What came out since it was last asked for. */
    private List<TestRecord<byte[], byte[]>> out(String topic) {
        TestOutputTopic<byte[], byte[]> output =
                driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return output.readRecordsToList();
    }

    private List<String> alerts() {
        return out(ALERTS).stream()
                .map(record -> decoder.decode(record.value(), OrderAlert.class))
                .map(alert -> alert.getCode() + " " + alert.getState() + " " + alert.getOrderId())
                .toList();
    }

    private static Map<String, String> headers(TestRecord<byte[], byte[]> letter) {
        Map<String, String> headers = new HashMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }

    private byte[] stored(String order) {
        return orders().get(Bytes.wrap(order.getBytes(UTF_8))).clone();
    }

    private List<String> storedOrders() {
        try (var all = orders().all()) {
            List<String> keys = new ArrayList<>();
            all.forEachRemaining(entry -> keys.add(new String(entry.key.get(), UTF_8)));
            return keys;
        }
    }

    private KeyValueStore<Bytes, byte[]> orders() {
        return driver.getKeyValueStore(OrderTopology.ORDERS);
    }
}
