package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.dev.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Bytes;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The topics of an application that no other test has. */
@Tag("broker")
class InternalTopicsTest {

    private static TestBroker broker;
    private static Admin admin;

    private final String application = "app-" + UUID.randomUUID();
    private final String refunds = application + ".refunds";
    private final String parcels = application + ".parcels";
    private final String scans = application + ".scans";
    private final String strays = application + "-strays";
    private final String orders = application + "-orders-changelog";
    private final String timers = application + "-timers-changelog";
    private final String width = application + "-width";

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void spreadTheOrdersOverAsManyPartitionsAsTheWidestInputHas() {
        create(3, refunds);
        create(6, parcels);
        create(12, scans);

        prepared(null);

        assertThat(count(strays)).isEqualTo(12);
    }

    @Test
    void spreadTheOrdersOverAsManyAsWereAskedFor() {
        create(3, refunds, parcels);

        InternalTopics topics = prepared(5);

        assertThat(count(strays)).isEqualTo(5);
        assertThat(IntStream.range(0, 1000)
                        .map(i -> topics.strays().homeOf(Bytes.wrap(("order" + i).getBytes(UTF_8))))
                        .distinct())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void keepWhatWasSettledAtTheFirstStart() {
        create(3, refunds, parcels);
        prepared(null);
        increase(refunds, 9);

        prepared(null);
        prepared(3);

        assertThat(count(strays)).isEqualTo(3);
    }

    @Test
    void refuseAnotherNumberThanTheStateWasMadeWith() {
        create(3, refunds, parcels);
        prepared(null);

        assertThatThrownBy(() -> topics(6).prepare(admin))
                .isInstanceOf(InternalTopics.Refused.class)
                .hasMessageContaining("spread over 3 partitions")
                .hasMessageContaining("set 3");
    }

    /** By an operator, say: half of the orders would not be found. */
    @Test
    void refuseAStraysTopicThatWasGivenMore() {
        create(3, refunds, parcels);
        prepared(null);
        create(3, orders, timers);
        increase(strays, 6);

        assertThatThrownBy(() -> topics(null).prepare(admin)).isInstanceOf(InternalTopics.Refused.class);
    }

    @Test
    void refuseAStateOfWhichNobodyKnowsTheNumber() {
        create(3, refunds, parcels, orders, timers);

        assertThatThrownBy(() -> topics(3).prepare(admin))
                .isInstanceOf(InternalTopics.Refused.class)
                .hasMessageContaining(strays);
    }

    @Test
    void refuseAStraysTopicThatWouldLoseEvents() {
        create(3, refunds, parcels);
        await(admin.createTopics(List.of(new NewTopic(strays, Optional.of(3), Optional.empty())
                        .configs(Map.of("cleanup.policy", "compact,delete"))))
                .all());

        assertThatThrownBy(() -> untilPrepared(topics(null)))
                .isInstanceOf(InternalTopics.Refused.class)
                .hasMessageContaining("cleanup.policy");
    }

    @Test
    void waitForTheRequiredInputs() {
        create(3, refunds);

        assertThat(topics(null).prepare(admin)).containsExactly(parcels);
        assertThat(topics(6).prepare(admin)).containsExactly(parcels);
        assertThat(count(strays)).as("not settled yet").isZero();
    }

    @Test
    void keepStraysForAMonthAndTakeTheStreamsOwnSettings() {
        create(1, refunds, parcels);
        prepared(null);

        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, strays);
        Config config = await(admin.describeConfigs(List.of(topic)).all()).get(topic);
        assertThat(config).isNotNull();
        assertThat(config.get("retention.ms").value())
                .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("max.message.bytes").value()).isEqualTo("2000000");
    }

    @Test
    void giveTheChangelogsAsManyPartitionsAsAnInputThatGrew() {
        create(3, refunds, parcels);
        prepared(null);
        create(3, orders, timers);
        increase(refunds, 8);

        topics(null).widen(admin);

        awaitCount(orders, 8);
        awaitCount(timers, 8);
        assertThat(count(strays)).as("the orders stay where they are").isEqualTo(3);
        assertThat(count(width)).isZero();
    }

    /** Killed between one and the other, say. */
    @Test
    void giveAChangelogWhatTheOtherHas() {
        create(3, refunds, parcels);
        prepared(null);
        create(8, orders);
        create(3, timers);
        increase(refunds, 8);

        topics(null).widen(admin);

        awaitCount(timers, 8);
    }

    @Test
    void keepTheTasksOfAnInputThatIsReadNoMore() {
        create(3, refunds, parcels);
        create(8, scans);
        prepared(3);
        create(8, orders, timers);

        new InternalTopics(application, Set.of(refunds, parcels), Set.of(), null, (short) -1, Map.of()).widen(admin);
        awaitCount(width, 8);

        // And of one that was wider still.
        increase(orders, 10);
        increase(timers, 10);
        new InternalTopics(application, Set.of(refunds, parcels), Set.of(), null, (short) -1, Map.of()).widen(admin);
        awaitCount(width, 10);
    }

    @Test
    void ofTwoInstancesThatStartAtOnceHaveOneNumber() {
        create(3, refunds, parcels);
        InternalTopics one = topics(3);
        InternalTopics other = topics(4);
        assertThat(one.prepare(admin)).containsExactly(strays);

        assertThatThrownBy(() -> untilPrepared(other)).isInstanceOf(InternalTopics.Refused.class);
        untilPrepared(one);
    }

    private InternalTopics topics(@Nullable Integer configured) {
        return new InternalTopics(
                application,
                Set.of(refunds, parcels),
                Set.of(scans),
                configured,
                (short) -1,
                Map.of("max.message.bytes", "2000000"));
    }

    private InternalTopics prepared(@Nullable Integer configured) {
        InternalTopics topics = topics(configured);
        untilPrepared(topics);
        return topics;
    }

    private static void untilPrepared(InternalTopics topics) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .until(() -> topics.prepare(admin).isEmpty());
    }

    /** Until the broker tells of them. */
    private static void create(int count, String... topics) {
        broker.createTopics(count, topics);
        for (String topic : topics) {
            awaitCount(topic, count);
        }
    }

    private static void awaitCount(String topic, int count) {
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> count(topic) == count);
    }

    /** 0: it is not there. */
    private static int count(String topic) {
        Set<String> all = await(admin.listTopics().names());
        if (!all.contains(topic)) {
            return 0;
        }
        return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .partitions()
                .size();
    }

    private static void increase(String topic, int count) {
        await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count)))
                .all());
        awaitCount(topic, count);
    }

    private static <T> T await(@Nullable KafkaFuture<T> answer) {
        assertThat(answer).isNotNull();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
