package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The short form of {@code ./mvnw verify -Pfaults}: one of two instances is killed within a transaction, the other one stops. */
class ShortFaultsTest {

    private static final int TRIES = 200;

    @Test
    void nothingIsLostAndNothingIsTwiceWhenOneIsKilledAndTheOtherStops() {
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "short.", 2)) {
            List<Instance> two = deployment.startTogether(2);
            Traffic traffic = deployment.traffic(15);

            Instance killed = two.getFirst();
            killWithinTransaction(deployment, killed);
            killed.start().awaitReady();
            traffic.awaitAnswersFromNow();
            deployment.awaitTasksOf(2);

            two.getLast().stop();
            traffic.awaitAnswersFromNow();

            Verdict verdict = traffic.finish(Duration.ofMinutes(2));
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        }
    }

    /** Stands still until that is within a transaction: from there on it can't end it. */
    private static void killWithinTransaction(Deployment deployment, Instance instance) {
        String transactions = deployment.transactionsOf(instance);
        for (int i = 0; i < TRIES; i++) {
            instance.process().suspend();
            if (deployment.isOpen(transactions)) {
                instance.kill();
                assertThat(deployment.isOpen(transactions)).isTrue();
                return;
            }
            instance.process().resume();
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new AssertionError("it was never within a transaction");
    }
}
