package io.ordersync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, of the same Java as this one. What it says is kept in a file until it is closed. */
final class ChildJvm implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Path log;
    private final Process process;

    /**
     * Starts it.
     *
     * @param heap as {@code -Xmx} takes it
     */
    ChildJvm(String name, String heap, String classPath, Class<?> main, List<String> arguments) {
        this.name = name;
        try {
            log = Files.createTempFile(name.replaceAll("\\W+", "-"), ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    main.getName()));
            command.addAll(arguments);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class path of this JVM, which surefire hides in a jar of one manifest. */
    static String ownClassPath() {
        String path = System.getProperty("surefire.test.class.path");
        return path == null ? System.getProperty("java.class.path") : path;
    }

    /** All processors together, since it started. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** @throws IllegalStateException when it has ended; the message is what it said last */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended with " + process.exitValue() + ":\n" + said());
        }
    }

    String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
            Files.delete(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
