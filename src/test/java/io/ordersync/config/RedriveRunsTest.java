package io.ordersync.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.dev.Answer;
import io.ordersync.dev.TestBroker;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** What runs of the command leave on the topics, one after the other, beside each other, and when one fails midway. */
@Tag("broker")
@Timeout(120)
class RedriveRunsTest {

    private static final Redrive.Choice LIST = new Redrive.Choice(Set.of(), Set.of(), false, false);
    private static final Redrive.Choice SEND = new Redrive.Choice(Set.of(), Set.of(), false, true);
    private static final Redrive.Choice SEND_FROM_BEGINNING = new Redrive.Choice(Set.of(), Set.of(), true, true);
    private static final Map<String, Object> ONE_BY_ONE = Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    private static final Map<String, Object> TWO_BY_TWO = Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2);
    /** With such a producer a letter of {@link #LARGE} can't be sent. */
    private static final Map<String, Object> SMALL_ONES = Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 10_000);

    private static final String LARGE = "x".repeat(20_000);

    private static TestBroker broker;
    private static Admin admin;
    private static Producer<byte[], byte[]> service;

    /** Of each test its own. */
    private String group;

    private String deadLetters;
    private String refunds;
    private String parcels;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        admin = Admin.create(settings);
        service = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        service.close();
        admin.close();
        broker.close();
    }

    @BeforeEach
    void nameTopics(TestInfo test) {
        group = test.getTestMethod().orElseThrow().getName();
        deadLetters = group + ".dead-letters";
        refunds = group + ".refunds";
        parcels = group + ".parcels";
    }

    // ------------------------------------------------------------------------------------------------ what goes where

    @Test
    void sendsKeyValueAndHeadersAsTheyCame() {
        make(1, deadLetters);
        make(2, refunds);
        die(
                refunds,
                1,
                "O1",
                "value",
                new RecordHeaders().add("trace", new byte[] {1}).add("empty", null));
        die(refunds, 1, null, "no key", new RecordHeaders());
        die(refunds, 1, "O1", null, new RecordHeaders());
        die(refunds, 1, "O1", "", new RecordHeaders());

        assertThat(run(SEND_FROM_BEGINNING)).endsWith("4 sent again, 0 left\n");

        assertThat(committed(refunds))
                .allSatisfy(record -> assertThat(record.partition()).isEqualTo(1));
        assertThat(committed(refunds))
                .map(ConsumerRecord::key)
                .map(RedriveRunsTest::text)
                .containsExactly("O1", null, "O1", "O1");
        assertThat(values(refunds)).containsExactly("value", "no key", null, "");
        assertThat(committed(refunds).getFirst().headers())
                .isEqualTo(new RecordHeaders().add("trace", new byte[] {1}).add("empty", null));
    }

    /** Its topic was made anew, with fewer: its key says where its order is now. */
    @Test
    void sendsALetterWhosePartitionIsGoneWhereItsKeyBelongs() {
        make(1, deadLetters);
        make(2, refunds);
        die(refunds, 5, "O1", "a");
        die(refunds, 5, "O2", "b");
        die(refunds, -1, "O3", "c");

        assertThat(run(SEND_FROM_BEGINNING)).endsWith("3 sent again, 0 left\n");

        assertThat(values(refunds)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(committed(refunds))
                .allSatisfy(record ->
                        assertThat(record.partition()).isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % 2));
    }

    @Test
    void leavesALetterWhoseTopicIsGoneAndGoesOn() {
        make(1, deadLetters, refunds);
        die(parcels, 0, "O1", "a");
        die(refunds, 0, "O2", "b");

        assertThat(run(SEND_FROM_BEGINNING))
                .contains("LEFT: its topic is gone")
                .contains("1  of '" + parcels + "' can't be sent")
                .endsWith("1 sent again, 1 left\n");

        assertThat(values(refunds)).containsExactly("b");
        assertThat(Answer.of(admin.listTopics().names())).doesNotContain(parcels);
    }

    /** Neither who looks at all nor who chooses it sends it elsewhere. */
    @Test
    void leavesALetterOfNoInputUntilItIsOne() {
        make(1, deadLetters, refunds, parcels);
        die(parcels, 0, "O1", "a");
        die(refunds, 0, "O2", "b");
        Answer.of(service.send(new ProducerRecord<>(deadLetters, text("somebody's"), text("own"))));

        assertThat(run(SEND_FROM_BEGINNING, Set.of(refunds)))
                .contains("LEFT: it came from no topic that is read")
                .contains("1  of '" + parcels + "' can't be sent; once it is an input that is there, --from-beginning")
                .endsWith("1 sent again, 2 left\n");
        assertThat(values(parcels)).isEmpty();

        run(new Redrive.Choice(Set.of(), Set.of(parcels), true, true));
        assertThat(values(parcels)).containsExactly("a");
        assertThat(values(refunds)).containsExactly("b");
    }

    @Test
    void refusesATopicThatIsNotThere() {
        assertThatThrownBy(() -> run(LIST))
                .isInstanceOf(InvalidSetting.class)
                .hasMessage("order-sync.topics.dead-letters is '" + deadLetters + "': there is no such topic");
    }

    // ------------------------------------------------------------------------------------------------ how often

    /** What dies anew each time is sent once each time, and not twice as often. */
    @Test
    void sendsTheCopiesOfALetterOnce() {
        make(1, deadLetters);
        make(2, refunds, parcels);
        for (int run = 1; run <= 3; run++) {
            die(refunds, 0, "O1", "a", new RecordHeaders().add("trace", new byte[] {1}));
            die(refunds, 0, "O1", "a", new RecordHeaders().add("trace", new byte[] {2}));
            die(refunds, 0, "O2", "a");
            die(parcels, 0, "O2", "a");
            die(parcels, 0, "O2a", "");
            die(parcels, 0, "O2a", null);

            String told = run(new Redrive.Choice(Set.of(), Set.of(refunds, parcels), true, true), TWO_BY_TWO, Map.of());
            assertThat(told)
                    .endsWith("6 sent again, 0 left" + (run == 1 ? "" : ", copies of these: " + 6 * (run - 1)) + "\n");
            assertThat(values(refunds)).hasSize(3 * run);
            assertThat(values(parcels)).hasSize(3 * run);
        }
    }

    @Test
    void sendsWhatIsNewWhenItRunsAgain() {
        make(1, deadLetters, refunds);
        assertThat(run(SEND)).as("nothing is there to be sent twice").endsWith("0 sent again, 0 left\n");
        die(refunds, 0, "O1", "a");
        assertThat(run(SEND)).endsWith("1 sent again, 0 left\n");
        assertThat(run(SEND)).endsWith("0 sent again, 0 left\n");

        Answer.of(admin.createPartitions(Map.of(deadLetters, NewPartitions.increaseTo(2)))
                .all());
        die(1, refunds, "O2", "b");
        assertThat(run(SEND)).as("its partition is new").endsWith("1 sent again, 0 left\n");
        assertThat(values(refunds)).containsExactly("a", "b");
    }

    /** The brokers forget the offsets of a group without members long before the letters go. */
    @Test
    void sendsNothingWhereItIsNotKnownWhatWasSentBefore() {
        make(2, deadLetters);
        make(1, refunds);
        die(refunds, 0, "O1", "a");
        assertThat(run(LIST)).endsWith("1 would be sent again with --from-beginning --send, 0 left\n");
        assertThatThrownBy(() -> run(SEND))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith(
                        "--from-beginning is 'not given': it is needed, since no --send before is known");
        assertThatThrownBy(() -> run(new Redrive.Choice(Set.of(), Set.of(refunds), false, true)))
                .isInstanceOf(InvalidSetting.class);
        assertThat(values(refunds)).isEmpty();

        run(SEND_FROM_BEGINNING);
        assertThat(run(LIST)).endsWith("0 would be sent again with --send, 0 left\n");
        assertThat(values(refunds)).containsExactly("a");

        Answer.of(admin.deleteConsumerGroups(List.of(group)).all());
        assertThatThrownBy(() -> run(SEND)).isInstanceOf(InvalidSetting.class);
        assertThat(values(refunds)).containsExactly("a");
    }

    // ------------------------------------------------------------------------------------------------ what goes wrong

    @Test
    void goesOnBehindWhatWasSentAfterAFailureMidway() {
        make(1, deadLetters, refunds);
        die(refunds, 0, "O1", "a");
        die(refunds, 0, "O2", "b");
        die(refunds, 0, "O3", "c");
        die(refunds, 0, "O4", LARGE);
        var told = new ByteArrayOutputStream();

        assertThatThrownBy(() -> run(SEND_FROM_BEGINNING, all(), TWO_BY_TWO, SMALL_ONES, print(told)))
                .isInstanceOf(KafkaException.class);
        assertThat(values(refunds)).containsExactly("a", "b");
        assertThat(told.toString(UTF_8))
                .contains(deadLetters + "-0@1 ")
                .doesNotContain(deadLetters + "-0@2 ")
                .endsWith("2 sent again, 0 left\n");

        assertThat(run(SEND)).endsWith("2 sent again, 0 left\n");
        assertThat(values(refunds)).containsExactly("a", "b", "c", LARGE);
    }

    @Test
    void sendsNothingTwiceAfterAFailureFromTheBeginning() {
        make(1, deadLetters, refunds);
        die(refunds, 0, "O1", "a");
        die(refunds, 0, "O2", LARGE);
        run(SEND_FROM_BEGINNING);

        assertThatThrownBy(() ->
                        run(SEND_FROM_BEGINNING, all(), ONE_BY_ONE, SMALL_ONES, print(new ByteArrayOutputStream())))
                .isInstanceOf(KafkaException.class);

        assertThat(values(refunds)).containsExactly("a", LARGE, "a");
        assertThat(run(LIST)).endsWith("0 would be sent again with --send, 0 left\n");
    }

    /** The second begins while the first has sent one of three. */
    @Test
    void leavesTheRestToAnotherRun() {
        make(1, deadLetters, refunds);
        die(refunds, 0, "O1", "a");
        die(refunds, 0, "O2", "b");
        die(refunds, 0, "O3", "c");
        var first = new ByteArrayOutputStream();
        var second = new StringBuilder();
        var isBegun = new AtomicBoolean();
        PrintStream beginsTheSecond = new PrintStream(first, true, UTF_8) {
            @Override
            public void println(@Nullable Object line) {
                super.println(line);
                if (isBegun.compareAndSet(false, true)) {
                    second.append(run(SEND));
                }
            }
        };

        assertThatThrownBy(() -> run(SEND_FROM_BEGINNING, all(), ONE_BY_ONE, Map.of(), beginsTheSecond))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("another redrive runs")
                .satisfies(failure -> assertThat(
                                Objects.requireNonNull(failure.getCause()).getSuppressed())
                        .isNotEmpty());

        assertThat(first.toString(UTF_8)).endsWith("1 sent again, 0 left\n");
        assertThat(second).endsWith("2 sent again, 0 left\n");
        assertThat(values(refunds)).containsExactly("a", "b", "c");
    }

    // ------------------------------------------------------------------------------------------------

    private static void make(int partitions, String... topics) {
        broker.createTopics(partitions, topics);
        // The broker hears of them a moment after the controller has made them.
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> Answer.of(admin.describeTopics(List.of(topics)).allTopicNames())
                                .size()
                        == topics.length);
    }

    private void die(String topic, int partition, @Nullable String key, @Nullable String value) {
        die(topic, partition, key, value, new RecordHeaders());
    }

    private void die(String topic, int partition, @Nullable String key, @Nullable String value, Headers headers) {
        die(0, topic, partition, key, value, headers);
    }

    /** @param deadLetterPartition of the dead letters */
    private void die(int deadLetterPartition, String topic, String key, String value) {
        die(deadLetterPartition, topic, 0, key, value, new RecordHeaders());
    }

    private void die(
            int deadLetterPartition,
            String topic,
            int partition,
            @Nullable String key,
            @Nullable String value,
            Headers headers) {
        Answer.of(service.send(new ProducerRecord<>(
                deadLetters,
                deadLetterPartition,
                text(key),
                text(value),
                DeadLetter.headers(
                        topic, partition, 7, headers, new Rejection(Rejection.Reason.UNKNOWN_SCHEMA, "why")))));
    }

    private Set<String> all() {
        return Set.of(refunds, parcels);
    }

    private String run(Redrive.Choice choice) {
        return run(choice, all());
    }

    private String run(Redrive.Choice choice, Set<String> inputs) {
        var told = new ByteArrayOutputStream();
        run(choice, inputs, Map.of(), Map.of(), print(told));
        return told.toString(UTF_8);
    }

    private String run(Redrive.Choice choice, Map<String, Object> reading, Map<String, Object> writing) {
        var told = new ByteArrayOutputStream();
        run(choice, all(), reading, writing, print(told));
        return told.toString(UTF_8);
    }

    private void run(
            Redrive.Choice choice,
            Set<String> inputs,
            Map<String, Object> reading,
            Map<String, Object> writing,
            PrintStream out) {
        try (Consumer<byte[], byte[]> consumer = consumer(reading);
                Producer<byte[], byte[]> producer = producer(writing)) {
            new Redrive(deadLetters, inputs, consumer, producer, out).run(choice);
        }
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                group,
                // Who asked for a topic that is gone would wait so long.
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                10_000));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, UTF_8);
    }

    /** Of a topic, partition by partition, as a reader of what is committed gets them. */
    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        try (Consumer<byte[], byte[]> reader = consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group + "-reader"))) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private List<@Nullable String> values(String topic) {
        List<@Nullable String> values = new ArrayList<>();
        committed(topic).forEach(record -> values.add(text(record.value())));
        return values;
    }

    private static byte @Nullable [] text(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
