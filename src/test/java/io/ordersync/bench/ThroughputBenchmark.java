package io.ordersync.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How fast the service catches up, beside what others would write for the same events: a bare transactional copy, below which
 * no program that is exactly once can get with these clients ({@link FloorMain}), and Kafka Streams' DSL ({@link JoinMain})
 * with the service's settings of the clients and as it comes.
 *
 * <p>All have the same records before them, the same heap, one thread, the same broker in a process of its own, and each must
 * have called back the parcels of all races, once; but the DSL as it comes sends many commands twice, since its caches hold both
 * sides of a join. They do not do the same: the DSL's knows less (see there), and so it
 * writes no locks and no cases. The registry is in this JVM and is asked once for each schema. Nothing is replicated, and the
 * network is the loopback: a cluster would be slower for all of them.
 *
 * <p>Settings, each a system property: {@code bench.events} (5,000,000), {@code bench.rounds} (5), {@code bench.partitions}
 * (4), {@code bench.heap} (3g: five million orders are more than a gigabyte in the memory store), {@code bench.candidates}
 * (all; their names, with commas between), and {@code bench.settings}, further settings of the service with the memory store
 * to be compared, as {@code name:--a=b,--c=d;name:…}.
 */
class ThroughputBenchmark {

    private static final String INPUTS = "in.";
    private static final String FLOOR = "floor";
    private static final String OURS = "ours memory";
    private static final String OURS_ON_DISK = "ours RocksDB";
    private static final String JOIN = "DSL";
    private static final String JOIN_AS_IT_COMES = "DSL as it comes";
    private static final String MEMORY = "--order-sync.state.store=memory";

    @Test
    void comparesTheServiceWithItsPeers() {
        int events = Integer.getInteger("bench.events", 5_000_000);
        int rounds = Integer.getInteger("bench.rounds", 5);
        int partitions = Integer.getInteger("bench.partitions", 4);
        String heap = System.getProperty("bench.heap", "3g");
        try (Site site = new Site(partitions, heap)) {
            Load load = new Load(events, Site.SEED, site.encoder());
            site.send(load, INPUTS, 0);
            CatchingUp run = new CatchingUp(site, load, INPUTS);
            List<Place.Written> model = run.model(Service.with(MEMORY));
            Comparison comparison = new Comparison();
            withVariants(Candidate.chosen(candidates(load, model)))
                    .forEach((name, candidate) -> comparison.add(name, () -> run.measure(candidate)));
            String table = comparison.run(rounds, List.of(FLOOR, JOIN_AS_IT_COMES));
            System.out.printf(
                    "%n%,d events, %d partitions, %,d races, heap %s; %d rounds, each candidate found all of them%n%s%n",
                    load.size(), partitions, load.races().size(), heap, rounds, table);
        }
    }

    private static Map<String, Candidate> candidates(Load load, List<Place.Written> model) {
        Map<String, String> settings = StreamSettings.ofTheService();
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        candidates.put(FLOOR, new Floor(load, model, settings));
        candidates.put(OURS, Service.with(MEMORY));
        candidates.put(OURS_ON_DISK, Service.with("--order-sync.state.store=rocksdb"));
        candidates.put(JOIN, new Join(settings));
        candidates.put(JOIN_AS_IT_COMES, new Join(Map.of()));
        return candidates;
    }

    private static Map<String, Candidate> withVariants(Map<String, Candidate> candidates) {
        Map<String, Candidate> all = new LinkedHashMap<>(candidates);
        Arrays.stream(System.getProperty("bench.settings", "").split(";", -1))
                .filter(variant -> !variant.isEmpty())
                .forEach(variant -> addVariant(all, variant));
        return all;
    }

    private static void addVariant(Map<String, Candidate> candidates, String variant) {
        int colon = variant.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("bench.settings: " + variant + " is not <name>:<settings>");
        }
        List<String> settings = new ArrayList<>(List.of(MEMORY));
        settings.addAll(List.of(variant.substring(colon + 1).split(",", -1)));
        candidates.put(OURS + ' ' + variant.substring(0, colon), Service.with(settings.toArray(String[]::new)));
    }
}
