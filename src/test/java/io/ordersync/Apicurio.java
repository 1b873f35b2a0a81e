package io.ordersync;

import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Apicurio Registry, the real one, in a process of its own; it speaks Confluent's REST API. What it knows is in files, so it knows
 * it after a restart. Only this machine reaches it, and it ends with the JVM of the tests.
 */
final class Apicurio implements AutoCloseable {

    private static final Path PROGRAM = Path.of("target/apicurio").toAbsolutePath();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Process process;

    /**
     * Not yet started.
     *
     * @param directory what it knows, and {@code apicurio.log}
     */
    Apicurio(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Of Confluent's API in the version that most know. */
    String url() {
        return url("v7");
    }

    /** @param version v7 or v8 */
    String url(String version) {
        return "http://127.0.0.1:" + port + "/apis/ccompat/" + version;
    }

    /** Returns when it answers. */
    void start() {
        launch();
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (process == null || !process.isAlive()) {
                        throw new IllegalStateException("Apicurio ended, see " + log());
                    }
                    return answers();
                });
    }

    /** Returns at once: it takes some seconds until it answers. */
    void launch() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        PROGRAM.resolve("quarkus-run.jar").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment()
                .putAll(Map.of(
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1",
                        "QUARKUS_HTTP_PORT",
                        String.valueOf(port),
                        // Its health and metrics would else be for everyone.
                        "QUARKUS_MANAGEMENT_HOST",
                        "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT",
                        String.valueOf(managementPort),
                        "QUARKUS_OTEL_SDK_DISABLED",
                        "true",
                        "APICURIO_DATASOURCE_URL",
                        "jdbc:h2:file:" + directory.resolve("registry"),
                        "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE",
                        "2",
                        "APICURIO_DATASOURCE_JDBC_MIN_SIZE",
                        "2"));
        if (!Files.exists(PROGRAM)) {
            throw new IllegalStateException(PROGRAM + " is not there: ./mvnw verify -Pinterop fetches it");
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it is gone. */
    void stop() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(Duration.ofSeconds(20))) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }

    /** It still takes connections, and answers none. */
    void hang() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        if (process == null) {
            throw new IllegalStateException("Apicurio does not run");
        }
        try {
            int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void close() {
        stop();
        http.close();
    }

    // ------------------------------------------------------------------------------------------------ what others ask
    // of it

    boolean answers() {
        try {
            return http.send(request("/subjects").build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its own default is NONE. */
    void compatibility(String level) {
        ask(request("/config").PUT(BodyPublishers.ofString("{\"compatibility\":\"" + level + "\"}")));
    }

    int register(String subject, Schema schema) {
        String body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
        return ask(request("/subjects/" + subject + "/versions").POST(BodyPublishers.ofString(body)))
                .get("id")
                .intValue();
    }

    /** Of the subject: version, id and schema. */
    JsonNode latest(String subject) {
        return ask(request("/subjects/" + subject + "/versions/latest"));
    }

    Schema schema(int id) {
        return new Schema.Parser()
                .parse(ask(request("/schemas/ids/" + id)).get("schema").asString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json");
    }

    private JsonNode ask(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("Apicurio answers " + answer.statusCode() + ' ' + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path log() {
        return directory.resolve("apicurio.log");
    }
}
