package io.ordersync.messaging;

import io.ordersync.contract.RefundApproved;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.AvroDeserializer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema registry, as the service needs it: what reads and writes records by it is made by the names of its classes, and
 * waits for it. While it is out of reach, whoever needs an id not yet known waits in its own thread, until the registry
 * answers, the thread is interrupted, or this is closed. Safe for several threads.
 */
public final class SchemaRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Clock clock;
    private final List<AutoCloseable> made = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int waiting;
    private @Nullable Instant waitingSince;

    /**
     * What reads and writes records, and how it is configured.
     *
     * @param serializer class name of one of Kafka's serializers that writes generated classes of Avro's, safe for several
     *     threads
     * @param deserializer class name of one that reads them, as {@code specific.avro.value.type} says
     * @param properties by Confluent's keys; may hold secrets
     */
    public record Settings(String serializer, String deserializer, Map<String, String> properties) {

        public Settings {
            properties = Map.copyOf(properties);
        }

        /** Without the values. */
        @Override
        public String toString() {
            return "Settings[" + serializer + ", " + deserializer + ", " + properties.keySet() + "]";
        }
    }

    /**
     * Asks nothing yet.
     *
     * @param clock for {@link #waitingSince()}
     */
    public SchemaRegistry(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Makes and configures what {@code settings} name, and throws it away.
     *
     * @throws RuntimeException when it can't be; the message says which key is wrong
     */
    public static void check(Settings settings) {
        try (SchemaRegistry trial = new SchemaRegistry(settings, Clock.systemUTC())) {
            trial.serializer();
            trial.deserializer(RefundApproved.class);
        }
    }

    /** By which it is told how long someone has been waiting. */
    Clock clock() {
        return clock;
    }

    Serializer<Object> serializer() {
        @SuppressWarnings("unchecked") // who takes a generated class takes these
        Serializer<Object> serializer = (Serializer<Object>) made(settings.serializer(), Serializer.class);
        serializer.configure(settings.properties(), false);
        return serializer;
    }

    Deserializer<?> deserializer(Class<? extends SpecificRecord> type) {
        Contract.model(type);
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put("specific.avro.reader", true);
        properties.put("specific.avro.value.type", type);
        Deserializer<?> deserializer = made(settings.deserializer(), Deserializer.class);
        deserializer.configure(properties, false);
        return deserializer;
    }

    private <T extends AutoCloseable> T made(String name, Class<T> type) {
        try {
            T instance = Utils.newInstance(name, type);
            made.add(instance);
            return instance;
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("no class " + name, e);
        }
    }

    /**
     * The record in {@code value}; waits while its schema is not known and the registry out of reach.
     *
     * @throws Rejection UNREADABLE or UNKNOWN_SCHEMA, with a message that tells nothing of the content
     * @throws RegistryUnavailable when the wait was ended by {@link #close()} or an interrupt
     */
    <T extends SpecificRecord> T read(Deserializer<?> deserializer, String topic, byte[] value, Class<T> type) {
        return type.cast(untilAnswered(() -> {
            try {
                return deserializer.deserialize(topic, new RecordHeaders(), value);
            } catch (RuntimeException e) {
                // What others say may hold the content.
                boolean ours = deserializer instanceof AvroDeserializer;
                throw switch (Failure.of(e)) {
                    case OUT_OF_REACH -> new RegistryUnavailable(messageOf(e), e);
                    case UNKNOWN_SCHEMA ->
                        new Rejection(
                                Rejection.Reason.UNKNOWN_SCHEMA,
                                ours ? messageOf(e) : "the registry knows no schema of the value that can be read",
                                e);
                    case UNFIT ->
                        new Rejection(Rejection.Reason.UNREADABLE, ours ? messageOf(e) : "the value can't be read", e);
                    case BUG -> e;
                };
            } catch (StackOverflowError e) {
                throw new Rejection(Rejection.Reason.UNREADABLE, "the value is nested too deep", e);
            }
        }));
    }

    /**
     * The value of the record that holds {@code datum}; waits while the id of its schema is not known and the registry out of
     * reach.
     *
     * @throws IllegalStateException when the registry refuses the schema, or does not know it and may not be told
     * @throws RegistryUnavailable when the wait was ended by {@link #close()} or an interrupt
     */
    byte[] write(Serializer<Object> serializer, String topic, SpecificRecord datum) {
        return untilAnswered(() -> {
            try {
                return serializer.serialize(topic, new RecordHeaders(), datum);
            } catch (RuntimeException e) {
                throw switch (Failure.of(e)) {
                    case OUT_OF_REACH -> new RegistryUnavailable(messageOf(e), e);
                    case UNKNOWN_SCHEMA, UNFIT -> new IllegalStateException(messageOf(e), e);
                    case BUG -> e;
                };
            }
        });
    }

    private static String messageOf(RuntimeException failure) {
        return Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getName());
    }

    /** Since when, by the wall clock, someone has been waiting for the registry; empty when nobody is. */
    public synchronized Optional<Instant> waitingSince() {
        return Optional.ofNullable(waitingSince);
    }

    /** Ends all waiting. To be called before the threads that wait are asked to stop: they can't hear it. */
    @Override
    public void close() {
        closed.countDown();
        made.forEach(each -> Utils.closeQuietly(each, each.getClass().getName()));
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
