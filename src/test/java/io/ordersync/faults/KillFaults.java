package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * An instance is ended at once, as by kill -9, by the kernel's out-of-memory killer or by a power cut: at any moment and, every
 * second time, within a transaction.
 */
class KillFaults {

    private static final int KILLS = Integer.getInteger("faults.kills", 100);
    /** Services beside each other: most of a recovery is waiting for the session of the dead one to end. */
    private static final int LANES = Integer.getInteger("faults.lanes", 3);

    private static final int KILLS_OF_ONE_OF_TWO = Integer.getInteger("faults.killsOfOneOfTwo", 10);
    /** Of the session, and what the other one may take then. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(10 + 5);

    /** What came of one service. */
    private record Lane(List<Duration> recoveries, int open, Verdict verdict) {}

    @Test
    void theOnlyInstanceIsKilled() throws Exception {
        Row row = new Row("kill -9 of the only instance");
        int open = 0;
        try (Site site = new Site(1);
                ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
            List<Future<Lane>> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                int lane = i;
                int kills = KILLS / LANES + (lane < KILLS % LANES ? 1 : 0);
                lanes.add(threads.submit(() -> killTheOnlyOne(site, lane, kills)));
            }
            for (Future<Lane> each : lanes) {
                Lane lane = each.get();
                lane.recoveries().forEach(row::recovered);
                row.judged(lane.verdict());
                open += lane.open();
            }
        }
        row.struck("in " + open + " a transaction was open").requireClean();
    }

    private static Lane killTheOnlyOne(Site site, int lane, int kills) {
        Random random = new Random(lane);
        List<Duration> recoveries = new ArrayList<>();
        int open = 0;
        try (Deployment deployment = new Deployment(site, "kill" + lane + '.', 4)) {
            Instance only = deployment.instance("only");
            if (lane % 2 == 1) {
                only.with("--order-sync.state.store=rocksdb");
            }
            only.start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < kills; i++) {
                open += kill(deployment, only, i, random) ? 1 : 0;
                long killed = System.nanoTime();
                only.start();
                recoveries.add(traffic.awaitRecovery(killed, Duration.ofMinutes(2)));
            }
            return new Lane(recoveries, open, traffic.finish(Duration.ofMinutes(3)));
        }
    }

    @Test
    void oneOfTwoInstancesIsKilled() {
        Random random = new Random(7);
        Row row = new Row("kill -9 of one of two instances, with a standby");
        List<Duration> recoveries = new ArrayList<>();
        int open = 0;
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "pair.", 4)) {
            List<Instance> two =
                    deployment.startTogether(2, "--spring.kafka.streams.properties.num.standby.replicas=1");
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < KILLS_OF_ONE_OF_TWO; i++) {
                deployment.awaitTasksOf(2);
                // Each of them by either way.
                Instance struck = two.get(i / 2 % 2);
                open += kill(deployment, struck, i, random) ? 1 : 0;
                long killed = System.nanoTime();
                struck.start();
                Duration recovery = traffic.awaitRecovery(killed, Duration.ofMinutes(2));
                recoveries.add(recovery);
                row.recovered(recovery);
                struck.awaitReady();
            }
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.struck("in " + open + " its transaction was open").requireClean();
        assertThat(recoveries).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(TAKEN_OVER_WITHIN));
    }

    /**
     * Within a transaction, or at any moment: by turns.
     *
     * @return was a transaction open then?
     */
    private static boolean kill(Deployment deployment, Instance instance, int number, Random random) {
        String transactions;
        boolean within = number % 2 == 0;
        if (within) {
            transactions = deployment.suspendWithinTransaction(instance, random);
        } else {
            transactions = deployment.transactionsOf(instance);
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
        }
        instance.kill();
        boolean open = deployment.isOpen(transactions);
        if (within) {
            assertThat(open).as("a transaction is open").isTrue();
        }
        return open;
    }
}
