package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.Answer;
import io.ordersync.faults.Namespace.Cut;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
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

    /** After the others have become leaders. With Kafka's default timeouts the service needed two minutes. */
    private static final Duration GOES_ON = Duration.ofSeconds(60);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @ParameterizedTest
    @EnumSource
    void theOnlyInstanceIsCutOff(Cut cut) {
        Row row = new Row("only instance cut off, " + cut.name().toLowerCase(Locale.ROOT));
        long dropped = 0;
        try (Namespace namespace = new Namespace();
                Site site = site(directory -> new Brokers(1, Namespace.HERE, directory));
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
                Site site = site(directory -> new Brokers(1, Namespace.HERE, directory));
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

    /** From the other brokers and from all clients. Its disk is as it was, and it does not know that it leads nothing any more. */
    @ParameterizedTest
    @EnumSource
    void oneOfThreeBrokersIsCutOff(Cut cut) {
        Row row = new Row("one of three brokers cut off, " + cut.name().toLowerCase(Locale.ROOT));
        long dropped = 0;
        long led = 0;
        Duration longest = Duration.ZERO;
        try (Namespace namespace = new Namespace();
                Site site = site(directory ->
                        new Brokers(3, Namespace.HERE, directory).at(0, Namespace.THERE, Namespace::inside));
                Deployment deployment = new Deployment(site, "broker.", 4)) {
            // Two: what one of them asks the silent broker, the other waits for.
            Instance one = deployment.instance("one").at(Namespace.HERE).start();
            Instance other = deployment.instance("other").at(Namespace.HERE).start();
            one.awaitReady();
            other.awaitReady();
            Traffic traffic = deployment.traffic(10);
            for (int i = 0; i < CUTS; i++) {
                site.brokers.awaitLeading(0);
                led += site.brokers.ledBy(0);
                namespace.cut(cut);
                long struck = System.nanoTime();
                site.brokers.awaitLedByOthersThan(0);
                Duration moved = Duration.ofNanos(System.nanoTime() - struck);
                longest = moved.compareTo(longest) > 0 ? moved : longest;
                Duration recovery = traffic.awaitRecovery(struck, PATIENCE);
                row.recovered(recovery);
                assertThat(recovery.minus(moved)).as("goes on with the others").isLessThan(GOES_ON);
                LockSupport.parkNanos(struck + CUT.toNanos() - System.nanoTime());
                dropped += namespace.mend();
                traffic.awaitRecovery(System.nanoTime(), PATIENCE);
            }
            site.brokers.awaitInSync();
            row.judged(traffic.finish(PATIENCE));
            one.process().requireAlive();
            other.process().requireAlive();
            row.struck(dropped + " packets thrown away; it led " + led + " partitions, and none after at most "
                            + longest.toSeconds() + " s; " + Deaths.of(one) + ", of the other " + Deaths.of(other))
                    .requireClean();
            assertThat(dropped).isPositive();
        }
    }

    /** Where both this host and the other can reach it. */
    private static Site site(Function<Path, Brokers> brokers) {
        return new Site(Namespace.HERE, directory -> {
            Brokers made = brokers.apply(directory);
            made.startAll();
            return made;
        });
    }

    /** How many the instance in the namespace reads. */
    private static long partitionsThere(Deployment deployment) {
        String group = deployment.topics.applicationId();
        return Objects.requireNonNull(Answer.of(deployment
                                .admin
                                .describeConsumerGroups(List.of(group))
                                .all())
                        .get(group))
                .members()
                .stream()
                .filter(member -> member.host().equals('/' + Namespace.THERE))
                .mapToLong(member -> member.assignment().topicPartitions().size())
                .sum();
    }
}
