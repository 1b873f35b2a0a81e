package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.Resolution;
import io.ordersync.dev.Answer;
import io.ordersync.dev.Door;
import io.ordersync.dev.WireEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in is hostile, hangs, is too much, or can't be read for want of the registry. */
class InputFaults {

    private static final int PARTITIONS = 4;
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("faults.registry.seconds", 60));
    private static final Duration HANGING = Duration.ofSeconds(Integer.getInteger("faults.hanging.seconds", 90));
    private static final int BACKLOG = Integer.getInteger("faults.backlog.orders", 100_000);
    private static final int SCANS = Integer.getInteger("faults.scans", 20_000);
    private static final int UNKNOWN_SCHEMA = 2_000_000_000;
    /** With what stands around it, a little less than a topic takes. */
    private static final int HUGE = 1_000_000;

    @Test
    void theRegistryIsDownAndTheOnlyInstanceIsKilledMeanwhile() {
        Row row =
                new Row("the registry is down for " + OUTAGE.toSeconds() + " s, the only instance is killed meanwhile");
        try (Site site = new Site(1);
                Door door = new Door(site.registry.url());
                Deployment deployment = new Deployment(site, "registry.", PARTITIONS).registryAt(door.url())) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);

            door.shut();
            LockSupport.parkNanos(OUTAGE.dividedBy(2).toNanos());
            only.kill();
            only.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> only.get("/actuator/health").contains("schema registry"));
            LockSupport.parkNanos(OUTAGE.dividedBy(2).toNanos());
            assertThat(only.isAlive()).isTrue();
            assertThat(only.get("/actuator/health/liveness")).contains("\"status\":\"UP\"");
            assertThat(only.isReady()).isFalse();
            row.struck("health after the restart: not ready, waiting for the schema registry; the process is the same");

            door.open();
            row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(2)));
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.requireClean();
    }

    @Test
    void poisonIsOnEachPartitionOfEachInput() {
        Row row = new Row("poison on each partition of each input");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "poison.", PARTITIONS)) {
            deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            WireEncoder encoder = new WireEncoder(site.registry.url());
            Random random = new Random(11);
            int planted = 0;
            for (String topic : Topics.INPUTS) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    for (byte[] poison : poisons(encoder, deployment.topics.name(topic), random)) {
                        traffic.plant(topic, partition, poison);
                        planted++;
                    }
                }
                byte[] huge = new byte[HUGE];
                random.nextBytes(huge);
                traffic.plant(topic, random.nextInt(PARTITIONS), huge);
                planted++;
                row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(1)));
            }
            row.struck(planted + " dead letters, byte for byte").judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.requireClean();
    }

    /** Each is no event, for a reason of its own. */
    private static List<byte[]> poisons(WireEncoder encoder, String topic, Random random) {
        byte[] noMagic = new byte[100];
        random.nextBytes(noMagic);
        noMagic[0] = 1;
        byte[] unknown = ByteBuffer.allocate(50)
                .put((byte) 0)
                .putInt(UNKNOWN_SCHEMA + random.nextInt(1_000_000))
                .array();
        // Of a schema that is known, but not of the topic's record: cut off, and with nothing behind its id.
        byte[] whole = encoder.encode(
                topic + ".other",
                CaseResolved.newBuilder()
                        .setEventId("e" + random.nextLong())
                        .setPlatform("DOUYIN")
                        .setShopId("shop-1")
                        .setOrderId("poison")
                        .setCaseId("c")
                        .setResolution(Resolution.FALSE_ALARM)
                        .setResolvedAt(Instant.EPOCH)
                        .build());
        return List.of(
                noMagic,
                "{\"orderId\":\"1\"}".getBytes(UTF_8),
                new byte[0],
                new byte[] {0},
                unknown,
                Arrays.copyOf(whole, 5),
                Arrays.copyOf(whole, whole.length - 8));
    }

    /** Whoever reads what is committed reads nothing behind it, until the broker ends it. */
    @ParameterizedTest
    @ValueSource(strings = {Topics.INTERCEPT_RESULTS, Topics.REFUNDS})
    void aTransactionHangsOnAnInput(String topic) {
        Row row = new Row(
                "a foreign transaction hangs on a partition of " + topic + " for " + HANGING.toSeconds() + " s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "hanging.", PARTITIONS);
                Producer<byte[], byte[]> other = hanging(site.brokers.bootstrapServers())) {
            deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);

            other.initTransactions();
            other.beginTransaction();
            Answer.of(other.send(new ProducerRecord<>(deployment.topics.name(topic), 0, null, new byte[] {1, 2, 3})));
            long struck = System.nanoTime();
            LockSupport.parkNanos(HANGING.dividedBy(2).toNanos());
            assertThat(isOpen(deployment)).isTrue();
            Set<Integer> others = IntStream.range(1, PARTITIONS).boxed().collect(Collectors.toSet());
            // Some orders of partition 0 are waited for by none of this topic, and some of others went astray to it.
            assertThat(traffic.answeredSince(struck)).containsAll(others);

            Awaitility.await()
                    .atMost(HANGING.plusSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !isOpen(deployment));
            Duration open = Duration.ofNanos(System.nanoTime() - struck);
            row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(2)));
            Verdict verdict = traffic.finish(Duration.ofMinutes(3));
            row.judged(verdict)
                    .struck("it was open for " + open.toSeconds() + " s; the other partitions were answered meanwhile");
        }
        row.requireClean();
    }

    private static Producer<byte[], byte[]> hanging(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "somebody else's",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        Math.toIntExact(HANGING.toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static boolean isOpen(Deployment deployment) {
        return Answer.of(deployment
                        .admin
                        .listTransactions(new ListTransactionsOptions()
                                .filterStates(List.of(
                                        TransactionState.ONGOING,
                                        TransactionState.PREPARE_ABORT,
                                        TransactionState.PREPARE_EPOCH_FENCE)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture())
                .stream()
                .anyMatch(transaction -> transaction.transactionalId().equals("somebody else's"));
    }

    /** Half an hour's worth: the service was away, and deadlines passed meanwhile whose answers are in it. */
    @Test
    void aBacklogOfHalfAnHour() {
        Row row = new Row("a backlog of half an hour, " + BACKLOG + " orders");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "backlog.", PARTITIONS)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            only.stop();
            long away = System.nanoTime();
            traffic.flood(BACKLOG, Duration.ofMinutes(30));
            LockSupport.parkNanos(Story.ANSWER_WITHIN.plusSeconds(5).toNanos() - (System.nanoTime() - away));
            long started = System.nanoTime();
            only.start();
            Duration caughtUp = traffic.awaitRecovery(started, Duration.ofMinutes(15));
            row.recovered(caughtUp);
            Verdict verdict = traffic.finish(Duration.ofMinutes(15));
            row.judged(verdict)
                    .struck("away for " + Duration.ofNanos(started - away).toSeconds() + " s; caught up "
                            + caughtUp.toSeconds() + " s after the start of its process");
        }
        row.requireClean();
    }

    @Test
    void halfOfAllEventsAreOfThreeOrders() {
        Row row = new Row("half of all events are of three orders");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "hot.", PARTITIONS)) {
            deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(100);
            long since = System.nanoTime();
            traffic.busy(Story.Kind.PAID);
            traffic.busy(Story.Kind.RETURNED);
            traffic.busy(Story.Kind.UNANSWERED);
            Awaitility.await().atMost(Duration.ofMinutes(20)).until(() -> traffic.scans() >= SCANS);
            row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(1)));
            Duration longest = traffic.longestWait(since);
            row.judged(traffic.finish(Duration.ofMinutes(3)))
                    .struck(traffic.scans() + " scans of three orders; nothing waited longer than " + longest);
        }
        row.requireClean();
    }
}
