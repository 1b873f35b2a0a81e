package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.dev.Answer;
import io.ordersync.process.ChildJvm;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * How soon a candidate, in a process of its own, calls a parcel back while the load comes evenly: from the send of the event
 * that makes the race until a read_committed consumer in this JVM has the command. The producer sends each event at once.
 *
 * @param perSecond events sent
 * @param uncounted so many events are sent before one counts: code is compiled meanwhile
 */
record Reacting(Site site, Load load, int perSecond, int uncounted) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LATE_AT_MOST = Duration.ofSeconds(1);

    /**
     * What came of one run.
     *
     * @param millis from the send to the command, of each race that counts, sorted
     * @param cpu processors that the candidate used
     * @param idle the share of the machine that nobody used, from 0 to 1
     * @param others processors that neither broker nor candidate nor benchmark used, though they were busy
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Reaction(double[] millis, double cpu, double idle, double others) {

        /** The least of them that so many, from 0 to 1, are not above. */
        double quantile(double share) {
            return quantile(millis, share);
        }

        static double quantile(double[] sorted, double share) {
            return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }

        @Override
        public String toString() {
            return String.format("p50 %.1f ms, p99 %.1f ms", quantile(0.5), quantile(0.99));
        }
    }

    Reaction measure(Candidate candidate) {
        return measure(candidate, place -> {});
    }

    /** @param afterwards looks at what it wrote, while it still runs */
    Reaction measure(Candidate candidate, java.util.function.Consumer<Place> afterwards) {
        try (Place place = site.emptyPlace();
                ChildJvm child = candidate.start(place);
                Progress progress = new Progress(place);
                EventSender sender = new EventSender(Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        site.bootstrapServers(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        0));
                ExecutorService reading = Executors.newSingleThreadExecutor()) {
            try {
                Future<Map<String, Long>> read = reading.submit(() -> read(place));
                Pace pace = new Pace(place, child, progress, sender);
                load.forEach(pace::next);
                Processors end = Processors.now(site, child);
                sender.flush();
                await(child, progress, load.size());
                Map<String, Long> readNanos = Answer.of(read);
                candidate.check(place, load);
                afterwards.accept(place);
                return pace.reaction(readNanos, end);
            } finally {
                reading.shutdownNow();
            }
        }
    }

    /** When each command was read first, until all were. It is interrupted when there is nothing more to come. */
    private Map<String, Long> read(Place place) {
        Map<String, Long> nanos = new HashMap<>();
        try (Consumer<byte[], byte[]> reader = site.reader()) {
            Collection<TopicPartition> all = place.partitions(reader, Place.INTERCEPTS);
            reader.assign(all);
            reader.seekToBeginning(all);
            while (nanos.size() < load.races().size()) {
                reader.poll(Duration.ofSeconds(1))
                        .forEach(record -> nanos.putIfAbsent(new String(record.key(), UTF_8), System.nanoTime()));
            }
        }
        return nanos;
    }

    private static void await(ChildJvm child, Progress progress, long handled) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE)
                .failFast(child::requireAlive)
                .until(() -> progress.handled() >= handled);
    }

    /** Sends one event after the other, each when it is due. The first one waits until the candidate works. */
    private final class Pace {

        private final Place place;
        private final ChildJvm child;
        private final Progress progress;
        private final EventSender sender;
        private final Set<String> halves = new HashSet<>();
        private final Map<String, Long> sentNanos = new HashMap<>();
        private int number;
        private long start;
        private @Nullable Processors counted;

        Pace(Place place, ChildJvm child, Progress progress, EventSender sender) {
            this.place = place;
            this.child = child;
            this.progress = progress;
            this.sender = sender;
        }

        void next(Load.Event event) {
            awaitDue();
            if (number == uncounted) {
                counted = Processors.now(site, child);
            }
            boolean makesRace = load.races().contains(event.orderKey()) && !halves.add(event.orderKey());
            if (makesRace && number >= uncounted) {
                sentNanos.put(event.orderKey(), System.nanoTime());
            }
            sender.send(event.record(place.inputs(), event.home(site.partitions())));
            if (number == 0) {
                await(child, progress, 1);
                start = System.nanoTime();
            }
            number++;
        }

        private void awaitDue() {
            long due = start + number * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); number > 0 && left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (number > 0 && System.nanoTime() - due > LATE_AT_MOST.toNanos()) {
                throw new IllegalStateException(perSecond + " events a second are more than this machine can send");
            }
        }

        Reaction reaction(Map<String, Long> readNanos, Processors end) {
            Processors begin = Objects.requireNonNull(counted, "there are no more events than do not count");
            double[] millis = sentNanos.entrySet().stream()
                    .mapToDouble(sent -> (Objects.requireNonNull(readNanos.get(sent.getKey())) - sent.getValue()) / 1e6)
                    .sorted()
                    .toArray();
            return new Reaction(
                    millis,
                    end.candidateSince(begin) / end.secondsSince(begin),
                    end.idleSince(begin),
                    end.othersSince(begin));
        }
    }
}
