package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance stands still, as in a pause of its virtual machine, and does not know it when it goes on. */
class PauseFaults {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What Kafka Streams says when it finds that others have its tasks. */
    private static final String FENCED = "Detected that the thread is being fenced";

    private static final String LOST = "lost due to missed rebalance";

    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(ints = {20, 60})
    void oneOfTwoInstancesStandsStill(int seconds) {
        Row row = new Row("SIGSTOP of one of two instances for " + seconds + " s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "pause.", 4)) {
            Instance zombie = deployment
                    .startTogether(2, "--spring.kafka.streams.properties.num.standby.replicas=1")
                    .getFirst();
            Traffic traffic = deployment.traffic(10);
            String transactions = deployment.suspendWithinTransaction(zombie, random);
            long stopped = System.nanoTime();
            TransactionDescription open = deployment.transaction(transactions);

            // The other one has it all, and the broker has ended what the zombie believes to be open.
            deployment.awaitTasksOf(1);
            TransactionDescription ended = awaitAborted(deployment, transactions);
            assertThat(ended.producerId()).isEqualTo(open.producerId());
            assertThat(ended.producerEpoch()).isGreaterThan(open.producerEpoch());
            row.recovered(traffic.awaitRecovery(stopped, PATIENCE));
            parkUntil(stopped, seconds);

            zombie.process().resume();
            // It has to have found out that it was gone: it is let in anew.
            deployment.awaitTasksOf(2);
            traffic.awaitAnswersFromNow();
            row.judged(traffic.finish(Duration.ofMinutes(3)))
                    .struck("its transaction was open, and was aborted with epoch " + open.producerEpoch() + " → "
                            + ended.producerEpoch() + "; "
                            + found(zombie.process().said()));
        }
        row.requireClean();
    }

    @Test
    void theOnlyInstanceStandsStill() {
        Row row = new Row("SIGSTOP of the only instance for 60 s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "still.", 4)) {
            Instance only = deployment.startTogether(1).getFirst();
            Traffic traffic = deployment.traffic(10);
            String transactions = deployment.suspendWithinTransaction(only, random);
            long stopped = System.nanoTime();
            TransactionDescription open = deployment.transaction(transactions);
            TransactionDescription ended = awaitAborted(deployment, transactions);
            assertThat(ended.producerEpoch()).isGreaterThan(open.producerEpoch());
            Awaitility.await().atMost(PATIENCE).until(() -> deployment.members() == 0);
            parkUntil(stopped, 60);

            only.process().resume();
            row.recovered(traffic.awaitRecovery(System.nanoTime(), PATIENCE));
            row.judged(traffic.finish(Duration.ofMinutes(3)))
                    .struck("its transaction was open, and was aborted with epoch " + open.producerEpoch() + " → "
                            + ended.producerEpoch() + "; its group was empty");
            assertThat(only.process().said()).contains(FENCED);
        }
        row.requireClean();
    }

    /** By which way it finds out that others have its tasks depends on where it stood still. */
    private static String found(String said) {
        if (said.contains(FENCED)) {
            return "it found itself fenced";
        }
        return said.contains(LOST) ? "it found its partitions lost" : "it lost its transaction";
    }

    /** It stands still: nobody but the broker can have ended it. */
    private static TransactionDescription awaitAborted(Deployment deployment, String transactions) {
        Awaitility.await().atMost(PATIENCE).until(() -> !deployment.isOpen(transactions));
        return deployment.transaction(transactions);
    }

    private static void parkUntil(long since, int seconds) {
        long end = since + Duration.ofSeconds(seconds).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
