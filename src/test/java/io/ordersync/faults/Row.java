package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A fault's row in the table of {@code docs/reliability.md}: how often it struck, what came of it, and how long it took until
 * each partition was answered again. Written to {@code target/faults} and to the log.
 */
final class Row {

    private static final Path DIRECTORY = Path.of("target", "faults");

    private final String fault;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Duration> recoveries = new ArrayList<>();
    private int runs;
    private String struck = "";

    Row(String fault) {
        this.fault = fault;
    }

    /** It struck once, and after that time the next event was answered on each partition. */
    Row recovered(Duration after) {
        runs++;
        recoveries.add(after);
        return this;
    }

    /** It struck, and nothing had to recover. */
    Row struckOnce() {
        runs++;
        return this;
    }

    Row judged(Verdict verdict) {
        verdicts.add(verdict);
        return this;
    }

    /** What shows that it struck. */
    Row struck(String how) {
        struck = how;
        return this;
    }

    /** Writes the row, and requires that it is clean. */
    void requireClean() {
        String row = String.format(
                Locale.ROOT,
                "| %s | %d | %,d | %d | %d | %d | %s | %s | %s |",
                fault,
                runs,
                verdicts.stream().mapToInt(Verdict::stories).sum(),
                verdicts.stream().mapToInt(each -> each.lost().size()).sum(),
                verdicts.stream().mapToInt(each -> each.twice().size()).sum(),
                verdicts.stream().mapToInt(each -> each.wrong().size()).sum(),
                quantile(0.5),
                quantile(0.99),
                struck);
        System.out.println(row);
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(DIRECTORY.resolve(fault.replaceAll("\\W+", "-") + ".md"), row + '\n');
            Table.collect(DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(runs).as("it struck").isPositive();
        assertThat(verdicts)
                .isNotEmpty()
                .allSatisfy(verdict ->
                        assertThat(verdict.isClean()).as(verdict.toString()).isTrue());
    }

    /** The smallest that so many are not longer than. */
    private String quantile(double share) {
        if (recoveries.isEmpty()) {
            return "–";
        }
        List<Duration> sorted = recoveries.stream().sorted().toList();
        Duration value = sorted.get((int) Math.ceil(share * sorted.size()) - 1);
        return String.format(Locale.ROOT, "%.1f s", value.toMillis() / 1000.0);
    }
}
