package io.ordersync.messaging;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import tools.jackson.databind.json.JsonMapper;

/** A schema registry on a free port, in the mood one gives it. */
final class RegistryStub implements AutoCloseable {

    enum Mood {
        ANSWERS,
        HANGS_UP,
        FAILS,
        TALKS_NONSENSE,
        STOPS_HALFWAY
    }

    volatile Mood mood = Mood.ANSWERS;
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Map<String, String> registered = new ConcurrentHashMap<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    RegistryStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    void has(int id, Schema schema) {
        answers("GET /schemas/ids/" + id, "200" + json(Map.of("schema", schema.toString())));
    }

    /** Status and body, for one method and path. */
    void answers(String question, String answer) {
        answers.put(question, answer);
    }

    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    SchemaRegistry client() {
        return client(null, true, url());
    }

    static SchemaRegistry client(@org.jspecify.annotations.Nullable String user, boolean autoRegister, URI... urls) {
        var settings = new SchemaRegistry.Settings(
                List.of(urls), user, Duration.ofSeconds(1), Duration.ofMillis(500), autoRegister);
        return new SchemaRegistry(settings, Clock.systemUTC());
    }

    static String json(Map<String, ?> value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String question = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(question + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        switch (mood) {
            case ANSWERS -> {
                String given = answers.getOrDefault(question, "404{\"error_code\":40403,\"message\":\"not found\"}");
                if (question.startsWith("POST") && !answers.containsKey(question)) {
                    registered.put(
                            question,
                            JsonMapper.shared().readTree(body).path("schema").asString(""));
                    given = "200{\"id\":" + (100 + registered.size()) + "}";
                }
                send(exchange, Integer.parseInt(given.substring(0, 3)), given.substring(3));
            }
            case HANGS_UP -> exchange.close();
            case FAILS -> send(exchange, 503, "{\"error_code\":50003,\"message\":\"forwarding failed\"}");
            case TALKS_NONSENSE -> send(exchange, 200, "<html>Please log in</html>");
            case STOPS_HALFWAY -> {
                // Headers and half of the body come at once, the rest never.
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"schema\":".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
