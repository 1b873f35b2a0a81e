package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that others could have written: it tells what it does on standard output, and ends when its input does. */
final class ChildProgram implements AutoCloseable {

    private static final Path INTEROP = Path.of("interop").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static boolean packagesAreThere;

    private final String name;
    private final Process process;
    private final Thread listener;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private ChildProgram(Map<String, String> environment, String... command) {
        name = String.join(" ", command);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(INTEROP.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener = Thread.startVirtualThread(
                () -> process.inputReader(UTF_8).lines().forEach(said::add));
    }

    /** Starts a Node program of {@code interop/}. */
    static ChildProgram node(Map<String, String> environment, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "node";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return new ChildProgram(environment, command);
    }

    /** Runs a program to its end, which is waited for that long, and gives what it said. */
    static List<String> run(Duration atMost, String... command) {
        return run(new ChildProgram(Map.of(), command), atMost);
    }

    /** The same with a Node program of {@code interop/}. */
    static List<String> runNode(Map<String, String> environment, Duration atMost, String... arguments) {
        return run(node(environment, arguments), atMost);
    }

    private static List<String> run(ChildProgram started, Duration atMost) {
        try (ChildProgram program = started) {
            boolean ended = program.process.waitFor(atMost);
            if (ended) {
                program.listener.join();
            }
            if (!ended || program.process.exitValue() != 0) {
                throw new IllegalStateException(program + " said " + program.said);
            }
            return List.copyOf(program.said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Skips the test, and says so, unless Node is there and what {@code interop/package-lock.json} names can be had. A lock
     * file that does not fit its package.json is a failure.
     */
    static synchronized void requireNodePackages() {
        require("node");
        require("npm");
        if (packagesAreThere) {
            return;
        }
        try {
            run(Duration.ofMinutes(5), "npm", "ci", "--dry-run", "--offline", "--loglevel=error");
        } catch (IllegalStateException e) {
            throw new IllegalStateException("interop/package-lock.json is not that of interop/package.json", e);
        }
        try {
            run(Duration.ofMinutes(5), "npm", "ci", "--loglevel=error");
            packagesAreThere = true;
        } catch (IllegalStateException e) {
            skip("the packages of interop/package-lock.json: " + e.getMessage());
        }
    }

    /** Skips the test, and says so, unless this program is on the path. */
    static void require(String program) {
        if (!isThere(program)) {
            skip(program + " on the path");
        }
    }

    static boolean isThere(String program) {
        try {
            run(PATIENCE, "sh", "-c", "command -v " + program);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void skip(String missing) {
        String line = "SKIPPED what needs clients that others wrote, missing: " + missing;
        System.out.println(line);
        Assumptions.abort(line);
    }

    /** What it said so far, each line an object; a program that ended by itself is an error. */
    List<JsonNode> said() {
        if (!process.isAlive()) {
            throw new IllegalStateException(this + " said " + said);
        }
        return said.stream().map(JsonMapper.shared()::readTree).toList();
    }

    @Override
    public void close() {
        try {
            process.outputWriter(UTF_8).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            listener.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name + (process.isAlive() ? " (runs)" : " (ended with " + process.exitValue() + ')');
    }
}
