package io.ordersync.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** Candidates in turns, so that what else goes on on the machine meets all of them, and a table of what came of it. */
final class Comparison {

    /**
     * One run of a candidate.
     *
     * @param events handled in the time measured
     * @param seconds wall clock
     * @param cpuSeconds of all processors, in the process of the candidate
     */
    record Measured(long events, double seconds, double cpuSeconds) {

        double perSecond() {
            return events / seconds;
        }

        double cpuPerMillion() {
            return cpuSeconds / events * 1e6;
        }
    }

    private record Round(Measured measured, double load) {}

    private final Map<String, Supplier<Measured>> candidates = new LinkedHashMap<>();
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    /** The first one is what the others are compared with. */
    void add(String name, Supplier<Measured> candidate) {
        candidates.put(name, candidate);
        rounds.put(name, new ArrayList<>());
    }

    /** One run of the first candidate that does not count, and then so many rounds. */
    void run(int count) {
        Measured first = candidates.values().iterator().next().get();
        System.out.printf("the first run, which does not count: %,.0f events/s%n", first.perSecond());
        for (int round = 0; round < count; round++) {
            candidates.forEach((name, candidate) -> {
                double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
                List<Round> done = rounds.get(name);
                if (done != null) {
                    done.add(new Round(candidate.get(), load));
                }
            });
        }
    }

    String table() {
        StringBuilder table = new StringBuilder(String.format(
                "%-34s %16s %19s %7s %17s %12s%n",
                "candidate", "events/s, median", "min-max", "ratio", "CPU s per million", "load average"));
        double first = 0;
        for (Map.Entry<String, List<Round>> candidate : rounds.entrySet()) {
            List<Round> all = candidate.getValue();
            double[] speeds =
                    sorted(all.stream().mapToDouble(round -> round.measured().perSecond()));
            double[] cpu =
                    sorted(all.stream().mapToDouble(round -> round.measured().cpuPerMillion()));
            double[] loads = sorted(all.stream().mapToDouble(Round::load));
            first = first == 0 ? median(speeds) : first;
            table.append(String.format(
                    "%-34s %,16.0f %,9.0f-%,9.0f %7.2f %17.2f %5.1f-%6.1f%n",
                    candidate.getKey(),
                    median(speeds),
                    speeds[0],
                    speeds[speeds.length - 1],
                    median(speeds) / first,
                    median(cpu),
                    loads[0],
                    loads[loads.length - 1]));
        }
        return table.toString();
    }

    private static double[] sorted(DoubleStream values) {
        return values.sorted().toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
