package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of the machine that the service runs on is wrong; those of the brokers and of all others are right. */
class ClockFaults {

    private static final Duration UNDER_LOAD = Duration.ofSeconds(Integer.getInteger("faults.clock.seconds", 60));
    private static final int CHANGES = Integer.getInteger("faults.clock.changes", 4);

    /** A broker takes no record whose time is more than an hour after its own. */
    @ParameterizedTest
    @ValueSource(ints = {-61, -59, 59})
    void theClockIsWrong(int minutes) {
        Row row = new Row("the service's clock is " + Math.abs(minutes) + " minutes "
                + (minutes < 0 ? "behind" : "ahead of") + " all others");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "clock.", 4)) {
            Instance only =
                    withClock(site, deployment.instance("only"), minutes).start();
            long started = System.nanoTime();
            Traffic traffic = deployment.trafficWhileNobodyAnswers(20, false);
            row.recovered(traffic.awaitRecovery(started, Duration.ofMinutes(2)));
            Duration ahead = only.clockAhead();
            assertThat(ahead).isBetween(Duration.ofMinutes(minutes - 1L), Duration.ofMinutes(minutes + 1L));
            row.struck("its HTTP answers are dated " + ahead);
            LockSupport.parkNanos(UNDER_LOAD.toNanos());
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.requireClean();
    }

    /** What it sends is refused: it must not go on without having sent it, and all is there for one with another clock. */
    @Test
    void theClockIsFurtherAheadThanTheBrokerTakes() {
        Row row = new Row("the service's clock is 61 minutes ahead: the broker refuses what it sends");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "clock.", 4)) {
            Instance only = deployment.instance("only").start().awaitReady();
            Traffic traffic = deployment.trafficWhileNobodyAnswers(20, false);
            traffic.awaitAnswersFromNow();
            only.stop();
            withClock(site, only, 61).start();
            String said;
            try (Platform platform = new Platform(only)) {
                LockSupport.parkNanos(UNDER_LOAD.toNanos());
                said = platform.said();
                row.struck(occurrences(said, "InvalidTimestampException")
                        + " times a record was refused, it ended with " + platform.codes());
            }
            assertThat(said).contains("InvalidTimestampException");
            only.kill();
            withClock(site, only, 0).start();
            row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(2)));
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.requireClean();
    }

    /** One whose clock is right takes over from one an hour ahead, and back, under load. */
    @Test
    void theClockJumps() {
        Row row = new Row("instances with a right clock and one 59 minutes ahead take over from each other");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "clock.", 4)) {
            Instance right = deployment.instance("right").start().awaitReady();
            Instance ahead = withClock(site, deployment.instance("ahead"), 59);
            Traffic traffic = deployment.trafficWhileNobodyAnswers(20, false);
            traffic.awaitAnswersFromNow();
            // The last is ahead: what it waits for falls due at once, and what others wait for has fallen due.
            for (int i = 0; i < CHANGES; i++) {
                (i % 2 == 0 ? right : ahead).kill();
                long killed = System.nanoTime();
                (i % 2 == 0 ? ahead : right).start();
                row.recovered(traffic.awaitRecovery(killed, Duration.ofMinutes(2)));
                LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
                if (i % 2 == 0) {
                    assertThat(ahead.clockAhead()).isGreaterThan(Duration.ofMinutes(58));
                }
            }
            if (CHANGES % 2 == 0) {
                right.kill();
                ahead.start();
            }
            row.judged(traffic.finish(Duration.ofMinutes(4)));
        }
        row.struck("by its HTTP answers the one is 59 minutes ahead").requireClean();
    }

    /** The clock of a process that runs is put forward and back, by an hour. */
    @Test
    void theClockOfARunningProcessIsPut() {
        Row row = new Row("the clock of a running process is put 50 minutes forward and back");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "clock.", 4)) {
            WallClock clock = new WallClock(site.directory);
            Instance only = deployment
                    .instance("only")
                    .as(plan -> clock.in(plan.heap("384m")))
                    .start()
                    .awaitReady();
            Traffic traffic = deployment.trafficWhileNobodyAnswers(20, false);
            traffic.awaitAnswersFromNow();
            try (Platform platform = new Platform(only)) {
                for (int minutes : new int[] {50, 0, 50}) {
                    clock.put(Duration.ofMinutes(minutes));
                    long struck = System.nanoTime();
                    row.recovered(traffic.awaitRecovery(struck, Duration.ofMinutes(3)));
                    LockSupport.parkNanos(Duration.ofSeconds(10).toNanos());
                    row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(3)));
                }
                assertThat(only.clockAhead()).isGreaterThan(Duration.ofMinutes(49));
                row.judged(traffic.finish(Duration.ofMinutes(5)));
                row.struck("by its HTTP answers it is 50 minutes ahead; ended with " + platform.codes());
                // Forward it goes on, back it can't.
                assertThat(platform.codes()).containsExactly(70);
            }
        }
        row.requireClean();
    }

    private static Instance withClock(Site site, Instance instance, int minutes) {
        WallClock clock = new WallClock(site.directory);
        clock.put(Duration.ofMinutes(minutes));
        return instance.as(plan -> clock.in(plan.heap("384m")));
    }

    private static int occurrences(String text, String what) {
        return text.split(what, -1).length - 1;
    }
}
