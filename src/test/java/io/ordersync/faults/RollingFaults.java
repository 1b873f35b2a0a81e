package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Instances come and go under load, as in a release, a scale-out, or a node that flaps. */
class RollingFaults {

    private static final int ROUNDS = Integer.getInteger("faults.rounds", 2);
    private static final Duration STORM = Duration.ofSeconds(Integer.getInteger("faults.stormSeconds", 120));
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final int STOCK = Integer.getInteger("faults.stock", 20_000);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String ROCKSDB = "--order-sync.state.store=rocksdb";
    /** How many records of a changelog Kafka Streams read to have a store again. */
    private static final Pattern RESTORED = Pattern.compile(
            "Finished restoring changelog \\S+-orders-changelog-\\d+ to store \\S+ with a total number of (\\d+) records");

    @Test
    void threeInstancesAreStartedAgainOneAfterTheOther() {
        Row row = new Row("rolling restart of three instances");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "rolling.", 4)) {
            List<Instance> three = deployment.startTogether(3);
            Traffic traffic = deployment.traffic(10);
            List<Long> stops = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (Instance each : three) {
                    stops.add(System.nanoTime());
                    each.stop();
                    // As a platform does: the next one as soon as this one says that it is ready.
                    each.start().awaitReady();
                }
            }
            stops.forEach(stop -> row.recovered(traffic.awaitRecovery(stop, PATIENCE)));
            row.judged(traffic.finish(PATIENCE));
            row.struck("each ended with 143, " + ROUNDS + " rounds").requireClean();
        }
    }

    @Test
    void aStormOfRebalances() {
        Row row = new Row("an instance comes or goes every 5 s for " + STORM.toSeconds() + " s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "storm.", 4)) {
            List<Instance> slots = deployment.startTogether(3);
            Traffic traffic = deployment.traffic(10);
            List<Long> strikes = new ArrayList<>();
            int killed = 0;
            int asked = 0;
            long begun = System.nanoTime();
            for (int i = 0; System.nanoTime() - begun < STORM.toNanos(); i++) {
                long next = System.nanoTime() + BETWEEN.toNanos();
                // The first stays; of the others, one comes back when another goes.
                Instance struck = slots.get(1 + i % 2);
                strikes.add(System.nanoTime());
                if (!struck.isAlive()) {
                    struck.start();
                } else if ((i / 4) % 2 == 0) {
                    struck.process().terminate();
                    asked++;
                } else {
                    struck.kill();
                    killed++;
                }
                LockSupport.parkNanos(next - System.nanoTime());
            }
            slots.stream().filter(each -> !each.isAlive()).forEach(Instance::start);
            strikes.forEach(strike -> row.recovered(traffic.awaitRecovery(strike, PATIENCE)));
            row.judged(traffic.finish(PATIENCE));
            row.struck(asked + " times SIGTERM, " + killed + " times kill -9, and as often a start")
                    .requireClean();
            assertThat(asked).isPositive();
            assertThat(killed).isPositive();
        }
    }

    @Test
    void theOnlyInstanceStopsAndLeavesACleanState() {
        Row stopped = new Row("SIGTERM of the only instance, " + STOCK + " orders in RocksDB");
        Row killed = new Row("kill -9 of the only instance, " + STOCK + " orders in RocksDB");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "clean.", 4)) {
            Instance only = deployment.startTogether(1, ROCKSDB).getFirst();
            Stock stock = new Stock(deployment.topics, site.brokers.bootstrapServers(), site.registry.url(), 1);
            stock.tell(STOCK);
            stock.awaitRemembered(deployment.admin);
            Traffic traffic = deployment.traffic(20);

            long begun = System.nanoTime();
            only.stop();
            Duration stop = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(deployment.openTransactions()).isEmpty();
            only.start();
            stopped.recovered(traffic.awaitRecovery(begun, PATIENCE));
            long restored = restored(only);
            stopped.struck("ended with 143 after " + stop.toMillis() + " ms, no transaction open; restored " + restored
                    + " records");

            only.kill();
            begun = System.nanoTime();
            only.start();
            killed.recovered(traffic.awaitRecovery(begun, PATIENCE));
            long restoredAfterKill = restored(only);
            killed.struck("restored " + restoredAfterKill + " records");

            Verdict verdict = traffic.finish(PATIENCE);
            stopped.judged(verdict).requireClean();
            killed.judged(verdict).requireClean();
            // What it wrote last is in the changelog and on disk.
            assertThat(restored).isLessThan(STOCK / 100);
            System.out.println("after kill -9 it restored " + restoredAfterKill + " records");
        }
    }

    private static long restored(Instance instance) {
        return RESTORED.matcher(instance.process().said())
                .results()
                .mapToLong(each -> Long.parseLong(each.group(1)))
                .sum();
    }
}
