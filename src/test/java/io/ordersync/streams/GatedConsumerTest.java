package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A consumer of two partitions. */
@Tag("broker")
class GatedConsumerTest {

    private static TestBroker broker;
    private static Producer<byte[], byte[]> producer;

    private final String topic = "events-" + UUID.randomUUID();
    private final TopicPartition zero = new TopicPartition(topic, 0);
    private final TopicPartition one = new TopicPartition(topic, 1);
    private final Set<String> unreadable = new HashSet<>();
    private final List<String> handedOut = new ArrayList<>();
    private GatedConsumer consumer;

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        broker.close();
    }

    @BeforeEach
    void start() {
        broker.createTopics(2, topic);
        consumer = new GatedConsumer(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                record -> !unreadable.contains(new String(record.value(), UTF_8)));
        consumer.assign(List.of(zero, one));
    }

    @AfterEach
    void stop() {
        consumer.close();
    }

    @Test
    void handsOutWhatCanBeRead() {
        send(zero, "a", "b");
        send(one, "c");

        awaitHandedOut("a", "b", "c");
    }

    @Test
    void letsAPartitionRestAtTheFirstRecordToWaitForAndGoesOnWithTheOthers() {
        unreadable.add("b");
        send(zero, "a", "b", "a2");
        send(one, "c");

        awaitHandedOut("a", "c");
        send(one, "d");
        awaitHandedOut("a", "c", "d");
        pollForAWhile();

        assertThat(handedOut).doesNotContain("b", "a2");
        assertThat(consumer.position(zero)).as("as if it had not come yet").isEqualTo(1);
        assertThat(consumer.currentLag(zero)).as("nobody is to wait for it").hasValue(0);
    }

    @Test
    void goesOnWhereItRestedOnceTheRecordCanBeRead() {
        unreadable.add("b");
        send(zero, "a", "b", "a2");
        awaitHandedOut("a");
        pollForAWhile();

        unreadable.clear();

        awaitHandedOut("a", "b", "a2");
    }

    /** An answer may hold for a moment only, and the fetch takes longer. */
    @Test
    void handsOutTheRecordItWokeForWithoutAskingAgain() {
        unreadable.add("b");
        send(zero, "a", "b", "a2");
        awaitHandedOut("a");
        pollForAWhile();

        unreadable.clear();
        consumer.pause(List.of(zero));
        poll();
        unreadable.add("b");
        consumer.resume(List.of(zero));

        awaitHandedOut("a", "b", "a2");
    }

    @Test
    void restsAtOneRecordAfterTheOther() {
        unreadable.addAll(Set.of("a", "b"));
        send(zero, "a", "b", "a2");
        pollForAWhile();
        assertThat(handedOut).isEmpty();

        unreadable.remove("a");
        awaitHandedOut("a");
        pollForAWhile();
        unreadable.remove("b");
        awaitHandedOut("a", "b", "a2");
    }

    /** What is committed of a partition is what it tells as its next offset. */
    @Test
    void saysThatTheNextOffsetIsTheRecordsItWaitsFor() {
        unreadable.add("b");
        send(zero, "a", "b", "a2");

        List<Long> next = new ArrayList<>();
        await().until(() -> {
            ConsumerRecords<byte[], byte[]> records = poll();
            if (records.nextOffsets().containsKey(zero)) {
                next.add(records.nextOffsets().get(zero).offset());
            }
            return handedOut.contains("a");
        });
        pollForAWhile();

        assertThat(next).isNotEmpty().allMatch(offset -> offset <= 1).endsWith(1L);
    }

    @Test
    void isNotWokenByItsOwner() {
        unreadable.add("a");
        send(zero, "a");
        pollForAWhile();

        consumer.pause(List.of(zero, one));
        consumer.resume(List.of(zero, one));
        send(one, "c");

        awaitHandedOut("c");
        pollForAWhile();
        assertThat(handedOut).containsExactly("c");
    }

    @Test
    void doesNotWakeWhatItsOwnerHasPaused() {
        unreadable.add("a");
        send(zero, "a");
        pollForAWhile();
        consumer.pause(List.of(zero));

        unreadable.clear();
        pollForAWhile();
        assertThat(handedOut).isEmpty();
        consumer.resume(List.of(zero));

        awaitHandedOut("a");
    }

    @Test
    void forgetsAPartitionThatIsTakenAway() {
        unreadable.add("a");
        send(zero, "a");
        pollForAWhile();
        consumer.assign(List.of(one));
        send(one, "c");
        awaitHandedOut("c");

        unreadable.clear();
        consumer.assign(List.of(zero, one));

        awaitHandedOut("c", "a");
    }

    private void awaitHandedOut(String... values) {
        await().until(() -> {
            poll();
            return handedOut.size() >= values.length;
        });
        assertThat(handedOut).containsExactlyInAnyOrder(values);
    }

    /** As often as it takes to fetch what there is several times. */
    private void pollForAWhile() {
        for (int i = 0; i < 20; i++) {
            poll();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(20));
        records.forEach(record -> handedOut.add(new String(record.value(), UTF_8)));
        return records;
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    @Test
    void leavesTheGroupWhenClosedToRemainInIt() throws Exception {
        assertThat(membersAfterClosing(Map.of())).isEmpty();
    }

    /** It comes back by its name, and finds what it had. */
    @Test
    void remainsInTheGroupAsAStaticMember() throws Exception {
        assertThat(membersAfterClosing(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "pod-0")))
                .singleElement()
                .satisfies(member -> assertThat(member.groupInstanceId()).hasValue("pod-0"));
    }

    /** Of a group whose only member was told to remain in it. */
    private List<MemberDescription> membersAfterClosing(Map<String, Object> more) throws Exception {
        String group = "group-" + UUID.randomUUID();
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        GatedConsumer member = new GatedConsumer(settings, record -> true);
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            member.subscribe(List.of(topic));
            Awaitility.await().until(() -> {
                member.poll(Duration.ofMillis(100));
                return !member.assignment().isEmpty();
            });

            member.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));

            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .toList();
        }
    }

    private static void send(TopicPartition to, String... values) {
        try {
            for (String value : values) {
                producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value.getBytes(UTF_8)))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
