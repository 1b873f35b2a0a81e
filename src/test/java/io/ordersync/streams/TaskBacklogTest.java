package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.DevBroker;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer and a broker as the stream has them, and a task with two inputs. */
class TaskBacklogTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final int PARTITION = 1;

    private static DevBroker broker;
    private static Admin admin;

    private final String parcels = "parcels-" + UUID.randomUUID();
    private final String answers = "answers-" + UUID.randomUUID();
    private final Queue<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
    private WatchedConsumer consumer;
    private Producer<byte[], byte[]> producer;
    private TaskBacklog backlog;

    @BeforeAll
    static void startBroker() {
        broker = new DevBroker(0);
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void start() {
        broker.createTopics(2, parcels, answers);
        producer = producer(Map.of());
        consumer = new WatchedConsumer(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.GROUP_ID_CONFIG,
                        parcels,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2),
                admin);
        assign(partitions(parcels, answers));
        poll();
        backlog = newTask();
    }

    @AfterEach
    void stop() {
        consumer.close();
        producer.close();
    }

    @Test
    void isWorkedOffWhenNothingEverArrived() {
        ask(NOON);

        assertThat(backlog.workedOffBy(NOON.plusSeconds(1)))
                .as("by when it was asked")
                .isEqualTo(NOON);
        settle();
        assertThat(backlog.workedOffBy(NOON.plusSeconds(2))).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void isNotWhileARecordWaitsAtTheBroker() {
        send(answers, 1);
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON.plusSeconds(1))).isNull();

        pollAndProcess(1);
        assertThat(backlog.workedOffBy(NOON.plusSeconds(2))).isEqualTo(NOON);
    }

    @Test
    void isNotWhileARecordWaitsInTheQueueOfTheTask() {
        send(parcels, 1);
        pollUntil(1);
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        process(1);
        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void isOfAllInputsOfTheTask() {
        send(parcels, 1);
        send(answers, 1);
        ask(NOON);
        pollUntil(2);
        process(1);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        process(1);
        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void isOfNoOtherTask() {
        write(producer, answers, 0);
        assign(Stream.concat(partitions(parcels, answers).stream(), Stream.of(new TopicPartition(answers, 0)))
                .toList());
        ask(NOON);

        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void isOfTheTopicsWithSoManyPartitions() {
        String narrow = "narrow-" + UUID.randomUUID();
        broker.createTopics(1, narrow);
        write(producer, narrow, 0);
        assign(Stream.concat(partitions(parcels, answers).stream(), Stream.of(new TopicPartition(narrow, 0)))
                .toList());
        ask(NOON);

        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void passesByTheMarkOfATransaction() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers);
            transactional.commitTransaction();
        }
        awaitMark();
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        pollAndProcess(1);
        awaitWorkedOffBy(NOON);
    }

    @Test
    void passesByWhatWasTakenBack() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers);
            transactional.abortTransaction();
        }
        awaitMark();
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        awaitWorkedOffBy(NOON);
        assertThat(queue).isEmpty();
    }

    @Test
    void isNotOfWhatIsNotCommittedYet() {
        try (Producer<byte[], byte[]> transactional = transactional()) {
            transactional.beginTransaction();
            write(transactional, answers);
            ask(NOON);
            assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);

            transactional.commitTransaction();
            awaitMark();
            ask(NOON.plusSeconds(20));
            assertThat(backlog.workedOffBy(NOON.plusSeconds(20))).isNull();
        }
    }

    /** Else a partition on which something arrives all the time would never be worked off. */
    @Test
    void isWorkedOffByTheMomentOfTheQuestionWhateverCameSince() {
        send(answers, 1);
        ask(NOON);
        send(answers, 5);
        pollUntil(2);
        assertThat(backlog.workedOffBy(NOON.plusSeconds(1))).isNull();

        process(1);
        assertThat(backlog.workedOffBy(NOON.plusSeconds(2))).isEqualTo(NOON);
        settle();
        assertThat(backlog.workedOffBy(NOON.plusSeconds(3))).isNull();
    }

    @Test
    void isAskedAnewWhenItTookTooLong() {
        Instant later = NOON.plus(TaskBacklog.RECENT).plusMillis(1);
        send(answers, 1);
        ask(NOON);
        send(answers, 1);
        pollUntil(2);
        process(1);

        ask(later);
        assertThat(backlog.workedOffBy(later)).isNull();
        process(1);
        assertThat(backlog.workedOffBy(later)).isEqualTo(later);
    }

    @Test
    void isAskedAnewWhenTheClockWasPutBack() {
        Instant earlier = NOON.minusSeconds(3600);
        send(answers, 1);
        ask(NOON);
        send(answers, 1);
        pollUntil(2);
        process(1);

        ask(earlier);
        assertThat(backlog.workedOffBy(earlier)).isNull();
        process(1);
        assertThat(backlog.workedOffBy(earlier)).isEqualTo(earlier);
    }

    @Test
    void isNotWhileAPartitionIsPaused() {
        consumer.pause(partitions(answers));
        send(answers, 1);
        poll();
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        consumer.resume(partitions(answers));
        pollAndProcess(1);
        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void isReadAgainByATaskThatStartsAgain() {
        send(answers, 2);
        pollAndProcess(2);
        consumer.seek(new TopicPartition(answers, PARTITION), 1);
        backlog = newTask();
        ask(NOON);
        assertThat(backlog.workedOffBy(NOON)).isNull();

        pollAndProcess(1);
        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void ofATaskThatStartsAgainIsNotWhatItHadCommitted() {
        send(answers, 2);
        pollAndProcess(2);
        backlog = newTask();
        ask(NOON);

        assertThat(backlog.workedOffBy(NOON)).isEqualTo(NOON);
    }

    @Test
    void isNotKnownOfAPartitionThatWasTakenAway() {
        ask(NOON);
        assign(partitions(parcels));

        assertThat(backlog.workedOffBy(NOON)).isNull();
    }

    @Test
    void isNotKnownWithoutInputs() {
        assign(List.of());
        ask(NOON);

        assertThat(backlog.workedOffBy(NOON)).isNull();
    }

    @Test
    void isNotWaitedForWhileTheBrokerIsSilent() throws IOException {
        try (ServerSocket silence = new ServerSocket(0);
                Admin unheard = Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + silence.getLocalPort()))) {
            TaskBacklog unknown = new TaskBacklog(new TaskId(0, PARTITION), new Inputs(consumer, unheard));

            assertThat(unknown.workedOffBy(NOON)).isNull();
            assertThat(unknown.workedOffBy(NOON.plusSeconds(1))).isNull();
            unheard.close(Duration.ZERO);
        }
    }

    private static TaskBacklog newTask() {
        return new TaskBacklog(new TaskId(0, PARTITION), WatchedConsumer.inputsOfThisThread());
    }

    /** Asks, and waits until the answer is there: the broker answers one question after the other. */
    private void ask(Instant now) {
        assertThat(backlog.workedOffBy(now)).isNull();
        settle();
    }

    private void settle() {
        end(parcels);
    }

    /** The broker writes it after the transaction has ended for its producer: the record and the mark are two. */
    private void awaitMark() {
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> end(answers) == 2);
    }

    private static long end(String topic) {
        TopicPartition input = new TopicPartition(topic, PARTITION);
        try {
            return admin.listOffsets(
                            Map.of(input, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .partitionResult(input)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void assign(Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        partitions.forEach(consumer::position);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> more) {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Producer<byte[], byte[]> transactional() {
        Producer<byte[], byte[]> transactional = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, parcels));
        transactional.initTransactions();
        return transactional;
    }

    private void send(String topic, int records) {
        for (int i = 0; i < records; i++) {
            write(producer, topic);
        }
    }

    /** Waits until the broker has it. */
    private static void write(Producer<byte[], byte[]> by, String topic) {
        write(by, topic, PARTITION);
    }

    private static void write(Producer<byte[], byte[]> by, String topic, int partition) {
        try {
            by.send(new ProducerRecord<>(topic, partition, null, new byte[0])).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<TopicPartition> partitions(String... topics) {
        return Stream.of(topics)
                .map(topic -> new TopicPartition(topic, PARTITION))
                .toList();
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(20)).forEach(queue::add);
    }

    private void pollUntil(int records) {
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).until(() -> {
            poll();
            return queue.size() >= records;
        });
    }

    private void process(int records) {
        for (int i = 0; i < records; i++) {
            ConsumerRecord<byte[], byte[]> record = queue.remove();
            backlog.processed(new Source(record.topic(), record.partition(), record.offset()));
        }
    }

    private void pollAndProcess(int records) {
        pollUntil(records);
        process(records);
    }

    /** The marks of a transaction may come with a fetch of their own. */
    private void awaitWorkedOffBy(Instant moment) {
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).until(() -> {
            poll();
            return moment.equals(backlog.workedOffBy(moment));
        });
    }

    private record Source(String topic, int partition, long offset) implements RecordMetadata {}
}
