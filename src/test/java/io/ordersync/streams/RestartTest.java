package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Fact;
import io.ordersync.domain.Histories;
import io.ordersync.domain.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A restart between any two facts changes nothing: what stands in the changelogs is all there is. The stores are filled from
 * them as a restore does it, one record after the other, into a stream that knows nothing else.
 */
class RestartTest {

    private static final Policy POLICY = Facts.policy(Duration.ofMinutes(20), false);

    /** A fact, and how much time passes after it; null: the order is asked to be forgotten. */
    record Step(@Nullable Fact fact, Duration time) {}

    @Provide
    Arbitrary<List<Step>> longHistories() {
        Arbitrary<Duration> time = Arbitraries.of(
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(16),
                Duration.ofHours(3));
        Arbitrary<List<Fact>> facts = Histories.ofEverything()
                .list()
                .ofSize(7)
                .map(histories -> histories.stream().flatMap(List::stream).toList())
                .filter(all -> all.size() >= 30);
        return facts.flatMap(all -> Combinators.combine(
                        time.list().ofSize(all.size() + 1),
                        Arbitraries.integers().between(0, all.size()))
                .as((times, erasure) -> steps(all, times, erasure)));
    }

    private static List<Step> steps(List<Fact> facts, List<Duration> times, int erasure) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i <= facts.size(); i++) {
            if (i == erasure) {
                steps.add(new Step(null, times.get(i)));
            }
            if (i < facts.size()) {
                steps.add(new Step(facts.get(i), times.get(i)));
            }
        }
        return steps;
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void changesNothingInMemory(@ForAll("longHistories") List<Step> steps) throws IOException {
        restartAfterEach(steps, OrderTopology.Store.MEMORY);
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void changesNothingOnDisk(@ForAll("longHistories") List<Step> steps) throws IOException {
        restartAfterEach(steps, OrderTopology.Store.ROCKSDB);
    }

    private static void restartAfterEach(List<Step> steps, OrderTopology.Store store) throws IOException {
        List<List<String>> outputs = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        List<List<TestRecord<byte[], byte[]>>> orders = new ArrayList<>();
        List<List<TestRecord<byte[], byte[]>>> timers = new ArrayList<>();
        Path directory = Files.createTempDirectory("restart");
        try {
            Instant now = TestStream.NOON;
            try (TestStream stream = new TestStream(store, POLICY, directory)) {
                for (Step step : steps) {
                    outputs.add(take(stream, step));
                    orders.add(stream.records(TestStream.ORDERS_CHANGELOG));
                    timers.add(stream.records(TestStream.TIMERS_CHANGELOG));
                    now = now.plus(step.time());
                    times.add(now);
                }
                Statistics.label("a deadline passed")
                        .collect(stream.heard.all.contains("deadlines passed"))
                        .coverage(coverage -> coverage.check(true).count(count -> count > 0));
            }
            for (int next = 1; next < steps.size(); next++) {
                Instant then = times.get(next - 1);
                try (TestStream stream = new TestStream(store, POLICY, directory, new ToldEdges(), then)) {
                    orders.subList(0, next)
                            .forEach(records -> records.forEach(
                                    record -> stream.orders().put(Bytes.wrap(record.key()), record.value())));
                    timers.subList(0, next)
                            .forEach(records -> records.forEach(
                                    record -> stream.timers().put(Bytes.wrap(record.key()), record.value())));
                    for (int i = next; i < steps.size(); i++) {
                        assertThat(take(stream, steps.get(i)))
                                .as("step %d after a restart before step %d", i, next)
                                .isEqualTo(outputs.get(i));
                    }
                }
            }
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /** What comes of a step, in the order of each topic. */
    private static List<String> take(TestStream stream, Step step) {
        if (step.fact() == null) {
            stream.erase(Histories.ORDER.toString());
        } else {
            stream.tell(Histories.ORDER, step.fact());
        }
        stream.pass(step.time());
        return TestStream.OUTPUTS.stream()
                .flatMap(topic -> stream.records(topic).stream()
                        .map(record -> "%s %s %s %s"
                                .formatted(
                                        topic,
                                        record.getRecordTime(),
                                        new String(record.key(), UTF_8),
                                        record.value() == null ? "-" : new String(record.value(), UTF_8))))
                .toList();
    }
}
