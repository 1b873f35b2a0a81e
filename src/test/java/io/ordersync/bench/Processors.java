package io.ordersync.bench;

import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What the processors of this machine had done by a moment, as Linux tells, to a hundredth of a second.
 *
 * @param nanos of {@link System#nanoTime}
 * @param idle seconds of all processors, waiting for the disk too
 * @param busy seconds of all processors, also those that a hypervisor kept
 * @param candidate seconds that the candidate's process used of them
 * @param ours seconds that the broker, the candidate and this JVM used of them
 */
record Processors(long nanos, double idle, double busy, double candidate, double ours) {

    /** USER_HZ, which is the same on all machines that Java runs on. */
    private static final double TICKS = 100;

    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISK = 4;
    /** After it come guests, who are counted as users already. */
    private static final int STOLEN = 7;

    static Processors now(Site site, ChildJvm candidate) {
        double[] ticks = ticks();
        double idle = ticks[IDLE] + ticks[WAITING_FOR_DISK];
        double all = Arrays.stream(ticks, 0, STOLEN + 1).sum();
        double used = seconds(candidate.cpu());
        Duration own = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        return new Processors(
                System.nanoTime(),
                idle / TICKS,
                (all - idle) / TICKS,
                used,
                used + seconds(site.broker().cpu()) + seconds(own));
    }

    private static double[] ticks() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/stat"));
            return Arrays.stream(lines.getFirst().split("\\s+", -1))
                    .skip(1)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    double secondsSince(Processors earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    double candidateSince(Processors earlier) {
        return candidate - earlier.candidate;
    }

    /** The share of the machine that nobody used, from 0 to 1. */
    double idleSince(Processors earlier) {
        double idled = idle - earlier.idle;
        return idled / (idled + busy - earlier.busy);
    }

    /** How many processors others kept busy: neither the broker nor the candidate nor this JVM, but the kernel too. */
    double othersSince(Processors earlier) {
        return Math.max(0, busy - earlier.busy - (ours - earlier.ours)) / secondsSince(earlier);
    }
}
