package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The short form of {@code ./mvnw verify -Pfaults}: one of two instances is killed within a transaction, the other one stops. */
class ShortFaultsTest {

    @Test
    void nothingIsLostAndNothingIsTwiceWhenOneIsKilledAndTheOtherStops() {
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "short.", 2)) {
            List<Instance> two = deployment.startTogether(2);
            Traffic traffic = deployment.traffic(15);

            Instance killed = two.getFirst();
            String transactions = deployment.suspendWithinTransaction(killed, new Random(7));
            killed.kill();
            assertThat(deployment.isOpen(transactions)).isTrue();
            killed.start().awaitReady();
            traffic.awaitAnswersFromNow();
            deployment.awaitTasksOf(2);

            two.getLast().stop();
            traffic.awaitAnswersFromNow();

            Verdict verdict = traffic.finish(Duration.ofMinutes(2));
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        }
    }
}
