package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** For long, at half of what two instances can do, one of them goes and comes back each minute; the other is watched. */
class SoakFaults {

    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("faults.soak-minutes", 30));
    private static final Duration WARM_UP =
            LENGTH.compareTo(Duration.ofMinutes(15)) < 0 ? Duration.ofMinutes(1) : Duration.ofMinutes(5);
    private static final double STORIES_PER_SECOND = 5;

    // The ramp: how long each step, by how much more than the one before, and how far.
    private static final Duration STEP = Duration.ofSeconds(15);
    private static final int FIRST_STEP = 500;
    private static final int LAST_STEP = 128_000;
    /** Of events that wait: so many seconds' worth is no backlog yet. */
    private static final double BEHIND_SECONDS = 2;

    /** In half an hour nothing smaller can be told from how the allocator breathes, and a day of it fits into any limit. */
    private static final double MIB_PER_HOUR = 10;

    /** Orders are kept for weeks: so much heap each takes, with its key and its place in the map, at most. */
    private static final double MIB_PER_ORDER = 2.0 / 1024;

    private static final double DESCRIPTORS_PER_HOUR = 10;

    private final Trend resident = new Trend();
    private final Trend live = new Trend();
    private final Trend descriptors = new Trend();

    @Test
    void runsForLongWhileOneOfTwoIsBouncedEachMinute() {
        Row row = new Row("soak of " + LENGTH.toMinutes() + " min, one of two bounced each minute");
        int most;
        double burdened;
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "soak.", 4);
                Burden burden = new Burden(deployment.topics, site.brokers.bootstrapServers(), site.registry.url())) {
            // All of the heap is resident from the start, and orders are kept in it: what grows beside it is a leak.
            Instance watched = fixed(deployment.instance("watched")).start();
            Instance bounced = fixed(deployment.instance("bounced")).start();
            watched.awaitReady();
            bounced.awaitReady();
            Traffic traffic = deployment.traffic(STORIES_PER_SECOND);

            most = mostPerSecond(deployment, burden);
            burden.rate(most / 2);
            awaitWorkedOff(deployment, most);

            long start = System.nanoTime();
            long sent = burden.sent();
            try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor()) {
                var watching = watch.scheduleAtFixedRate(
                        () -> sample(watched, Duration.ofNanos(System.nanoTime() - start)), 5, 10, TimeUnit.SECONDS);
                for (int minute = 1; minute <= LENGTH.toMinutes(); minute++) {
                    parkUntil(start + TimeUnit.MINUTES.toNanos(minute) - TimeUnit.SECONDS.toNanos(45));
                    long struck = System.nanoTime();
                    if (minute % 2 == 0) {
                        bounced.kill();
                    } else {
                        bounced.stop();
                    }
                    bounced.start();
                    row.recovered(traffic.awaitRecovery(struck, Duration.ofMinutes(2)));
                    bounced.awaitReady();
                }
                parkUntil(start + LENGTH.toNanos());
                assertThat(watching.isDone()).as("the watch broke down").isFalse();
                watching.cancel(false);
            }
            burdened = (burden.sent() - sent) / ((System.nanoTime() - start) / 1e9);
            burden.rate(0);
            row.judged(traffic.finish(Duration.ofMinutes(5)));
            watched.process().requireAlive();
        }
        Trend.Line memory = resident.after(WARM_UP);
        Trend.Line heap = live.after(WARM_UP);
        Trend.Line files = descriptors.after(WARM_UP);
        row.struck(String.format(
                        Locale.ROOT,
                        "%,.0f events/s and %.0f stories/s, at most %,d events/s; of the other, after %d min: resident MiB %s;"
                                + " live heap MiB %s; descriptors %s",
                        burdened,
                        STORIES_PER_SECOND,
                        most,
                        WARM_UP.toMinutes(),
                        memory,
                        heap,
                        files))
                .requireClean();
        assertThat(memory.isFlat(MIB_PER_HOUR)).as("resident MiB " + memory).isTrue();
        double orders = STORIES_PER_SECOND * 3600 * MIB_PER_ORDER;
        assertThat(heap.isFlat(MIB_PER_HOUR + orders))
                .as("live heap MiB " + heap)
                .isTrue();
        assertThat(files.isFlat(DESCRIPTORS_PER_HOUR))
                .as("descriptors " + files)
                .isTrue();
    }

    private static Instance fixed(Instance instance) {
        return instance.as(plan -> plan.heap("256m").option("-Xms256m").option("-XX:+AlwaysPreTouch"));
    }

    // --------------------------------------------------------------------------------------------------- the rate

    /** The last step up to which the backlog did not grow; half of the first, if it grew from there on. */
    private static int mostPerSecond(Deployment deployment, Burden burden) {
        int most = FIRST_STEP / 2;
        for (int rate = FIRST_STEP; rate <= LAST_STEP; rate *= 2) {
            burden.rate(rate);
            long sent = burden.sent();
            long start = System.nanoTime();
            parkUntil(start + STEP.toNanos());
            double told = (burden.sent() - sent) / ((System.nanoTime() - start) / 1e9);
            long behind = backlog(deployment);
            System.out.printf(
                    Locale.ROOT, "at %,d events/s: %,.0f/s were sent, %,d wait to be read%n", rate, told, behind);
            if (behind > rate * BEHIND_SECONDS) {
                break;
            }
            most = rate;
            if (told < 0.9 * rate) {
                // It is the sender that can do no more.
                most = (int) told;
                break;
            }
        }
        return most;
    }

    private static void awaitWorkedOff(Deployment deployment, int rate) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> backlog(deployment) < rate * BEHIND_SECONDS);
    }

    /** How many events of the inputs are not committed. */
    private static long backlog(Deployment deployment) {
        List<TopicPartition> inputs = deployment.topics.all(Topics.INPUTS);
        var done = Answer.of(deployment
                .admin
                .listConsumerGroupOffsets(deployment.topics.applicationId())
                .partitionsToOffsetAndMetadata());
        var ends = Answer.of(deployment
                .admin
                .listOffsets(inputs.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())))
                .all());
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue().offset()
                        - done.getOrDefault(end.getKey(), new OffsetAndMetadata(0))
                                .offset())
                .sum();
    }

    // --------------------------------------------------------------------------------------------------- the watch

    private void sample(Instance watched, Duration since) {
        resident.add(since, watched.process().residentKib() / 1024.0);
        descriptors.add(since, (double) watched.process().descriptors());
        collectGarbage(watched.process());
        double heap = watched.get("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        if (heap > 0) {
            live.add(since, heap / (double) (1 << 20));
        }
    }

    private static void collectGarbage(ChildJvm process) {
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.pid()),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void parkUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
