package io.ordersync.dev;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way to a registry; while it is shut, nobody who asks is answered, and while it is slow, late. */
public final class Door implements AutoCloseable {

    private final String registryUrl;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile boolean shut;
    private volatile Duration delay = Duration.ZERO;

    /** Stands open, before the registry at this URL. */
    public Door(String registryUrl) {
        this.registryUrl = registryUrl;
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    /** Where the registry is reached through it. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** From now on nobody is answered. */
    public void shut() {
        shut = true;
    }

    /** From now on all are answered again. */
    public void open() {
        shut = false;
    }

    /** From now on each answer is held back for so long. */
    public void delay(Duration each) {
        delay = each;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (shut) {
                return;
            }
            var question = HttpRequest.newBuilder(URI.create(registryUrl + exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                    .headers(
                            "Content-Type",
                            Objects.requireNonNullElse(
                                    exchange.getRequestHeaders().getFirst("Content-Type"), "application/json"))
                    .build();
            Thread.sleep(delay);
            var answer = http.send(question, BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        http.close();
    }
}
