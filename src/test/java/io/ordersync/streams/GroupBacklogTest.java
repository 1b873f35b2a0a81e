package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.Answer;
import io.ordersync.dev.TestBroker;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group as the broker knows it: what it has committed is processed. Two inputs, one that is not there, and strays. */
@Tag("broker")
class GroupBacklogTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static TestBroker broker;
    private static Admin admin;

    private final String parcels = "parcels-" + UUID.randomUUID();
    private final String answers = "answers-" + UUID.randomUUID();
    private final String strays = "strays-" + UUID.randomUUID();
    private final String absent = "absent-" + UUID.randomUUID();
    private final String group = "group-" + UUID.randomUUID();
    private volatile Instant now = NOON;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private Producer<byte[], byte[]> producer;
    private GroupBacklog backlog;

    private record Clients(String bootstrapServers) implements GroupBacklog.Clients {

        @Override
        public Admin admin() {
            return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
        }

        @Override
        public Consumer<byte[], byte[]> consumer() {
            return new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrapServers,
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed",
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "none"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
        }
    }

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void start() {
        broker.createTopics(2, parcels, strays);
        broker.createTopics(3, answers);
        producer = producer(Map.of());
        backlog = new GroupBacklog(
                group, Set.of(parcels), Set.of(answers, absent), strays, new Clients(broker.bootstrapServers()), clock);
    }

    @AfterEach
    void stop() {
        backlog.close();
        producer.close();
    }

    @Test
    void isWorkedOffWhenNothingEverArrived() {
        awaitWorkedOff();
    }

    @Test
    void isNotWhileARecordWaitsOnAnyPartition() {
        send(answers, 2);
        assertNotWorkedOff();

        commit(answers, 2, 1);
        awaitWorkedOff();
    }

    @Test
    void isOfAllInputs() {
        send(parcels, 0);
        send(answers, 1);
        commit(answers, 1, 1);
        assertNotWorkedOff();

        commit(parcels, 0, 1);
        awaitWorkedOff();
    }

    /** The answer may have been sent to its order, and not have been taken in there. */
    @Test
    void isNotWhileAStrayIsOnItsWay() {
        send(strays, 1);
        assertNotWorkedOff();

        commit(strays, 1, 1);
        awaitWorkedOff();
    }

    /** Its source may be committed a little before it is: it is in the log then, and nobody can read it yet. */
    @Test
    void isNotWhileAStrayIsNotCommittedYet() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, strays, 1);
            assertNotWorkedOff();

            transactional.commitTransaction();
            awaitEnd(strays, 1, 2);
            commit(strays, 1, 2);
            awaitWorkedOff();
        }
    }

    /** An answer that came in time can't be read before another producer's transaction ends that began before it. */
    @Test
    void isNotWhileARecordWaitsBehindAnOpenTransaction() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers, 0);
            send(answers, 0);
            assertNotWorkedOff();

            transactional.abortTransaction();
            awaitEnd(answers, 0, 3);
            assertNotWorkedOff();

            commit(answers, 0, 2);
            awaitWorkedOff();
        }
    }

    /** Else the deadlines would wait for ever where producers' transactions are long, and one is always open. */
    @Test
    void isWorkedOffOnceTheTransactionsEndedThatWereOpenAtTheQuestionWhateverIsOpenNow() {
        try (Producer<byte[], byte[]> first = transactional("first");
                Producer<byte[], byte[]> second = transactional("second")) {
            first.beginTransaction();
            write(first, answers, 0);
            assertThat(backlog.workedOffBy(NOON)).isNull();
            await().during(Duration.ofMillis(700)).until(() -> backlog.workedOffBy(NOON) == null);
            now = NOON.plus(Duration.ofMinutes(5));

            second.beginTransaction();
            write(second, answers, 0);
            first.commitTransaction();
            commit(answers, 0, 1);

            await().until(() -> NOON.equals(backlog.workedOffBy(now)));
            second.abortTransaction();
        }
    }

    /** Who reads no record commits nothing, and the mark of a transaction is none. */
    @Test
    void passesByTheMarkOfATransaction() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers, 0);
            transactional.commitTransaction();
        }
        awaitEnd(answers, 0, 2);
        assertNotWorkedOff();

        commit(answers, 0, 1);
        awaitWorkedOff();
    }

    @Test
    void passesByWhatWasTakenBack() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers, 0);
            transactional.abortTransaction();
        }
        awaitEnd(answers, 0, 2);

        awaitWorkedOff();
    }

    /** It is found once that the first record that waits is behind a mark; then it has to be committed. */
    @Test
    void isNotWhileARecordWaitsBehindAMark() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers, 0);
            transactional.abortTransaction();
        }
        awaitEnd(answers, 0, 2);
        awaitWorkedOff();
        send(answers, 0);
        assertNotWorkedOff();

        commit(answers, 0, 3);
        awaitWorkedOff();
    }

    @Test
    void isFromWhereAnInputBeginsWhenTheGroupHasReadNothing() {
        send(answers, 0);
        deleteRecords(answers, 0, 1);

        awaitWorkedOff();
    }

    /** Else a partition on which something arrives all the time would never be worked off. */
    @Test
    void isWorkedOffByTheMomentOfTheQuestionWhateverCameSince() {
        AtomicLong sent = new AtomicLong();
        await().until(() -> {
            send(answers, 0);
            // One is always open.
            commit(answers, 0, sent.getAndIncrement());
            return NOON.equals(backlog.workedOffBy(NOON));
        });
    }

    @Test
    void isOfNoUseWhenItIsLongAgo() {
        awaitWorkedOff();
        send(answers, 0);

        now = NOON.plus(GroupBacklog.RECENT).plusMillis(1);
        assertThat(backlog.workedOffBy(now)).isNull();
    }

    /** The contract's rule: the answer may be waiting in the backlog that has grown while another one was worked off. */
    @Test
    void isNotKnownUntilWhatCameMeanwhileIsWorkedOffToo() {
        send(answers, 0);
        assertThat(backlog.workedOffBy(NOON)).isNull();
        await().during(Duration.ofMillis(700)).until(() -> backlog.workedOffBy(NOON) == null);
        send(answers, 0);
        now = NOON.plus(Duration.ofMinutes(5));

        commit(answers, 0, 1);
        await().during(Duration.ofMillis(700)).until(() -> backlog.workedOffBy(now) == null);
        commit(answers, 0, 2);

        await().until(() -> NOON.equals(backlog.workedOffBy(now)));
    }

    @Test
    void isOfNoUseWhenTheClockWasPutBack() {
        awaitWorkedOff();
        send(answers, 0);

        now = NOON.minusSeconds(1);
        assertThat(backlog.workedOffBy(now)).isNull();
    }

    @Test
    void isAskedAnewWhenItTookTooLong() {
        send(answers, 0);
        assertThat(backlog.workedOffBy(NOON)).isNull();
        now = NOON.plus(GroupBacklog.PATIENCE).plusMillis(1);
        commit(answers, 0, 1);

        awaitWorkedOff();
    }

    @Test
    void isNotKnownWhileARequiredInputIsNotThere() {
        try (GroupBacklog unknown = new GroupBacklog(
                group, Set.of(parcels, absent), Set.of(), strays, new Clients(broker.bootstrapServers()), clock)) {
            await().during(Duration.ofMillis(700)).until(() -> unknown.workedOffBy(NOON) == null);
        }
    }

    @Test
    void isNotWaitedForWhileTheBrokerIsSilent() throws IOException {
        try (ServerSocket silence = new ServerSocket(0);
                GroupBacklog unknown = new GroupBacklog(
                        group,
                        Set.of(parcels),
                        Set.of(),
                        strays,
                        new Clients("localhost:" + silence.getLocalPort()),
                        clock)) {
            assertThat(unknown.workedOffBy(NOON)).isNull();
            assertThat(unknown.workedOffBy(NOON)).isNull();
        }
    }

    private void awaitWorkedOff() {
        await().until(() -> now.equals(backlog.workedOffBy(now)));
    }

    /** What was known before is of no use; for as long as it takes to look several times, and into the partitions. */
    private void assertNotWorkedOff() {
        now = now.plus(GroupBacklog.RECENT).plusMillis(1);
        await().during(Duration.ofMillis(700)).until(() -> backlog.workedOffBy(now) == null);
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    private void commit(String topic, int partition, long offset) {
        Answer.of(admin.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    private static void deleteRecords(String topic, int partition, long before) {
        Answer.of(
                admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    private static void awaitEnd(String topic, int partition, long end) {
        TopicPartition input = new TopicPartition(topic, partition);
        await().until(() -> Answer.of(admin.listOffsets(
                                        Map.of(input, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .partitionResult(input)
                                .toCompletionStage()
                                .toCompletableFuture())
                        .offset()
                == end);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> more) {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Producer<byte[], byte[]> transactional() {
        return transactional("only");
    }

    private Producer<byte[], byte[]> transactional(String name) {
        Producer<byte[], byte[]> transactional =
                producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + '-' + name));
        transactional.initTransactions();
        return transactional;
    }

    private void send(String topic, int partition) {
        write(producer, topic, partition);
    }

    /** Waits until the broker has it. */
    private static void write(Producer<byte[], byte[]> by, String topic, int partition) {
        Answer.of(by.send(new ProducerRecord<>(topic, partition, null, new byte[0])));
    }
}
