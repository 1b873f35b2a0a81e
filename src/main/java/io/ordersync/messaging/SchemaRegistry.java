package io.ordersync.messaging;

import io.ordersync.domain.Rejection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas of the records on the wire, from any registry that speaks Confluent's REST API. Ids read are kept for good:
 * an id never changes its schema. While the registry is out of reach, whoever needs an id not yet known waits in its own
 * thread, until the registry answers, the thread is interrupted, or this is closed. Safe for several threads.
 */
public final class SchemaRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final RegistryClient client;
    private final Clock clock;
    private final Map<Integer, Schema> known = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int waiting;
    private @Nullable Instant waitingSince;

    /**
     * How the registry is reached.
     *
     * @param urls base URLs of one registry, asked in this order until one answers
     * @param userInfo {@code user:password} of basic authentication; null: none
     * @param connectTimeout for one base URL
     * @param readTimeout from the question to the last byte of the answer, for one base URL
     * @param autoRegister may schemas be registered? Else those of the outputs must be there already
     */
    public record Settings(
            List<URI> urls,
            @Nullable String userInfo,
            Duration connectTimeout,
            Duration readTimeout,
            boolean autoRegister) {

        public Settings {
            urls = List.copyOf(urls);
            if (urls.isEmpty()) {
                throw new IllegalArgumentException("a schema registry needs a URL");
            }
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Settings" + urls;
        }
    }

    /**
     * Asks nothing yet.
     *
     * @param clock for {@link #waitingSince()}
     */
    public SchemaRegistry(Settings settings, Clock clock) {
        this.client = new RegistryClient(settings);
        this.clock = clock;
    }

    /**
     * The schema of an id; waits for it while the registry is out of reach.
     *
     * @throws Rejection when the registry knows none, or one that is not Avro
     * @throws RegistryUnavailable when the wait was ended by {@link #close()} or an interrupt
     */
    Schema byId(int id) {
        Schema schema = known.get(id);
        if (schema == null) {
            schema = untilAnswered(() -> client.byId(id));
            known.put(id, schema);
        }
        return schema;
    }

    /**
     * The id of a schema under a subject, registered first if the settings say so; waits while the registry is out of reach.
     *
     * @throws IllegalStateException when the registry refuses the schema, or does not know it and may not be told
     * @throws RegistryUnavailable when the wait was ended by {@link #close()} or an interrupt
     */
    int idOf(String subject, Schema schema) {
        return untilAnswered(() -> client.idOf(subject, schema));
    }

    /** Since when, by the wall clock, someone has been waiting for the registry; empty when nobody is. */
    public synchronized Optional<Instant> waitingSince() {
        return Optional.ofNullable(waitingSince);
    }

    /** Ends all waiting. To be called before the threads that wait are asked to stop: they can't hear it. */
    @Override
    public void close() {
        closed.countDown();
        client.close();
    }

    private <T> T untilAnswered(Supplier<T> question) {
        try {
            return question.get();
        } catch (RegistryUnavailable e) {
            startWaiting(e);
        }
        try {
            return askAgain(question);
        } finally {
            stopWaiting();
        }
    }

    private <T> T askAgain(Supplier<T> question) {
        long pauseMs = FIRST_PAUSE.toMillis();
        while (true) {
            // Half of the pause is drawn, so that those who wait do not all ask at once.
            awaitClose(pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1));
            try {
                return question.get();
            } catch (RegistryUnavailable e) {
                LOG.atDebug().addKeyValue("error", e.getMessage()).log("schema registry still out of reach");
            }
            pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE.toMillis());
        }
    }

    private void awaitClose(long atMostMs) {
        try {
            if (closed.await(atMostMs, TimeUnit.MILLISECONDS)) {
                throw new RegistryUnavailable("closed while waiting for the schema registry");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("interrupted while waiting for the schema registry", e);
        }
    }

    private synchronized void startWaiting(RegistryUnavailable cause) {
        waiting++;
        if (waitingSince == null) {
            waitingSince = clock.instant();
            LOG.atWarn().addKeyValue("error", cause.getMessage()).log("schema registry out of reach: waiting for it");
        }
    }

    private synchronized void stopWaiting() {
        waiting--;
        if (waiting == 0 && waitingSince != null) {
            LOG.atWarn().addKeyValue("since", waitingSince).log("no longer waiting for the schema registry");
            waitingSince = null;
        }
    }
}
