package io.ordersync.bench;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What strays cost, and what those pay who have none. Settings, each a system property: {@code bench.events} (600,000),
 * {@code bench.rounds} (3), and {@code bench.against}, a directory with the classes of another build of the service that
 * takes part.
 */
class StraysBenchmark {

    private static final int PARTITIONS = 4;
    private static final String NONE = "0 % strays";

    @Test
    void comparesStraysWithEventsThatAreAtHome() {
        int events = Integer.getInteger("bench.events", 600_000);
        int rounds = Integer.getInteger("bench.rounds", 3);
        String against = System.getProperty("bench.against");
        try (Site site = new Site(PARTITIONS, "1g")) {
            Load load = new Load(events, Site.SEED, site.encoder());
            Comparison comparison = new Comparison();
            for (double share : new double[] {0, 0.01, 1}) {
                String inputs = "strays-" + share + '.';
                int strays = site.send(load, inputs, share);
                CatchingUp run = new CatchingUp(site, load, inputs);
                Service service = new Service("target/classes", strays, List.of());
                comparison.add(String.format("%.0f %% strays", share * 100), () -> run.measure(service));
                if (share == 0 && against != null) {
                    Service other = new Service(against, 0, List.of());
                    comparison.add("0 % strays, the other build", () -> run.measure(other));
                }
            }
            comparison.warmUp();
            String table = comparison.run(rounds, List.of(NONE));
            System.out.printf(
                    "%n%,d events, %d partitions, %,d races; %d rounds, each candidate found all of them once%n%s%n",
                    load.size(), PARTITIONS, load.races().size(), rounds, table);
        }
    }
}
