package io.ordersync.bench;

import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.process.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What becomes of the service as a shop grows: its speed with more orders, threads, partitions, parcels of an order, and with
 * one order that has half of all events; and how long it takes to start, and to start again after it was killed. What is
 * compared runs in turns, each run finds all that there is to find, and nothing else. Settings, each a system property:
 *
 * <ul>
 *   <li>{@code bench.rows} (all), some of orders, threads, partitions, parcels, hotkey, restore, start
 *   <li>{@code bench.orders} (100000,1000000,10000000) that are there in the rows of orders and restore
 *   <li>{@code bench.stock} (1,000,000) orders that are there in the other rows; in that of the parcels, twice as many parcels
 *   <li>{@code bench.warm-up} (600,000) events that are not measured, of the orders that are there: the code is compiled then
 *   <li>{@code bench.events} (600,000) that are measured, of new orders too, and {@code bench.rounds} (3)
 *   <li>{@code bench.heap} in GiB; by default 1, and 512 bytes for each order of the largest stock of a row
 * </ul>
 */
class GrowthBenchmark {

    private static final String ROWS = "bench.rows";
    private static final int PARTITIONS = 12;
    private static final int PROBES = 200;
    private static final String MEMORY = "memory";
    private static final String ROCKSDB = "rocksdb";
    private static final List<String> STORES = List.of(MEMORY, ROCKSDB);

    private final Instant started = Instant.now();
    private final Map<String, String> inputs = new ConcurrentHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();
    private DevRegistry registry;
    private WireEncoder encoder;
    private ChildJvm broker;
    private String bootstrapServers;

    /** A candidate of a row. */
    private record Candidate(GrowthLoad load, int partitions, int threads, String store) {}

    /** One run of it, by the events after the orders were there. */
    private record Speed(double filling, double perSecond, double cpuPerMillion, long residentMib, double load) {}

    @BeforeEach
    void start() {
        registry = new DevRegistry(0);
        encoder = new WireEncoder(registry.url());
        broker = ChildJvm.named("broker").heap("1g").start(BrokerMain.class.getName(), BrokerMain.settings());
        bootstrapServers = BrokerMain.addressOf(broker);
    }

    @AfterEach
    void close() {
        broker.close();
        registry.close();
    }

    // ---------------------------------------------------------------------------------------------------- settings

    private static int rounds() {
        return Integer.getInteger("bench.rounds", 3);
    }

    private static int stock() {
        return Integer.getInteger("bench.stock", 1_000_000);
    }

    private static List<Integer> orders() {
        return Arrays.stream(System.getProperty("bench.orders", "100000,1000000,10000000")
                        .split(",", -1))
                .map(Integer::valueOf)
                .toList();
    }

    /** Of every process of a row, so that it makes no difference. */
    private static String heap(int orders) {
        return Integer.getInteger("bench.heap", 1 + Math.ceilDiv(orders, 1 << 21)) + "g";
    }

    private GrowthLoad load(int orders, int parcels, boolean hot) {
        return new GrowthLoad(
                orders,
                parcels,
                Integer.getInteger("bench.warm-up", 600_000),
                Integer.getInteger("bench.events", 600_000),
                hot,
                started);
    }

    // ------------------------------------------------------------------------------------------------------- speed

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\borders\\b).*")
    void handlesEventsAmongMoreAndMoreOrders() {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        for (int orders : orders()) {
            for (String store : STORES) {
                candidates.put(
                        String.format("%,d orders, %s", orders, store),
                        new Candidate(load(orders, 1, false), PARTITIONS, 1, store));
            }
        }
        compare("orders that are there", candidates);
    }

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\bthreads\\b).*")
    void handlesEventsOnMoreThreads() {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        for (int threads : new int[] {1, 2}) {
            candidates.put(
                    threads + " stream threads", new Candidate(load(stock(), 1, false), PARTITIONS, threads, MEMORY));
        }
        compare("stream threads", candidates);
    }

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\bpartitions\\b).*")
    void handlesEventsOfMorePartitions() {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        for (int partitions : new int[] {4, 12, 48}) {
            candidates.put(partitions + " partitions", new Candidate(load(stock(), 1, false), partitions, 1, MEMORY));
        }
        compare("partitions", candidates);
    }

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\bparcels\\b).*")
    void handlesEventsOfLargerOrders() {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        for (int parcels : new int[] {1, 5, 50}) {
            candidates.put(
                    parcels + " parcels an order",
                    new Candidate(load(2 * stock() / parcels, parcels, false), PARTITIONS, 1, MEMORY));
        }
        compare("parcels of an order", candidates);
    }

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\bhotkey\\b).*")
    void handlesEventsOfWhichOneOrderHasHalf() {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        candidates.put("all orders alike", new Candidate(load(stock(), 1, false), PARTITIONS, 1, MEMORY));
        candidates.put("one order has half", new Candidate(load(stock(), 1, true), PARTITIONS, 1, MEMORY));
        compare("a hot key", candidates);
    }

    private void compare(String row, Map<String, Candidate> candidates) {
        String heap = heap(candidates.values().stream()
                .mapToInt(candidate -> candidate.load().filling())
                .max()
                .orElseThrow());
        Map<String, List<Speed>> speeds = inTurns(candidates, candidate -> speed(candidate, heap));
        System.out.printf(
                "%n%s: %,d events after a filling and a warm-up, %d rounds, -Xmx%s%n%-30s %14s %19s %7s %12s %12s %9s %8s%n",
                row,
                candidates.values().iterator().next().load().events(),
                rounds(),
                heap,
                "",
                "events/s",
                "min-max",
                "ratio",
                "CPU s/mio.",
                "filling/s",
                "RSS MiB",
                "load");
        double first = median(speeds.values().iterator().next(), Speed::perSecond);
        speeds.forEach((name, each) -> System.out.printf(
                "%-30s %,14.0f %,9.0f-%,9.0f %7.2f %12.2f %,12.0f %,9.0f %8.1f%n",
                name,
                median(each, Speed::perSecond),
                each.stream().mapToDouble(Speed::perSecond).min().orElseThrow(),
                each.stream().mapToDouble(Speed::perSecond).max().orElseThrow(),
                median(each, Speed::perSecond) / first,
                median(each, Speed::cpuPerMillion),
                median(each, Speed::filling),
                median(each, Speed::residentMib),
                median(each, Speed::load)));
    }

    /** From the moment the orders are there and the service is warm. */
    private Speed speed(Candidate candidate, String heap) {
        GrowthLoad load = candidate.load();
        String prefix = inputs.computeIfAbsent(load + " " + candidate.partitions(), any -> {
            String made = nextId("in") + '.';
            makeInputs(made, candidate.partitions());
            send(to -> load.fill(made, encoder, to));
            send(to -> load.tell(made, encoder, to));
            return made;
        });
        double systemLoad = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        try (GrowthRun run = run(prefix, candidate.partitions(), heap, candidate.threads(), candidate.store())) {
            run.start();
            GrowthRun.Look start = run.awaitHandled(load.filling() / 4);
            GrowthRun.Look filled = run.awaitHandled(load.filling());
            GrowthRun.Look from = run.awaitHandled(load.before());
            GrowthRun.Look to = run.awaitHandled(load.all());
            long residentMib = run.residentMib();
            run.requireFound(load.all(), load.races());
            long events = to.handled() - from.handled();
            return new Speed(
                    (filled.handled() - start.handled()) / seconds(start, filled),
                    events / seconds(from, to),
                    to.cpu().minus(from.cpu()).toNanos() / 1e9 / events * 1e6,
                    residentMib,
                    systemLoad);
        }
    }

    private static double seconds(GrowthRun.Look from, GrowthRun.Look to) {
        return (to.nanos() - from.nanos()) / 1e9;
    }

    // ----------------------------------------------------------------------------------------- restore and start

    /** A run that was started with orders that are there. */
    private record Started(double assigned, double restored, long records, double ready, double firstCommand) {}

    private record Stock(int orders, String store, boolean killed) {}

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\brestore\\b).*")
    void restoresItsOrders() {
        Map<String, Stock> candidates = new LinkedHashMap<>();
        for (int orders : orders()) {
            for (String store : STORES) {
                candidates.put(String.format("%,d orders, %s", orders, store), new Stock(orders, store, true));
            }
        }
        show(
                "seconds from kill -9 and a start at once; before it is ready, the dead one's session expires",
                candidates);
    }

    @Test
    @DisabledIfSystemProperty(named = ROWS, matches = "(?!.*\\bstart\\b).*")
    void startsAfterItStopped() {
        Map<String, Stock> candidates = new LinkedHashMap<>();
        for (int orders : new int[] {PROBES, stock()}) {
            for (String store : STORES) {
                candidates.put(String.format("%,d orders, %s", orders, store), new Stock(orders, store, false));
            }
        }
        show("seconds from a start, after it was asked to stop", candidates);
    }

    private void show(String row, Map<String, Stock> candidates) {
        String heap =
                heap(candidates.values().stream().mapToInt(Stock::orders).max().orElseThrow());
        Map<String, List<Started>> starts = inTurns(candidates, stock -> started(stock, heap));
        System.out.printf(
                "%n%s; %d rounds, -Xmx%s%n%-30s %10s %10s %12s %12s %10s %14s%n",
                row, rounds(), heap, "", "assigned", "restoring", "records", "s/mio.", "ready", "first command");
        starts.forEach((name, each) -> System.out.printf(
                "%-30s %10.1f %10.1f %,12.0f %12.1f %10.1f %14.1f%n",
                name,
                median(each, Started::assigned),
                median(each, Started::restored),
                median(each, Started::records),
                median(each, start -> start.records() == 0 ? 0 : start.restored() / start.records() * 1e6),
                median(each, Started::ready),
                median(each, Started::firstCommand)));
    }

    private Started started(Stock stock, String heap) {
        GrowthLoad load = new GrowthLoad(stock.orders(), 1, 0, 0, false, started);
        String prefix = nextId("in") + '.';
        makeInputs(prefix, PARTITIONS);
        send(to -> load.fill(prefix, encoder, to));
        try (GrowthRun run = run(prefix, PARTITIONS, heap, 1, stock.store())) {
            run.start();
            run.awaitHandled(load.filling());
            if (stock.killed()) {
                run.kill();
            } else {
                run.stop();
            }
            Instant from = Instant.now();
            run.start();
            // They wait for it when it has restored, and what follows from them follows from orders that were there
            // before.
            send(to -> load.refund(PROBES, prefix, encoder, to));
            run.awaitReady(stock.orders());
            double ready = seconds(from, Instant.now());
            Instant firstCommand = run.awaitIntercepts(PROBES, stock.orders());
            run.awaitHandled(load.filling() + PROBES);
            run.requireFound(PROBES, load.races(PROBES));
            GrowthRun.Restore restore = run.restore();
            return new Started(
                    seconds(from, restore.start()),
                    restore.seconds(),
                    restore.records(),
                    ready,
                    seconds(from, firstCommand));
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    // ------------------------------------------------------------------------------------------------------ the like

    private <C, M> Map<String, List<M>> inTurns(Map<String, C> candidates, Function<C, M> measure) {
        Map<String, List<M>> measured = new LinkedHashMap<>();
        for (int round = 0; round < rounds(); round++) {
            candidates.forEach((name, candidate) ->
                    measured.computeIfAbsent(name, any -> new ArrayList<>()).add(measure.apply(candidate)));
        }
        return measured;
    }

    private static <M> double median(List<M> measured, ToDoubleFunction<M> value) {
        double[] sorted = measured.stream().mapToDouble(value).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    private String nextId(String kind) {
        return kind + '-' + runs.incrementAndGet();
    }

    private GrowthRun run(String prefix, int partitions, String heap, int threads, String store) {
        return new GrowthRun(
                nextId("run"),
                bootstrapServers,
                registry.url(),
                prefix,
                partitions,
                heap,
                List.of(
                        "--order-sync.state.store=" + store,
                        "--spring.kafka.streams.properties.num.stream.threads=" + threads));
    }

    private void makeInputs(String prefix, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            GrowthRun.makeInputs(admin, prefix, partitions);
        }
    }

    /** Sends all that {@code told} hands over, each to the partition of its key, and makes sure of it. */
    private void send(Consumer<Consumer<ProducerRecord<byte[], byte[]>>> told) {
        try (EventSender sender = EventSender.ofManyAtOnce(bootstrapServers)) {
            told.accept(sender::send);
            sender.flush();
        }
    }
}
