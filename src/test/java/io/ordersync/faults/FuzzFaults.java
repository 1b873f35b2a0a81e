package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.fuzz.EdgeFuzz;
import io.ordersync.process.ChildJvm;
import io.ordersync.streams.StateFuzz;
import io.ordersync.streams.StreamFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody would write. Jazzer makes them in a process of its own, led by what they cover; it ends at the first input
 * that fails, takes longer than half a minute, or runs out of memory, and leaves it in {@code target/faults}. A finding becomes a
 * file of {@code src/test/resources/fuzz}, in hex.
 */
class FuzzFaults {

    private static final int SECONDS = Integer.getInteger("faults.fuzz-seconds", 600) / 3;
    /** It changes the classes at their start. */
    private static final Duration STARTS = Duration.ofMinutes(5);

    private static final int HANGS_SECONDS = 30;
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    private static final Pattern COVERED = Pattern.compile("#\\d+\\s+DONE\\s+cov: (\\d+)");

    @Test
    void fromBytesToFacts() throws IOException {
        fuzz(EdgeFuzz.class, EdgeFuzz.seeds(), 4_096);
    }

    @Test
    void theStoredState() throws IOException {
        fuzz(StateFuzz.class, StateFuzz.seeds(), 4_096);
    }

    @Test
    void theWholeStream() throws IOException {
        fuzz(StreamFuzz.class, StreamFuzz.seeds(), 2_048);
    }

    private static void fuzz(Class<?> target, List<byte[]> seeds, int longest) throws IOException {
        String name = target.getSimpleName();
        Path directory = Files.createDirectories(Path.of("target", "faults", "fuzz", name));
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path tally = directory.resolve("tally");
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }
        Row row = new Row("hostile bytes: " + name);
        try (ChildJvm jazzer = ChildJvm.named(name)
                .heap("512m")
                .option("-XX:+EnableDynamicAgentLoading")
                .option("-Dfuzz.tally=" + tally)
                // The parent's class path is the target's too.
                .start(
                        "com.code_intelligence.jazzer.Jazzer",
                        List.of(
                                "--target_class=" + target.getName(),
                                "--instrumentation_includes=io.ordersync.**:org.apache.avro.io.**:org.apache.avro.generic.**",
                                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                                "--reproducer_path=" + directory,
                                "-artifact_prefix=" + directory + '/',
                                "-max_total_time=" + SECONDS,
                                "-timeout=" + HANGS_SECONDS,
                                "-rss_limit_mb=2048",
                                "-max_len=" + longest,
                                "-seed=20261122",
                                corpus.toString()))) {
            int code = jazzer.awaitExit(STARTS.plusSeconds(SECONDS));
            String said = jazzer.said();
            Files.writeString(directory.resolve("log"), said);
            assertThat(code).as(last(said)).isZero();
            MatchResult done =
                    DONE.matcher(said).results().findFirst().orElseThrow(() -> new AssertionError(last(said)));
            int inputs = Integer.parseInt(done.group(1));
            String covered = COVERED.matcher(said)
                    .results()
                    .map(result -> result.group(1))
                    .findFirst()
                    .orElse("?");
            row.struckOnce()
                    .judged(new Verdict(inputs, List.of(), List.of(), List.of(), 0))
                    .struck(inputs / Math.max(1, Integer.parseInt(done.group(2))) + " inputs a second, " + covered
                            + " edges covered; " + Files.readString(tally));
            assertThat(inputs).isGreaterThan(seeds.size());
        }
        row.requireClean();
    }

    private static String last(String said) {
        return said.substring(Math.max(0, said.length() - 6_000));
    }
}
