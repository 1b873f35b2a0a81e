package io.ordersync.faults;

import io.ordersync.OrderSyncApplication;
import io.ordersync.process.ChildJvm;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An instance of the service: a process of its own, and a state directory that outlives it. One that ended is started again
 * as the same instance.
 */
final class Instance implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final String name;
    private final Path state;
    private final int port = Ports.free();
    private final List<String> settings;
    private String host = "localhost";
    private UnaryOperator<ChildJvm.Plan> plan = each -> each.heap("384m");
    private @Nullable ChildJvm process;

    /**
     * Starts nothing yet.
     *
     * @param state of the stream; made if it is not there
     * @param settings of the service, as it takes them on its command line
     */
    Instance(String name, Path state, List<String> settings) {
        this.name = name;
        this.state = state;
        this.settings = new ArrayList<>(settings);
    }

    /** From its next start on. */
    Instance with(String... more) {
        settings.addAll(Arrays.asList(more));
        return this;
    }

    /** How the process is started, from the next start on; its heap too. */
    Instance as(UnaryOperator<ChildJvm.Plan> otherPlan) {
        plan = otherPlan;
        return this;
    }

    /** Where its actuator answers, when it is not on this host. */
    Instance at(String otherHost) {
        host = otherHost;
        return this;
    }

    Path state() {
        return state;
    }

    /** Starts it, or starts it again, and does not wait. What it said before is gone. */
    Instance start() {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + port, "--spring.main.banner-mode=off", "--spring.kafka.streams.state-dir=" + state));
        arguments.addAll(settings);
        close();
        process = plan.apply(ChildJvm.named(name)
                        .option("-XX:+UseSerialGC")
                        .option("-XX:TieredStopAtLevel=1")
                        .option("-XX:+ExitOnOutOfMemoryError")
                        .classPath(ChildJvm.productionClassPath("target/classes")))
                .start(OrderSyncApplication.class.getName(), arguments);
        return this;
    }

    ChildJvm process() {
        return Objects.requireNonNull(process);
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends it at once. */
    void kill() {
        process().kill();
    }

    /** Asks it to stop and waits until it has; it has to end by itself, with the code of a process that was asked to. */
    void stop() {
        process().terminate();
        int code = process().awaitExit(PATIENCE);
        if (code != 143) {
            throw new IllegalStateException(
                    name + " ended with " + code + ":\n" + process().said());
        }
    }

    /** Waits until its readiness is up. */
    Instance awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .failFast(() -> process().requireAlive())
                .until(this::isReady);
        return this;
    }

    boolean isReady() {
        return get("/actuator/health/readiness").contains("\"status\":\"UP\"");
    }

    /** What it answers, whatever the status; empty when nobody answers. */
    String get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ':' + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** By how much its clock is ahead of that of this process, to the second: each answer says what time it is. */
    Duration clockAhead() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ':' + port + "/actuator/health"))
                .build();
        try {
            String date = HTTP.send(request, BodyHandlers.discarding())
                    .headers()
                    .firstValue("Date")
                    .orElseThrow();
            return Duration.between(
                    java.time.Instant.now(),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
