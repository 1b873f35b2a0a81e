package io.ordersync.bench;

import io.ordersync.bench.Reacting.Reaction;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What the relay costs detection: without a channel, with one of each kind that answers, and with all of them hanging.
 * Settings, each a system property: {@code bench.events} (300,000) and {@code bench.rounds} (3) of the throughput,
 * {@code bench.hanging} to leave out the channels that answer, and {@code bench.races} (400) of the latency, at ten a second among
 * sixty events.
 */
class AlertingBenchmark {

    private static final String NOBODY = "no channel";
    private static final String ANSWERING = "seven channels";
    private static final String HANGING = "seven channels that hang";
    private static final String INPUTS = "alerts-bench.";
    private static final int PARTITIONS = 4;
    private static final String HEAP = "1g";
    private static final int RACES_PER_SECOND = 10;

    /** Servers of all vendors, and the settings of a channel to each. */
    private static final class Channels implements AutoCloseable {

        private final Map<VendorApi, Vendor> vendors = new LinkedHashMap<>();

        Channels(boolean hanging) {
            for (VendorApi api : VendorApi.values()) {
                Vendor vendor = new Vendor(api);
                vendors.put(api, vendor);
                if (hanging) {
                    vendor.hang();
                }
            }
        }

        Vendor of(VendorApi api) {
            Vendor vendor = vendors.get(api);
            if (vendor == null) {
                throw new IllegalArgumentException("no " + api);
            }
            return vendor;
        }

        Service service() {
            return Service.with(settings().toArray(String[]::new));
        }

        private List<String> settings() {
            List<String> settings = new ArrayList<>();
            vendors.forEach((api, vendor) -> {
                String channel = "--order-sync.alerting.channels." + api.name().toLowerCase(Locale.ROOT) + ".";
                settings.add(channel + "type=" + api.name().toLowerCase(Locale.ROOT));
                settings.add(channel + "url=" + vendor.url());
                settings.add(channel + "secret=" + vendor.secret());
                if (api == VendorApi.WEBHOOK) {
                    settings.add(channel + "grouping.interval=0s");
                    settings.add(channel + "rate-limit.requests=1000");
                    settings.add(channel + "rate-limit.per=1s");
                }
            });
            return settings;
        }

        @Override
        public void close() {
            vendors.values().forEach(Vendor::close);
        }
    }

    @Test
    void catchesUpAsFastWhateverTheChannelsDo() {
        int events = Integer.getInteger("bench.events", 300_000);
        int rounds = Integer.getInteger("bench.rounds", 3);
        try (Site site = new Site(PARTITIONS, HEAP);
                Channels answering = new Channels(false);
                Channels hanging = new Channels(true)) {
            Load load = new Load(events, Site.SEED, site.encoder());
            site.send(load, INPUTS, 0);
            CatchingUp run = new CatchingUp(site, load, INPUTS);
            Comparison comparison = new Comparison();
            comparison.add(NOBODY, () -> run.measure(Service.with()));
            if (!Boolean.getBoolean("bench.hanging")) {
                comparison.add(ANSWERING, () -> run.measure(answering.service()));
            }
            comparison.add(HANGING, () -> run.measure(hanging.service()));
            comparison.warmUp();
            String table = comparison.run(rounds, List.of(NOBODY));
            System.out.printf(
                    "%n%,d events, %,d races; %d rounds, each candidate found all of them once%n%s%n",
                    load.size(), load.races().size(), rounds, table);
        }
    }

    @Test
    void detectsAsSoonWhateverTheChannelsDo() {
        int races = Integer.getInteger("bench.races", 400);
        int rounds = Integer.getInteger("bench.rounds", 3);
        List<Double> told = new ArrayList<>();
        try (Site site = new Site(PARTITIONS, HEAP)) {
            // As many again before, which do not count.
            int uncounted = races * Load.EVENTS_PER_REFUND;
            Load load = new Load(2 * uncounted, Site.SEED, site.encoder(), 1);
            Reacting run = new Reacting(site, load, RACES_PER_SECOND * Load.EVENTS_PER_REFUND, uncounted);
            Map<String, Supplier<Reaction>> candidates = new LinkedHashMap<>();
            candidates.put(NOBODY, () -> run.measure(Service.with()));
            candidates.put(ANSWERING, () -> {
                try (Channels channels = new Channels(false)) {
                    return run.measure(
                            channels.service(),
                            place -> told.addAll(delays(place, channels.of(VendorApi.WEBHOOK), races)));
                }
            });
            candidates.put(HANGING, () -> {
                try (Channels channels = new Channels(true)) {
                    return run.measure(channels.service());
                }
            });
            Map<String, List<Reaction>> reactions = Turns.take(candidates, rounds, Supplier::get);
            System.out.printf("%nms from the send of the second event to the command, for a read_committed reader%n");
            reactions.forEach((name, each) -> System.out.printf(
                    "%-34s %s%n",
                    name, percentiles(each.stream().flatMapToDouble(one -> Arrays.stream(one.millis())))));
            System.out.printf(
                    "ms from the alert's record to its request at the webhook%n%-34s %s%n",
                    "", percentiles(told.stream().mapToDouble(Double::doubleValue)));
        }
    }

    /** Of each alert after the first ones: from the timestamp of its record until its request came, in ms. */
    private static List<Double> delays(Place place, Vendor webhook, int after) {
        Map<String, Long> records = new HashMap<>();
        place.forEach(
                Place.ALERTS, record -> records.put(record.partition() + "-" + record.offset(), record.timestamp()));
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (webhook.taken().size() < records.size() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        if (webhook.taken().size() < records.size()) {
            throw new IllegalStateException(webhook.taken().size() + " of " + records.size() + " alerts were told");
        }
        // Both by the wall clock of this machine.
        long offsetMs = System.currentTimeMillis() - System.nanoTime() / 1_000_000;
        return webhook.taken().stream()
                .skip(after)
                .flatMap(call -> StreamSupport.stream(call.json().path("alerts").spliterator(), false)
                        .map(alert -> offsetMs
                                + call.atNanos() / 1e6
                                - records.getOrDefault(alert.path("record").asString(), 0L)))
                .toList();
    }

    private static String percentiles(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return String.format(
                "p50 %7.1f  p99 %7.1f  of %d",
                Reaction.quantile(sorted, 0.5), Reaction.quantile(sorted, 0.99), sorted.length);
    }
}
