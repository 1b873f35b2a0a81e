package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one channel one letter at a time, when its limits and its failures allow it. Never waits longer than one request
 * may take: whoever calls does something else meanwhile, and calls again. For one thread.
 */
final class Post implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Post.class);

    /** Answers are short; what is longer comes from something in between, and must not fill the heap. */
    private static final int LONGEST_ANSWER = 64 * 1024;

    /** Of one round of attempts; the next one begins after the longest pause. */
    private static final int ATTEMPTS = 10;

    private final ChannelSettings settings;
    private final Channel channel;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final HttpClient client;
    private final Retry retry;
    private final CircuitBreaker breaker;
    private final RateLimiter limiter;
    private final TimeLimiter timeLimiter;
    private final Bulkhead bulkhead;

    private Retry.@Nullable AsyncContext<Verdict> round;
    private boolean permitted;
    private long notBeforeNanos;
    private @Nullable String failure;

    /** A failure, for the retry and the circuit to count. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        final transient @Nullable Duration after;

        Failed(String reason, @Nullable Duration after) {
            super(reason, null, false, false);
            this.after = after;
        }
    }

    /**
     * @param clock the wall clock: some channels want requests dated
     * @param nanoTime a clock that does not jump
     */
    Post(ChannelSettings settings, Resilience resilience, Clock clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        channel = settings.kind().channel(settings);
        notBeforeNanos = nanoTime.getAsLong();
        HttpClient.Builder builder = HttpClient.newBuilder()
                // One request at a time; and an upgrade of plain HTTP confuses some servers.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeLimit());
        if (settings.tls() != null) {
            builder.sslContext(settings.tls());
        }
        client = builder.build();
        String name = settings.name();
        IntervalFunction doubling =
                IntervalFunction.ofExponentialBackoff(settings.firstPause(), 2, settings.longestPause());
        retry = resilience
                .retries()
                .retry(
                        name,
                        RetryConfig.<Verdict>custom()
                                .maxAttempts(ATTEMPTS)
                                .retryOnException(failed -> failed instanceof Failed)
                                .intervalBiFunction((attempt, failed) -> {
                                    Duration asked = failed.isLeft() && failed.getLeft() instanceof Failed reason
                                            ? reason.after
                                            : null;
                                    // Whoever asks to be left alone is, and not by a jitter shorter.
                                    return Math.max(
                                            jittered(doubling.apply(attempt)), asked == null ? 0 : asked.toMillis());
                                })
                                .build());
        breaker = resilience
                .breakers()
                .circuitBreaker(
                        name,
                        CircuitBreakerConfig.custom()
                                .slidingWindowSize(ATTEMPTS)
                                .minimumNumberOfCalls(ATTEMPTS / 2)
                                .waitDurationInOpenState(settings.longestPause())
                                .permittedNumberOfCallsInHalfOpenState(1)
                                .build());
        limiter = resilience
                .limiters()
                .rateLimiter(
                        name,
                        RateLimiterConfig.custom()
                                .limitForPeriod(settings.rateLimit().requests())
                                .limitRefreshPeriod(settings.rateLimit().period())
                                .timeoutDuration(settings.rateLimit().period().multipliedBy(2))
                                .build());
        timeLimiter = resilience
                .timeLimiters()
                .timeLimiter(
                        name,
                        TimeLimiterConfig.custom()
                                .timeoutDuration(settings.timeLimit())
                                .cancelRunningFuture(true)
                                .build());
        // Two at once could overtake each other.
        bulkhead = resilience
                .bulkheads()
                .bulkhead(
                        name,
                        BulkheadConfig.custom()
                                .maxConcurrentCalls(1)
                                .maxWaitDuration(Duration.ZERO)
                                .build());
    }

    Shape shape() {
        return channel.shape();
    }

    /** Why the channel could not be told last time; null: it could. */
    @Nullable
    String failure() {
        return failure;
    }

    CircuitBreaker.State circuit() {
        return breaker.getState();
    }

    /** True when a call of {@link #attempt} could lead to a request by now. */
    boolean isReady() {
        return nanoTime.getAsLong() - notBeforeNanos >= 0;
    }

    /**
     * Tells {@code letter}, if that is allowed by now.
     *
     * @return Delivered or Refused, which end it; empty: it is to be attempted again
     */
    Optional<Verdict> attempt(Letter letter) {
        if (!isReady() || !isPermitted()) {
            return Optional.empty();
        }
        if (!breaker.tryAcquirePermission()) {
            // A permission from long ago would come on top of the limit.
            permitted = false;
            pause(Duration.ofMillis(Math.min(1_000, settings.longestPause().toMillis() / 4 + 1)));
            return Optional.empty();
        }
        permitted = false;
        Retry.AsyncContext<Verdict> attempts = Objects.requireNonNullElseGet(round, retry::asyncContext);
        round = attempts;
        long start = nanoTime.getAsLong();
        Verdict verdict = verdict(letter);
        long took = nanoTime.getAsLong() - start;
        switch (verdict) {
            case Verdict.Delivered delivered -> {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
                attempts.onComplete();
                failure = null;
                round = null;
                return Optional.of(delivered);
            }
            case Verdict.Refused refused -> {
                // It is there, and it answers.
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
                attempts.onError(new IllegalArgumentException("refused"));
                failure = refused.reason();
                round = null;
                return Optional.of(refused);
            }
            case Verdict.TooMany many -> {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
                again(attempts, many.reason(), many.after());
            }
            case Verdict.Unavailable unavailable -> {
                Failed failed = again(attempts, unavailable.reason(), unavailable.after());
                breaker.onError(took, TimeUnit.NANOSECONDS, failed);
            }
        }
        return Optional.empty();
    }

    private Failed again(Retry.AsyncContext<Verdict> attempts, String reason, @Nullable Duration after) {
        failure = reason;
        Failed failed = new Failed(reason, after);
        long waitMs = attempts.onError(failed);
        if (waitMs <= 0) {
            round = null;
            waitMs = Math.max(jittered(settings.longestPause().toMillis()), after == null ? 0 : after.toMillis());
        }
        pause(Duration.ofMillis(waitMs));
        return failed;
    }

    /** A permission that was granted is kept until a request is made. */
    private boolean isPermitted() {
        if (!permitted) {
            long waitNanos = limiter.reservePermission();
            if (waitNanos < 0) {
                pause(settings.rateLimit().period());
                return false;
            }
            permitted = true;
            if (waitNanos > 0) {
                pause(Duration.ofNanos(waitNanos));
                return false;
            }
        }
        return true;
    }

    /** Half of a pause is drawn, so that those who failed together do not ask together again. */
    private static long jittered(long pauseMs) {
        return pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1) + 1;
    }

    private void pause(Duration length) {
        notBeforeNanos = nanoTime.getAsLong() + length.toNanos();
    }

    private Verdict verdict(Letter letter) {
        HttpRequest request;
        try {
            request = request(letter);
        } catch (RuntimeException e) {
            // A bug of ours, with this alert: the others are to be told all the same.
            LOG.atError()
                    .addKeyValue("channel", settings.name())
                    .addKeyValue("error", e.getClass().getName())
                    .addKeyValue("at", Arrays.toString(e.getStackTrace()))
                    .log("an alert can't be written");
            return new Verdict.Refused("it can't be written: " + e.getClass().getSimpleName(), true);
        }
        try {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            HttpResponse<Void> response = bulkhead.executeCallable(() -> timeLimiter.executeFutureSupplier(
                    () -> client.sendAsync(request, BodyHandlers.ofByteArrayConsumer(part -> keep(head, part)))));
            return channel.read(new Answer(
                    response.statusCode(),
                    response.headers().firstValue("retry-after").orElse(null),
                    hidden(head.toString(UTF_8))));
        } catch (TimeoutException e) {
            return new Verdict.Unavailable("no answer within " + settings.timeLimit(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict.Unavailable("interrupted", null);
        } catch (Exception e) {
            // Whatever keeps the vendor from answering: the network, TLS, a server that speaks no HTTP.
            return new Verdict.Unavailable(
                    hidden(e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage())), null);
        }
    }

    private static void keep(ByteArrayOutputStream head, Optional<byte[]> part) {
        part.ifPresent(bytes -> head.write(bytes, 0, Math.min(bytes.length, LONGEST_ANSWER - head.size())));
    }

    private HttpRequest request(Letter letter) {
        Channel.Request request = channel.request(letter, clock.instant());
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .header("content-type", "application/json; charset=utf-8")
                .header("user-agent", "order-sync")
                .POST(HttpRequest.BodyPublishers.ofString(request.body()));
        request.headers().forEach(builder::setHeader);
        settings.headers().forEach(builder::setHeader);
        return builder.build();
    }

    /** Some answers repeat what they were asked. */
    private String hidden(String text) {
        String hidden = text;
        for (String secret : settings.secrets()) {
            hidden = hidden.replace(secret, "***");
        }
        return hidden;
    }

    /** The channel is somebody else's for now. */
    void rest() {
        failure = null;
        round = null;
    }

    /** What was begun is given up. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
