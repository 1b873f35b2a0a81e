package io.ordersync.dev;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema registry in this JVM that speaks the part of Confluent's REST API that serializers use; it forgets all when it closes. */
public final class DevRegistry implements AutoCloseable {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Subjects subjects = new Subjects();
    private final List<Route> routes = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String host;
    private final HttpServer server;

    /**
     * Starts the registry on localhost.
     *
     * @param port where it listens, or 0 for a free one
     * @throws UncheckedIOException if the port is taken; the message says which
     */
    public DevRegistry(int port) {
        this("localhost", port);
    }

    /**
     * The same on another address of this host.
     *
     * @param host a name or an address
     */
    public DevRegistry(String host, int port) {
        this.host = host;
        addRoutes();
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (BindException e) {
            throw new UncheckedIOException(
                    "port " + port + " on " + host + " is taken: is another registry running?", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** What {@code schema.registry.url} is to be set to. */
    public String url() {
        return "http://" + host + ':' + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private record Request(MatchResult path, String query, JsonNode body) {
        String argument(int number) {
            return URLDecoder.decode(path.group(number), StandardCharsets.UTF_8);
        }

        int id() {
            return Integer.parseInt(argument(1));
        }

        boolean asks(String flag) {
            return List.of(query.split("&", -1)).contains(flag + "=true");
        }

        String schema() {
            if (!body.path("schemaType").asString("AVRO").equals("AVRO")
                    || !body.path("references").isEmpty()) {
                throw new RegistryException(422, 42201, "Invalid schema: only Avro without references is known here");
            }
            return body.path("schema").asString("");
        }

        Subjects.Level level() {
            try {
                return Subjects.Level.valueOf(body.path("compatibility").asString(""));
            } catch (IllegalArgumentException e) {
                throw new RegistryException(422, 42203, "Invalid compatibility level");
            }
        }
    }

    private record Route(String method, Pattern path, Function<Request, Object> handler) {}

    /** A route; each {@code *} stands for one segment of the path. */
    private void on(String method, String path, Function<Request, Object> handler) {
        routes.add(new Route(method, Pattern.compile(path.replace("*", "([^/]+)")), handler));
    }

    private void addRoutes() {
        on("GET", "/", ignored -> Map.of());
        on("GET", "/schemas/types", ignored -> List.of("AVRO"));
        on(
                "GET",
                "/schemas/ids/(\\d{1,9})",
                request -> Map.of("schema", subjects.schema(request.id()).toString()));
        on(
                "GET",
                "/schemas/ids/(\\d{1,9})/versions",
                request -> subjects.versionsWith(request.id()).stream()
                        .map(version -> Map.of("subject", version.subject(), "version", version.version()))
                        .toList());
        on("GET", "/subjects", ignored -> subjects.names());
        on("POST", "/subjects/*", request -> subjects.lookUp(request.argument(1), request.schema()));
        on("GET", "/subjects/*/versions", request -> subjects.versionsOf(request.argument(1)));
        on(
                "POST",
                "/subjects/*/versions",
                request -> Map.of("id", subjects.register(request.argument(1), request.schema())));
        on("GET", "/subjects/*/versions/*", request -> subjects.version(request.argument(1), request.argument(2)));
        on("POST", "/compatibility/subjects/*/versions/*", this::compatibility);
        on("GET", "/config", ignored -> Map.of("compatibilityLevel", subjects.globalLevel()));
        on("PUT", "/config", request -> {
            subjects.globalLevel(request.level());
            return Map.of("compatibility", request.level());
        });
        on("GET", "/config/*", this::levelOfSubject);
        on("PUT", "/config/*", request -> {
            subjects.levelOf(request.argument(1), request.level());
            return Map.of("compatibility", request.level());
        });
    }

    private Object compatibility(Request request) {
        var problems = subjects.problems(request.argument(1), request.argument(2), request.schema());
        return request.asks("verbose")
                ? Map.of("is_compatible", problems.isEmpty(), "messages", problems)
                : Map.of("is_compatible", problems.isEmpty());
    }

    private Object levelOfSubject(Request request) {
        var level = subjects.levelOf(request.argument(1));
        if (level == null && !request.asks("defaultToGlobal")) {
            throw new RegistryException(
                    404,
                    40408,
                    "Subject '" + request.argument(1) + "' does not have subject-level compatibility configured");
        }
        return Map.of("compatibilityLevel", level == null ? subjects.globalLevel() : level);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            Object answer;
            try {
                answer = answerOf(exchange);
            } catch (RegistryException e) {
                status = e.status();
                answer = Map.of("error_code", e.code(), "message", String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                status = 500;
                answer = Map.of("error_code", 50001, "message", e.toString());
            }
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", MEDIA_TYPE);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Object answerOf(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        boolean pathKnown = false;
        for (Route route : routes) {
            var path = route.path().matcher(uri.getRawPath());
            if (path.matches() && route.method().equals(exchange.getRequestMethod())) {
                var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
                return route.handler().apply(new Request(path.toMatchResult(), query, body(exchange)));
            }
            pathKnown |= path.matches();
        }
        throw pathKnown
                ? new RegistryException(405, 405, "HTTP 405 Method Not Allowed")
                : new RegistryException(404, 404, "HTTP 404 Not Found");
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        try {
            return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new RegistryException(400, 400, "The body is no JSON");
        }
    }
}
