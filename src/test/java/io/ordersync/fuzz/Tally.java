package io.ordersync.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What became of all inputs together. */
public final class Tally {

    private final Map<String, Long> counts = new TreeMap<>();

    /** Turns the log off: it would be slower than all else. */
    public static void silence() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        // Also those that have a level of their own.
        context.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .forEach(logger -> logger.setLevel(Level.OFF));
    }

    public void add(Object what) {
        counts.merge(what.toString(), 1L, Long::sum);
    }

    public long of(Object what) {
        return counts.getOrDefault(what.toString(), 0L);
    }

    /** Writes it where {@code fuzz.tally} says, if it says so. */
    public void write() {
        String file = System.getProperty("fuzz.tally");
        if (file == null) {
            return;
        }
        try {
            Files.writeString(Path.of(file), toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + ' ' + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
