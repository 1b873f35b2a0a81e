package io.ordersync.bench;

import io.ordersync.bench.Reacting.Reaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How soon the service calls a parcel back, by how often it commits, beside a bare transactional copy ({@link FloorMain}) that
 * writes records of the same sizes. What is measured stands at {@link Reacting}. The machine is not to be busy: the report
 * says how much of it was idle.
 *
 * <p>Settings, each a system property: {@code bench.rate} (500 events a second, 120 at least), {@code bench.warm-up} (60) and
 * {@code bench.seconds} (120) of each run, {@code bench.rounds} (3), {@code bench.partitions} (4), {@code bench.heap} (1g),
 * and {@code bench.candidates} (all; their names, with commas between). At least twenty events a second make a race, which is
 * more than of a real load, so that there are enough of them.
 */
class LatencyBenchmark {

    private static final String INPUTS = "in.";
    private static final double RACES_PER_SECOND = 20;
    private static final double[] QUANTILES = {0.5, 0.99, 0.999};

    @Test
    void comparesHowSoonParcelsAreCalledBack() {
        int rate = Integer.getInteger("bench.rate", 500);
        int warmUp = Integer.getInteger("bench.warm-up", 60);
        int seconds = Integer.getInteger("bench.seconds", 120);
        int rounds = Integer.getInteger("bench.rounds", 3);
        int partitions = Integer.getInteger("bench.partitions", 4);
        double share = Math.max(Load.RACES_OF_REFUNDS, RACES_PER_SECOND * Load.EVENTS_PER_REFUND / rate);
        if (share > 1) {
            throw new IllegalArgumentException("bench.rate: " + rate + " events a second hold too few refunds");
        }
        try (Site site = new Site(partitions, System.getProperty("bench.heap", "1g"))) {
            Load load = new Load(rate * (warmUp + seconds), Site.SEED, site.encoder(), share);
            site.send(load, INPUTS, 0);
            List<Place.Written> model = new CatchingUp(site, load, INPUTS).model(Service.with());
            Reacting run = new Reacting(site, load, rate, rate * warmUp);
            Map<String, List<Reaction>> reactions =
                    Turns.take(Candidate.chosen(candidates(load, model)), rounds, run::measure);
            System.out.printf(
                    "%n%,d events/s on %d partitions, for %d s after %d s that do not count; %d rounds, each candidate"
                            + " found all races once%n"
                            + "ms from the send of the second event to the command: median of the rounds (min-max)%n",
                    rate, partitions, seconds, warmUp, rounds);
            reactions.forEach((name, each) -> System.out.println(line(name, each)));
        }
    }

    private static Map<String, Candidate> candidates(Load load, List<Place.Written> model) {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        for (int millis : new int[] {20, 250, 1_000}) {
            candidates.put(
                    "ours " + millis + " ms",
                    Service.with("--spring.kafka.streams.properties.commit.interval.ms=" + millis));
        }
        for (int millis : new int[] {20, 250}) {
            Map<String, String> settings = StreamSettings.ofTheService();
            settings.put("commit.interval.ms", Integer.toString(millis));
            candidates.put("copy " + millis + " ms", new Floor(load, model, settings));
        }
        return candidates;
    }

    private static String line(String name, List<Reaction> rounds) {
        StringBuilder line = new StringBuilder(String.format("%-14s", name));
        for (double share : QUANTILES) {
            Spread spread = Spread.of(rounds.stream().mapToDouble(round -> round.quantile(share)));
            line.append(String.format(
                    "  p%s %7.1f (%.1f-%.1f)",
                    Double.toString(share * 100).replaceAll("\\.0$", ""), spread.median(), spread.min(), spread.max()));
        }
        Spread cpu = Spread.of(rounds.stream().mapToDouble(Reaction::cpu));
        Spread idle = Spread.of(rounds.stream().mapToDouble(Reaction::idle));
        Spread others = Spread.of(rounds.stream().mapToDouble(Reaction::others));
        return line.append(String.format(
                        "  of %,d  CPUs %.2f  machine idle %.0f-%.0f %%  others' CPUs %.2f-%.2f",
                        rounds.stream().mapToInt(round -> round.millis().length).sum(),
                        cpu.median(),
                        idle.min() * 100,
                        idle.max() * 100,
                        others.min(),
                        others.max()))
                .toString();
    }
}
