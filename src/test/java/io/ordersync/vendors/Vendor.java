package io.ordersync.vendors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A vendor's server on loopback. It takes what its API takes, until it is told to behave otherwise. */
public final class Vendor implements AutoCloseable {

    /** 32 letters and digits, as PagerDuty's; the webhook's is Base64. */
    public static final String SECRET = "SECa1b2c3d4e5f60718293a4b5c6d7e8";

    public static final String WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final VendorApi api;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Call> taken = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final Deque<Long> lately = new ArrayDeque<>();
    private volatile @Nullable Function<Call, @Nullable Reply> behaviour;
    private volatile CountDownLatch hang = new CountDownLatch(0);

    public Vendor(VendorApi api) {
        this(api, plain());
    }

    /** @param server not started */
    public Vendor(VendorApi api, HttpServer server) {
        this.api = api;
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer plain() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the vendor would give it. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort() + api.target;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String secret() {
        return api == VendorApi.WEBHOOK ? WEBHOOK_SECRET : SECRET;
    }

    /** All requests, in their order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Those that were taken. */
    public List<Call> taken() {
        return List.copyOf(taken);
    }

    /** What was answered to those that were not. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /**
     * Answers as is said here.
     *
     * @param reply null for a request: the connection is closed without an answer
     */
    public void behave(Function<Call, @Nullable Reply> reply) {
        behaviour = reply;
    }

    /** As the API says, again. */
    public void behaveWell() {
        behaviour = null;
        hang.countDown();
    }

    /** Takes requests and does not answer, until it behaves well. */
    public void hang() {
        hang = new CountDownLatch(1);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            Call call = new Call(
                    System.nanoTime(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestURI().getRawQuery(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            calls.add(call);
            hang.await();
            Function<Call, @Nullable Reply> other = behaviour;
            Reply reply = other != null ? other.apply(call) : isTooMany() ? api.tooMany() : api.reply(call, secret());
            if (reply == null) {
                return;
            }
            if (VendorApi.isTaken(reply)) {
                taken.add(call);
            } else {
                refusals.add(reply.status() + " " + reply.body());
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = reply.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isTooMany() {
        long now = System.nanoTime();
        while (!lately.isEmpty() && now - lately.getFirst() > api.per.toNanos()) {
            lately.removeFirst();
        }
        lately.addLast(now);
        return lately.size() > api.limit;
    }

    @Override
    public void close() {
        hang.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
