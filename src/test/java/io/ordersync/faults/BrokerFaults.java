package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Brokers end, while the service goes on. What it needs to go on afterwards, it does by itself. Only root may mount a disk. */
class BrokerFaults {

    private static final int KILLS = Integer.getInteger("faults.broker-kills", 9);
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("faults.outage-seconds", 240));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void oneOfThreeIsKilled() {
        Random random = new Random(11);
        Row row = new Row("kill -9 of one of three brokers");
        long led = 0;
        try (Site site = new Site(3);
                Deployment deployment = new Deployment(site, "one.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < KILLS; i++) {
                int node = i % site.brokers.count();
                site.brokers.awaitInSync();
                long leads = site.brokers.ledBy(node);
                assertThat(leads).as("broker " + node + " leads partitions").isPositive();
                led += leads;
                pause(Duration.ofMillis(random.nextInt(2_000)));
                long killed = kill(site.brokers, node);
                row.recovered(traffic.awaitRecovery(killed, PATIENCE));
                site.brokers.start(node);
            }
            site.brokers.awaitInSync();
            row.judged(traffic.finish(PATIENCE));
            only.process().requireAlive();
            row.struck("they led " + led + " partitions; " + Deaths.of(only)).requireClean();
        }
    }

    @Test
    void theOnlyBrokerIsAwayForMinutes() {
        Row row = new Row("the only broker away for " + OUTAGE.toSeconds() + " s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "away.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            site.brokers.kill(0);
            pause(OUTAGE);
            assertThat(site.brokers.process(0).isAlive()).isFalse();
            long back = System.nanoTime();
            site.brokers.start(0);
            row.recovered(traffic.awaitRecovery(back, PATIENCE));
            row.judged(traffic.finish(PATIENCE));
            only.process().requireAlive();
            row.struck(Deaths.of(only).toString()).requireClean();
        }
    }

    @Test
    void theCoordinatorOfAnOpenTransactionIsKilled() {
        Row row = new Row("kill -9 of the broker that coordinates an open transaction");
        int stillOpen = 0;
        try (Site site = new Site(3);
                Deployment deployment = new Deployment(site, "coordinator.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            for (int i = 0; i < KILLS; i++) {
                site.brokers.awaitInSync();
                String id = awaitOpenTransaction(deployment);
                int node = site.brokers.coordinatorOf(id);
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> deployment.openTransactions().contains(id));
                long killed = kill(site.brokers, node);
                stillOpen += isOpenSince(deployment, id, System.currentTimeMillis()) ? 1 : 0;
                row.recovered(traffic.awaitRecovery(killed, PATIENCE));
                site.brokers.start(node);
            }
            site.brokers.awaitInSync();
            row.judged(traffic.finish(PATIENCE));
            only.process().requireAlive();
            row.struck("in each a transaction was open just before, in " + stillOpen
                            + " the next coordinator found it open; " + Deaths.of(only))
                    .requireClean();
        }
    }

    @Test
    void theDiskOfTheOnlyBrokerIsFull() {
        Row row = new Row("disk of the only broker full");
        Path room = Path.of("target", "faults-disk").toAbsolutePath();
        try (Disk disk = new Disk(room, 300);
                Site site = new Site("localhost", directory -> Brokers.started(1, room.resolve("brokers")));
                Deployment deployment = new Deployment(site, "disk.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            disk.fill();
            int code = site.brokers.process(0).awaitExit(PATIENCE);
            assertThat(site.brokers.process(0).said()).contains("No space left on device");
            // People need a while to make room.
            pause(Duration.ofSeconds(30));
            disk.empty();
            long back = System.nanoTime();
            site.brokers.start(0);
            row.recovered(traffic.awaitRecovery(back, PATIENCE));
            row.judged(traffic.finish(PATIENCE));
            only.process().requireAlive();
            row.struck("No space left on device: the broker ended with " + code + "; " + Deaths.of(only))
                    .requireClean();
        }
    }

    /** When it was. */
    private static long kill(Brokers brokers, int node) {
        long now = System.nanoTime();
        brokers.kill(node);
        return now;
    }

    private static String awaitOpenTransaction(Deployment deployment) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                // The client is confused by a broker that it believed to be away.
                .ignoreExceptions()
                .until(deployment::openTransactions, open -> !open.isEmpty())
                .getFirst();
    }

    /** Does the coordinator that there is now know it as open, and begun before? */
    private static boolean isOpenSince(Deployment deployment, String id, long millis) {
        TransactionDescription transaction = Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> deployment
                                .admin
                                .describeTransactions(List.of(id))
                                .description(id)
                                .get(),
                        description -> true);
        return transaction.transactionStartTimeMs().isPresent()
                && transaction.transactionStartTimeMs().getAsLong() <= millis;
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
