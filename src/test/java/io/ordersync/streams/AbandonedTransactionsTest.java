package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.Answer;
import io.ordersync.dev.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Transactions whose owners are members of the group, or are gone; the names are those that Kafka Streams makes. */
@Tag("broker")
class AbandonedTransactionsTest {

    private static final Duration A_FEW_LOOKS = Duration.ofSeconds(2);

    private static TestBroker broker;
    private static Admin admin;

    private final String application = "app-" + UUID.randomUUID();
    private final String topic = "topic-" + UUID.randomUUID();
    private final String stays = application + '-' + UUID.randomUUID();
    private final String gone = application + '-' + UUID.randomUUID();
    private volatile Set<String> rebalancing = Set.of(stays + "-StreamThread-1-consumer");
    private AbandonedTransactions abandoned;
    private @Nullable Consumer<byte[], byte[]> member;

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        admin = newAdmin();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void start() {
        broker.createTopics(1, topic);
        abandoned = new AbandonedTransactions(application, AbandonedTransactionsTest::newAdmin, () -> rebalancing);
    }

    @AfterEach
    void stop() {
        abandoned.close();
        if (member != null) {
            member.close();
        }
    }

    @Test
    void endsThoseOfAnInstanceAndOfAThreadThatAreGoneAndNoOther() throws Exception {
        join(stays + "-StreamThread-1-consumer");
        String another = "another-" + application + '-' + UUID.randomUUID() + "-1";
        begin(gone + "-1");
        begin(stays + "-2");
        begin(stays + "-1");
        begin(another);

        abandoned.start();

        Awaitility.await().until(() -> !isOpen(gone + "-1") && !isOpen(stays + "-2"));
        assertThat(isOpen(stays + "-1")).isTrue();
        assertThat(isOpen(another)).isTrue();
    }

    @Test
    void looksOnlyWhileTheStreamRebalances() throws Exception {
        Set<String> members = rebalancing;
        rebalancing = Set.of();
        join(stays + "-StreamThread-1-consumer");
        begin(gone + "-1");

        abandoned.start();

        Awaitility.await().during(A_FEW_LOOKS).until(() -> isOpen(gone + "-1"));
        rebalancing = members;
        Awaitility.await().until(() -> !isOpen(gone + "-1"));
    }

    @Test
    void endsNoneAsLongAsItIsNoMemberItself() throws Exception {
        join(application + '-' + UUID.randomUUID() + "-StreamThread-1-consumer");
        begin(gone + "-1");

        abandoned.start();

        Awaitility.await().during(A_FEW_LOOKS).until(() -> isOpen(gone + "-1"));
    }

    @Test
    void endsNoneWhereMembersHaveNamesOfTheirOwn() throws Exception {
        rebalancing = Set.of("mine-StreamThread-1-consumer");
        join("mine-StreamThread-1-consumer");
        begin(gone + "-1");

        abandoned.start();

        Awaitility.await().during(A_FEW_LOOKS).until(() -> isOpen(gone + "-1"));
    }

    private void join(String clientId) {
        Consumer<byte[], byte[]> joining = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        application,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        clientId),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member = joining;
        joining.subscribe(List.of(topic));
        Awaitility.await().until(() -> {
            joining.poll(Duration.ofMillis(100));
            return !joining.assignment().isEmpty();
        });
    }

    /** And does not end it. */
    private void begin(String transactionalId) throws Exception {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, new byte[1])).get();
        producer.close(Duration.ZERO);
        assertThat(isOpen(transactionalId)).isTrue();
    }

    private static boolean isOpen(String transactionalId) {
        return Answer.of(admin.describeTransactions(List.of(transactionalId)).description(transactionalId))
                        .state()
                == TransactionState.ONGOING;
    }

    private static Admin newAdmin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }
}
