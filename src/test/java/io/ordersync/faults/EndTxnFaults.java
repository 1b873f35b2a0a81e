package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The end of a transaction is where exactly once is decided: the coordinator refuses it, or its answer is lost and the
 * service does not know whether the transaction was committed. A proxy before the broker sees to that.
 */
class EndTxnFaults {

    private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("faults.endtxn-seconds", 60));
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Eleven deaths of threads, of which each is a rebalance. */
    private static final Duration UNTIL_IT_ENDS = Duration.ofMinutes(5);

    private static final double SHARE = 0.2;
    /** Fewer than the deaths of threads after which the stream stops. */
    private static final int FATAL = Integer.getInteger("faults.endtxn-fatal", 6);

    /** What befalls the load. */
    private interface Strike {
        void on(KafkaProxy proxy, Traffic traffic, Row row, Platform platform);
    }

    /** Errors after which the producer tries again. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "COORDINATOR_NOT_AVAILABLE",
                "NOT_COORDINATOR",
                "CONCURRENT_TRANSACTIONS",
                "COORDINATOR_LOAD_IN_PROGRESS"
            })
    void theCoordinatorAsksToTryAgain(Errors error) {
        struckBy("END_TXN answered with " + error, "answers forged", forAWhile(proxy -> proxy.forge(error, SHARE)));
    }

    /** Errors after which the producer is of no use any more. */
    @ParameterizedTest
    @EnumSource(names = {"INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED", "UNKNOWN_SERVER_ERROR", "INVALID_TXN_STATE"})
    void theCoordinatorRefusesForGood(Errors error) {
        struckBy("END_TXN answered with " + error, "answers forged", (proxy, traffic, row, platform) -> {
            for (int i = 0; i < FATAL; i++) {
                long before = proxy.struck();
                proxy.forge(error, 1);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> proxy.struck() > before);
                long struck = System.nanoTime();
                proxy.behave();
                row.recovered(traffic.awaitRecovery(struck, PATIENCE));
            }
        });
    }

    /** Until its threads have died so often that its stream stops: the process ends, and is started anew. */
    @Test
    void theCoordinatorRefusesUntilTheProcessEnds() {
        int ended = struckBy(
                "END_TXN answered with UNKNOWN_SERVER_ERROR until the process ends",
                "answers forged",
                (proxy, traffic, row, platform) -> {
                    proxy.forge(Errors.UNKNOWN_SERVER_ERROR, 1);
                    Awaitility.await()
                            .atMost(UNTIL_IT_ENDS)
                            .until(() -> !platform.codes().isEmpty());
                    proxy.behave();
                    row.recovered(traffic.awaitRecovery(System.nanoTime(), PATIENCE));
                });
        assertThat(ended).isPositive();
    }

    /** What the service does not know to be committed is committed. */
    @Test
    void theAnswerOfTheCoordinatorIsLost() {
        struckBy("answer to END_TXN lost", "answers lost", forAWhile(proxy -> proxy.loseAnswers(SHARE)));
    }

    @Test
    void allIsSlow() {
        struckBy(
                "200 ms more each way between all clients and the broker",
                "requests and answers delayed",
                forAWhile(proxy -> proxy.delay(Duration.ofMillis(200))));
    }

    private static Strike forAWhile(Consumer<KafkaProxy> begin) {
        return (proxy, traffic, row, platform) -> {
            begin.accept(proxy);
            LockSupport.parkNanos(LOAD.toNanos());
            proxy.behave();
            long mended = System.nanoTime();
            row.recovered(traffic.awaitRecovery(mended, PATIENCE));
        };
    }

    /**
     * Lets a fault befall the load, and judges.
     *
     * @return how often the process ended and was started again
     */
    private static int struckBy(String fault, String what, Strike strike) {
        Row row = new Row(fault);
        try (KafkaProxy proxy = new KafkaProxy();
                Site site = new Site("localhost", directory -> behind(proxy, directory));
                Deployment deployment = new Deployment(site, "end.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            try (Platform platform = new Platform(only)) {
                strike.on(proxy, traffic, row, platform);
                Deaths deaths = Deaths.in(platform.said());
                row.judged(traffic.finish(PATIENCE));
                assertThat(proxy.struck()).as(what).isPositive();
                assertThat(platform.codes())
                        .as("of a stream that has stopped for good")
                        .allMatch(code -> code == 70);
                row.struck(proxy.struck() + " " + what + "; " + deaths + "; ended and was started again "
                                + platform.codes().size() + " times")
                        .requireClean();
                return platform.codes().size();
            }
        }
    }

    private static Brokers behind(KafkaProxy proxy, Path directory) {
        Brokers brokers = new Brokers(1, "localhost", directory).advertise(0, proxy.port());
        proxy.to(brokers.port(0));
        brokers.startAll();
        return brokers;
    }
}
