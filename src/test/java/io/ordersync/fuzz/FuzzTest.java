package io.ordersync.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.streams.StateFuzz;
import io.ordersync.streams.StreamFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short form of {@code FuzzFaults}: some thousand inputs, the same in each build. And all that any fuzzing found, each in a
 * file of {@code src/test/resources/fuzz} whose name says what it was.
 */
class FuzzTest {

    private static final Path FOUND = Path.of("src", "test", "resources", "fuzz");
    /** Of the time of one input; a build machine may be slow. */
    private static final long HANGS_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void makesFactsOrRejectionsOfWhateverBytes() {
        fuzz(EdgeFuzz::fuzzerTestOneInput, EdgeFuzz.seeds(), 6_000);
        assertThat(EdgeFuzz.tally().of("taken")).isPositive();
        assertThat(EdgeFuzz.tally().of("UNREADABLE")).isPositive();
        assertThat(EdgeFuzz.tally().of("UNKNOWN_SCHEMA")).isPositive();
        assertThat(EdgeFuzz.tally().of("INVALID_FIELD")).isPositive();
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsADamagedStateOrSaysThatItIs() {
        fuzz(StateFuzz::fuzzerTestOneInput, StateFuzz.seeds(), 40_000);
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void carriesAnyRowOfRecords() {
        fuzz(StreamFuzz::fuzzerTestOneInput, StreamFuzz.seeds(), 60);
    }

    static List<Path> found() throws IOException {
        try (Stream<Path> all = Files.walk(FOUND)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void isNotFoundAgain(Path input) throws IOException {
        byte[] data = HexFormat.of().parseHex(Files.readString(input).strip());
        switch (FOUND.relativize(input).getName(0).toString()) {
            case "EdgeFuzz" -> EdgeFuzz.fuzzerTestOneInput(data);
            case "StateFuzz" -> StateFuzz.fuzzerTestOneInput(data);
            case "StreamFuzz" -> StreamFuzz.fuzzerTestOneInput(data);
            default -> throw new IllegalArgumentException("nobody takes " + input);
        }
    }

    private static void fuzz(Consumer<byte[]> target, List<byte[]> seeds, int inputs) {
        Random random = new Random(20_261_122L);
        for (int i = 0; i < inputs; i++) {
            byte[] choices = new byte[32];
            random.nextBytes(choices);
            byte[] input = i < seeds.size()
                    ? seeds.get(i)
                    : Damage.to(seeds.get(random.nextInt(seeds.size())), new Choices(choices));
            long start = System.nanoTime();
            try {
                target.accept(input);
            } catch (Throwable e) {
                throw new AssertionError("found by " + HexFormat.of().formatHex(input), e);
            }
            assertThat(System.nanoTime() - start)
                    .as(HexFormat.of().formatHex(input))
                    .isLessThan(HANGS_NANOS);
        }
    }
}
