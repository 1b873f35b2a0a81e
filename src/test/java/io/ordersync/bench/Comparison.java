package io.ordersync.bench;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Candidates that catch up in turns, and a table of what came of it. */
final class Comparison {

    /**
     * One run of a candidate.
     *
     * @param perSecond events handled, in the time measured
     * @param coldPerSecond the same from its first commit on
     * @param cpuPerMillion seconds of all processors, in the process of the candidate, for a million events
     * @param others processors that neither broker nor candidate nor benchmark used, though they were busy
     */
    record Measured(double perSecond, double coldPerSecond, double cpuPerMillion, double others) {}

    private record Round(Measured measured, double load) {

        @Override
        public String toString() {
            return String.format("%,.0f events/s", measured.perSecond);
        }
    }

    private final Map<String, Supplier<Measured>> candidates = new LinkedHashMap<>();

    void add(String name, Supplier<Measured> candidate) {
        candidates.put(name, candidate);
    }

    /** One run of the first candidate that does not count. */
    void warmUp() {
        Measured first = candidates.values().iterator().next().get();
        System.out.printf("the first run, which does not count: %,.0f events/s%n", first.perSecond());
    }

    /**
     * So many rounds.
     *
     * @param against with whose median each is compared, where they take part
     * @return the table
     */
    String run(int count, List<String> against) {
        Map<String, List<Round>> rounds = Turns.take(candidates, count, Comparison::run);
        Map<String, Double> medians = new LinkedHashMap<>();
        against.stream()
                .filter(rounds::containsKey)
                .forEach(name -> medians.put(
                        name,
                        spread(rounds.getOrDefault(name, List.of()), Measured::perSecond)
                                .median()));
        StringBuilder table =
                new StringBuilder(String.format("%-34s %16s %19s", "candidate", "events/s, median", "min-max"));
        medians.keySet().forEach(name -> table.append(String.format("  %s = 1", name)));
        table.append(String.format(
                "  %17s %15s %13s %14s%n", "CPU s per million", "from 1st commit", "load average", "others' CPUs"));
        rounds.forEach((name, all) -> table.append(line(name, all, medians)));
        return table.toString();
    }

    private static Round run(Supplier<Measured> candidate) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return new Round(candidate.get(), load);
    }

    private static String line(String name, List<Round> rounds, Map<String, Double> medians) {
        Spread speed = spread(rounds, Measured::perSecond);
        Spread others = spread(rounds, Measured::others);
        Spread load = Spread.of(rounds.stream().mapToDouble(Round::load));
        StringBuilder line = new StringBuilder(
                String.format("%-34s %,16.0f %,9.0f-%,9.0f", name, speed.median(), speed.min(), speed.max()));
        medians.forEach((other, median) ->
                line.append(String.format("  %" + (other.length() + 4) + ".2f", speed.median() / median)));
        return line.append(String.format(
                        "  %17.2f %,15.0f %6.1f-%6.1f %7.2f-%6.2f%n",
                        spread(rounds, Measured::cpuPerMillion).median(),
                        spread(rounds, Measured::coldPerSecond).median(),
                        load.min(),
                        load.max(),
                        others.min(),
                        others.max()))
                .toString();
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Measured> value) {
        return Spread.of(rounds.stream().map(Round::measured).mapToDouble(value));
    }
}
