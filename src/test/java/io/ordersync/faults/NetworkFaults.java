package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.faults.Namespace.Cut;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The network between an instance and the brokers is cut, for longer than its session and its transactions last, and comes
 * back: the instance goes on by itself. Needs root, iproute2 and iptables.
 */
class NetworkFaults {

    private static final Duration CUT = Duration.ofSeconds(Integer.getInteger("faults.cut-seconds", 45));
    private static final int CUTS = Integer.getInteger("faults.cuts", 3);
    /** The session timeout and five seconds. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @ParameterizedTest
    @EnumSource
    void theOnlyInstanceIsCutOff(Cut cut) {
        Row row = new Row("only instance cut off, " + cut.name().toLowerCase(Locale.ROOT));
        long dropped = 0;
        try (Namespace namespace = new Namespace();
                Site site = new Site(Namespace.HERE, directory -> {
                    Brokers brokers = new Brokers(1, Namespace.HERE, directory);
                    brokers.startAll();
                    return brokers;
                });
                Deployment deployment = new Deployment(site, "cut.", 4)) {
            Instance only =
                    namespace.withIn(deployment.instance("only")).start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < CUTS; i++) {
                namespace.cut(cut);
                LockSupport.parkNanos(CUT.toNanos());
                long packets = namespace.mend();
                long mended = System.nanoTime();
                assertThat(packets).as("packets thrown away").isPositive();
                dropped += packets;
                row.recovered(traffic.awaitRecovery(mended, PATIENCE));
            }
            row.judged(traffic.finish(PATIENCE));
            only.process().requireAlive();
            row.struck(dropped + " packets thrown away; " + Deaths.of(only)).requireClean();
        }
    }

    @Test
    void theOtherInstanceTakesOver() {
        Row row = new Row("one of two instances cut off");
        long dropped = 0;
        try (Namespace namespace = new Namespace();
                Site site = new Site(Namespace.HERE, directory -> {
                    Brokers brokers = new Brokers(1, Namespace.HERE, directory);
                    brokers.startAll();
                    return brokers;
                });
                Deployment deployment = new Deployment(site, "over.", 4)) {
            Instance there =
                    namespace.withIn(deployment.instance("there")).start().awaitReady();
            Instance here = deployment.instance("here").start().awaitReady();
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < CUTS; i++) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> partitionsThere(deployment), partitions -> partitions > 0);
                namespace.cut(Cut.BOTH);
                long struck = System.nanoTime();
                Duration recovery = traffic.awaitRecovery(struck, PATIENCE);
                assertThat(partitionsThere(deployment))
                        .as("partitions of the one cut off")
                        .isZero();
                row.recovered(recovery);
                LockSupport.parkNanos(struck + CUT.toNanos() - System.nanoTime());
                dropped += namespace.mend();
                long mended = System.nanoTime();
                traffic.awaitRecovery(mended, PATIENCE);
                assertThat(recovery).as("taken over").isLessThanOrEqualTo(TAKEN_OVER);
            }
            row.judged(traffic.finish(PATIENCE));
            there.process().requireAlive();
            here.process().requireAlive();
            row.struck(dropped + " packets thrown away; of the one cut off " + Deaths.of(there))
                    .requireClean();
            assertThat(dropped).isPositive();
        }
    }

    /** How many the instance in the namespace reads. */
    private static long partitionsThere(Deployment deployment) {
        String group = deployment.topics.applicationId();
        try {
            return Objects.requireNonNull(deployment
                            .admin
                            .describeConsumerGroups(List.of(group))
                            .all()
                            .get()
                            .get(group))
                    .members()
                    .stream()
                    .filter(member -> member.host().equals('/' + Namespace.THERE))
                    .mapToLong(member -> member.assignment().topicPartitions().size())
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
