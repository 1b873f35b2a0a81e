package io.ordersync.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, of the same Java as this one. What it says is kept in a file until it is closed. */
public final class ChildJvm implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Path log;
    private final Process process;

    private ChildJvm(String name, List<String> command, Map<String, String> environment) {
        this.name = name;
        try {
            log = Files.createTempFile(name.replaceAll("\\W+", "-"), ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            // It would outlive a JVM that is told to stop.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How one is to be started. */
    public static final class Plan {

        private final String name;
        private final List<String> before = new ArrayList<>();
        private final List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        private final Map<String, String> environment = new HashMap<>();
        private String classPath = ownClassPath();

        private Plan(String name) {
            this.name = name;
        }

        /** As {@code -Xmx} takes it. */
        public Plan heap(String most) {
            options.add("-Xmx" + most);
            return this;
        }

        /** For the JVM. */
        public Plan option(String option) {
            options.add(option);
            return this;
        }

        public Plan environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Another one than that of this JVM. */
        public Plan classPath(String path) {
            classPath = path;
            return this;
        }

        /** A command that becomes the JVM, such as {@code ip netns exec}: it is to keep its process id. */
        public Plan under(String... command) {
            before.addAll(List.of(command));
            return this;
        }

        /** Starts it. */
        public ChildJvm start(String mainClass, List<String> arguments) {
            List<String> command = new ArrayList<>(before);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-cp", classPath, mainClass));
            command.addAll(arguments);
            return new ChildJvm(name, command, environment);
        }
    }

    /**
     * Plans one.
     *
     * @param name for its log, and for what is said of it
     */
    public static Plan named(String name) {
        return new Plan(name);
    }

    /** The class path of this JVM, which surefire hides in a jar of one manifest. */
    public static String ownClassPath() {
        String path = System.getProperty("surefire.test.class.path");
        return path == null ? System.getProperty("java.class.path") : path;
    }

    /**
     * As in production: no class of the tests.
     *
     * @param classes a directory, of this build or of another one
     */
    public static String productionClassPath(String classes) {
        return Stream.concat(
                        Stream.of(classes),
                        Arrays.stream(ownClassPath().split(File.pathSeparator))
                                .filter(entry -> !entry.contains("target" + File.separator)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** All processors together, since it started. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Memory that is resident, in KiB. */
    public long residentKib() {
        return statusOf("VmRSS");
    }

    /** How many files and sockets it has open. */
    public long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long statusOf(String line) {
        return Long.parseLong(status(line).replaceAll("\\D+", ""));
    }

    private String status(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(name + ':')).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes sure that it runs.
     *
     * @throws IllegalStateException when it has ended; the message is what it said last
     */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended with " + process.exitValue() + ":\n" + said());
        }
    }

    public String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ------------------------------------------------------------------------------------------------ what befalls it

    /** Ends it at once, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to stop, as {@code kill} does, and does not wait. */
    public void terminate() {
        process.destroy();
    }

    /**
     * Waits until it has ended.
     *
     * @return the code it ended with; 128 and the signal's number, when a signal ended it
     */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " has not ended within " + atMost + ":\n" + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Freezes it where it is, as SIGSTOP does, and makes sure of that. */
    public void suspend() {
        signal("STOP");
        while (!status("State").contains("T (stopped)")) {
            Thread.onSpinWait();
        }
    }

    /** Lets it go on after {@link #suspend}. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(name + " can't be sent " + signal + ": " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to stop, and waits. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
