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

/** An instance is ended at once, as by kill -9, by the kernel's out-of-memory killer or by a power cut. */
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
        assertThat(open).isPositive();
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
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
                only.kill();
                long killed = System.nanoTime();
                open += deployment.openTransactions().isEmpty() ? 0 : 1;
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
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
                Instance struck = two.get(i % 2);
                String transactions = deployment.transactionsOf(struck);
                struck.kill();
                long killed = System.nanoTime();
                open += deployment.isOpen(transactions) ? 1 : 0;
                struck.start();
                Duration recovery = traffic.awaitRecovery(killed, Duration.ofMinutes(2));
                recoveries.add(recovery);
                row.recovered(recovery);
                struck.awaitReady();
            }
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.struck("in " + open + " its transaction was open").requireClean();
        assertThat(open).isPositive();
        assertThat(recoveries).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(TAKEN_OVER_WITHIN));
    }
}
