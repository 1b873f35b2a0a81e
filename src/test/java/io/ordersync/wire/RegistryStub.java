package io.ordersync.wire;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import tools.jackson.databind.json.JsonMapper;

/** A schema registry on a free port, in the mood one gives it. */
public final class RegistryStub implements AutoCloseable {

    /** What it does with whatever it is asked. */
    public enum Mood {
        ANSWERS,
        HANGS_UP,
        FAILS,
        TALKS_NONSENSE,
        STOPS_HALFWAY
    }

    public volatile Mood mood = Mood.ANSWERS;
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final Map<String, String> registered = new ConcurrentHashMap<>();
    final List<Headers> headers = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    public RegistryStub() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    RegistryStub(HttpServer server) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public void has(int id, Schema schema) {
        answers("GET /schemas/ids/" + id, "200" + json(Map.of("schema", schema.toString())));
    }

    /** Status and body, for one method and path. */
    public void answers(String question, String answer) {
        answers.put(question, answer);
    }

    public URI url() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort());
    }

    public static String json(Map<String, ?> value) {
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
        headers.add(exchange.getRequestHeaders());
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
