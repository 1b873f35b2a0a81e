package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task 2 of orders that are spread over 4 partitions. */
class StrayEventsTest {

    private static final int HERE = 2;
    private static final Strays STRAYS = new Strays("order-sync-strays", () -> 4);
    private static final OrderKey AT_HOME = orderOn(HERE);
    private static final OrderKey ELSEWHERE = orderOn(3);

    @TempDir
    Path stateDirectory;

    private final ToldEdges edges = new ToldEdges();
    private final Heard heard = new Heard();
    private MockProcessorContext<byte[], byte[]> context;
    private OrderProcessor processor;
    private KeyValueStore<Bytes, byte[]> orders;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "order-sync");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        context = new MockProcessorContext<>(settings, new TaskId(0, HERE), stateDirectory.toFile());
        context.setCurrentSystemTimeMs(TestStream.NOON.toEpochMilli());
        orders = addStore(OrderTopology.Store.MEMORY.orders());
        addStore(OrderTopology.Store.MEMORY.timers());
        processor = new OrderProcessor(
                edges, Facts.policy(Duration.ofMinutes(20), false), heard, new GivenBacklog(), STRAYS);
        processor.init(context);
    }

    private KeyValueStore<Bytes, byte[]> addStore(KeyValueBytesStoreSupplier supplier) {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }

    @Test
    void areTakenInWhereTheirOrderLives() {
        arrive("refunds", null, edges.tell(AT_HOME, Facts.refund()));

        assertThat(sinks()).contains(OrderTopology.LOCK_COMMANDS).doesNotContain(OrderTopology.STRAYS);
        assertThat(TestStream.keys(orders)).hasSize(1);
        assertThat(heard.all).doesNotContain("strayed refunds");
    }

    @Test
    void areSentThereAndNothingIsKeptOfThemHere() {
        byte[] value = edges.tell(ELSEWHERE, Facts.refund());
        arrive("refunds", "R1".getBytes(UTF_8), value);

        assertThat(sinks()).containsExactly(OrderTopology.STRAYS);
        Record<? extends byte[], ? extends byte[]> sent = sent();
        assertThat(new String(sent.key(), UTF_8)).isEqualTo(ELSEWHERE.toString());
        assertThat(sent.value()).isEqualTo(value);
        assertThat(sent.timestamp()).isEqualTo(TestStream.NOON.toEpochMilli());
        assertThat(STRAYS.homeOf(Bytes.wrap(sent.key()))).isEqualTo(3);
        assertThat(TestStream.keys(orders)).isEmpty();
        assertThat(heard.all).containsExactly("strayed refunds");
    }

    @Test
    void areCountedByTheTopicTheyCameByWhenTheyAreTakenIn() {
        arriveAtHome(edges.tell(AT_HOME, Facts.refund()), "refunds");

        assertThat(sinks()).contains(OrderTopology.LOCK_COMMANDS).doesNotContain(OrderTopology.STRAYS);
        assertThat(heard.all).contains("arrived refunds NEWS").doesNotContain("strayed refunds");
    }

    @Test
    void thatAskToForgetAnOrderAreSentThereToo() {
        arrive(TestStream.RESOLUTIONS, ELSEWHERE.toString().getBytes(UTF_8), null);

        assertThat(sinks()).containsExactly(OrderTopology.STRAYS);
        assertThat(sent().value()).isNull();
        assertThat(heard.all).containsExactly("strayed " + TestStream.RESOLUTIONS);
    }

    @Test
    void thatAskToForgetAnOrderAreHeardWhereItLives() {
        arrive("refunds", null, edges.tell(AT_HOME, Facts.parcel(ParcelStage.IN_TRANSIT)));
        arriveAtHome(null, TestStream.RESOLUTIONS);

        assertThat(heard.all).contains("erased");
        assertThat(TestStream.keys(orders)).isEmpty();
    }

    @Test
    void withoutAValueThatAskNothingGoNowhere() {
        arrive("refunds", ELSEWHERE.toString().getBytes(UTF_8), null);

        assertThat(sinks()).isEmpty();
        assertThat(heard.all).containsExactly("passed over refunds");
    }

    @Test
    void thatCannotBeTakenInDieAsTheyCame() {
        edges.broken.add(AT_HOME);
        arriveAtHome(edges.tell(AT_HOME, Facts.refund()), "refunds");

        assertThat(sinks()).containsExactly(OrderTopology.DEAD_LETTERS);
        assertThat(new String(sent().key(), UTF_8)).isEqualTo("a key of its own");
        assertThat(sent().headers().lastHeader(Strays.HEADER)).isNull();
        assertThat(sent().headers().lastHeader("trace").value()).containsExactly(7);
        assertThat(heard.all).containsExactly("rejected refunds INTERNAL_ERROR");
    }

    @Test
    void thatNobodySentAreDeadLetters() {
        arrive(STRAYS.topic(), AT_HOME.toString().getBytes(UTF_8), edges.tell(AT_HOME, Facts.refund()));

        assertThat(sinks()).containsExactly(OrderTopology.DEAD_LETTERS);
        assertThat(heard.all).containsExactly("rejected " + STRAYS.topic() + " UNREADABLE");
    }

    @Test
    void areNotLookedForInAStateThatWasMadeWithAnotherNumberOfPartitions() {
        for (int i = 0; i < 20; i++) {
            arrive("refunds", null, edges.tell(orderOn(HERE, i), Facts.refund()));
        }
        assertThatCode(() -> processorOver(4).init(context)).doesNotThrowAnyException();

        assertThatIllegalStateException()
                .isThrownBy(() -> processorOver(8).init(context))
                .withMessageContaining("another number of partitions");
    }

    private OrderProcessor processorOver(int partitions) {
        return new OrderProcessor(
                edges,
                Facts.policy(Duration.ofMinutes(20), false),
                heard,
                new GivenBacklog(),
                new Strays("order-sync-strays", () -> partitions));
    }

    /** Else who stops the service while it waits for the registry finds an event among the dead letters. */
    @Test
    void areReadAgainWhenWhatFollowsFromThemCannotBeWrittenNow() {
        edges.unreachable.add(AT_HOME);

        assertThatThrownBy(() -> arriveAtHome(edges.tell(AT_HOME, Facts.refund()), "refunds"))
                .isInstanceOf(RetriableException.class);
        assertThat(sinks()).isEmpty();
        assertThat(TestStream.keys(orders)).isEmpty();
    }

    /** A commit for each would slow down a producer with a partitioner of its own to a crawl. */
    @Test
    void areSentWithTheNextCommit() {
        arrive("refunds", null, edges.tell(ELSEWHERE, Facts.refund()));

        assertThat(context.committed()).isFalse();
    }

    private void arrive(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        process(topic, record(key, value));
    }

    /** As another task sends it here. */
    private void arriveAtHome(byte @Nullable [] value, String topic) {
        Record<byte[], byte[]> came = record(
                topic.equals(TestStream.RESOLUTIONS)
                        ? AT_HOME.toString().getBytes(UTF_8)
                        : "a key of its own".getBytes(UTF_8),
                value);
        came.headers().add("trace", new byte[] {7});
        context.setRecordMetadata(topic, 0, 12);
        Strays.Event event = new Strays.Event(context.recordMetadata().orElseThrow(), came);
        process(
                STRAYS.topic(),
                STRAYS.carry(Bytes.wrap(AT_HOME.toString().getBytes(UTF_8)), event, context.currentSystemTimeMs()));
    }

    private void process(String topic, Record<byte[], byte[]> record) {
        context.setRecordMetadata(topic, HERE, 3);
        context.resetForwards();
        processor.process(record);
    }

    private Record<? extends byte[], ? extends byte[]> sent() {
        return context.forwarded().getFirst().record();
    }

    private List<String> sinks() {
        return context.forwarded().stream()
                .map(CapturedForward::childName)
                .map(name -> name.orElse("all"))
                .toList();
    }

    @SuppressWarnings("NullAway") // key and value of a record may be null
    private static Record<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value) {
        return new Record<>(key, value, TestStream.NOON.toEpochMilli(), new RecordHeaders());
    }

    private static OrderKey orderOn(int partition) {
        return orderOn(partition, 0);
    }

    private static OrderKey orderOn(int partition, int number) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> new OrderKey("DOUYIN", "shop-1", "O" + i))
                .filter(order -> STRAYS.homeOf(Bytes.wrap(order.toString().getBytes(UTF_8))) == partition)
                .skip(number)
                .findFirst()
                .orElseThrow();
    }
}
