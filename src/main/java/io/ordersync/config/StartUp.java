package io.ordersync.config;

import io.ordersync.messaging.RegistryUnavailable;
import io.ordersync.streams.InternalTopics;
import io.ordersync.streams.Rights;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/**
 * Starts the stream, once the registry knows the schemas of the outputs, the cluster allows what is to be done, and the topics
 * are there. Runs when the web server is up: whoever waits is alive, and health says for what. What can't be waited for fails
 * the start.
 */
final class StartUp implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /** The last two are RocksDB's own: somebody else has the state open. */
    private static final List<String> REFUSALS = List.of(
            "No space left on device",
            "Too many open files",
            "Permission denied",
            "Read-only file system",
            "Cannot allocate memory",
            "While lock file",
            "lock hold by");

    private final Runnable registration;
    private final Rights rights;
    private final InternalTopics internal;
    private final StreamClients clients;
    private final StreamsBuilderFactoryBean stream;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String waitingFor;

    /**
     * @param registration of the schemas of the outputs: waits for the registry, and throws RegistryUnavailable when it is not
     *     to wait any longer, IllegalStateException when the registry refuses one
     */
    StartUp(
            Runnable registration,
            Rights rights,
            InternalTopics internal,
            StreamClients clients,
            StreamsBuilderFactoryBean stream) {
        this.registration = registration;
        this.rights = rights;
        this.internal = internal;
        this.clients = clients;
        this.stream = stream;
    }

    /** What is waited for now; null: nothing. */
    @Nullable
    String waitingFor() {
        return waitingFor;
    }

    @EventListener
    void on(ContextClosedEvent end) {
        closed.countDown();
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (isRegistered() && arePrepared()) {
            startStream();
        }
    }

    /**
     * Kafka Streams opens all state at the start, and fails when it can't. All that is in it is in the changelogs: without it
     * the next start goes well, with it none would, if it is damaged.
     */
    private void startStream() {
        try {
            stream.start();
        } catch (org.springframework.kafka.KafkaException e) {
            if (e.getCause() instanceof ProcessorStateException cause) {
                if (isDamaged(cause)) {
                    LOG.error("the state on disk can't be opened: it is thrown away, the next start restores it");
                    throwStateAway(e);
                } else {
                    LOG.error("the state on disk can't be opened; it is left as it is, for it may not be at fault");
                }
            }
            throw e;
        }
    }

    /**
     * Yes, but for what is known to pass, or to be no fault of the state: by what the system calls it, and RocksDB and the JDK
     * hand on. A state that is taken for damaged costs a restore; one that never opens again costs the service.
     */
    static boolean isDamaged(ProcessorStateException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (cause instanceof AccessDeniedException || REFUSALS.stream().anyMatch(said::contains)) {
                return false;
            }
        }
        return true;
    }

    private void throwStateAway(RuntimeException why) {
        KafkaStreams failed = stream.getKafkaStreams();
        if (failed == null || !failed.close(CLOSING)) {
            LOG.error("it was not thrown away: the stream does not let go of it");
            return;
        }
        try {
            failed.cleanUp();
        } catch (RuntimeException e) {
            LOG.error("it was not thrown away: {}", e.toString());
            why.addSuppressed(e);
        }
    }

    /** False when the service is stopped meanwhile. */
    private boolean isRegistered() {
        waitFor("the schema registry");
        try {
            registration.run();
        } catch (RegistryUnavailable e) {
            LOG.info("stopped while waiting for the schema registry");
            LOG.debug("it was out of reach", e);
            return false;
        } catch (IllegalStateException e) {
            throw new InvalidSetting("order-sync.schema-registry: " + e.getMessage(), e);
        }
        waitFor(null);
        return true;
    }

    /** False when the service is stopped meanwhile. */
    private boolean arePrepared() {
        do {
            try (Admin admin = clients.admin()) {
                if (arePrepared(admin)) {
                    waitFor(null);
                    return true;
                }
                return false;
            } catch (InternalTopics.Refused e) {
                throw new InvalidSetting(String.valueOf(e.getMessage()), e);
            } catch (AuthenticationException e) {
                LOG.debug("the cluster lets nobody in", e);
                waitForLeave("the cluster to let us in: " + e.getMessage());
            } catch (KafkaException e) {
                if (!isOutOfReach(e)) {
                    throw e;
                }
                LOG.debug("the cluster does not answer", e);
                waitFor("the cluster");
            }
        } while (!closesMeanwhile());
        return false;
    }

    /** False when the service is stopped meanwhile. */
    private boolean arePrepared(Admin admin) {
        while (true) {
            Set<String> refused = rights.missing(admin);
            if (refused.isEmpty()) {
                try {
                    Set<String> missing = internal.prepare(admin);
                    if (missing.isEmpty()) {
                        return true;
                    }
                    waitFor("topic " + String.join(", ", missing));
                } catch (AuthorizationException e) {
                    refused = Set.of(String.valueOf(e.getMessage()));
                }
            }
            if (!refused.isEmpty()) {
                waitForLeave("the right to " + String.join(", ", refused));
            }
            if (closesMeanwhile()) {
                return false;
            }
        }
    }

    /** Also when its name is not known, or not known yet: Kafka's clients take that for a wrong setting. */
    private static boolean isOutOfReach(KafkaException failure) {
        return failure instanceof RetriableException
                || (failure.getCause() instanceof ConfigException cause
                        && String.valueOf(cause.getMessage()).contains("resolvable"));
    }

    private void waitFor(@Nullable String what) {
        if (what != null && !what.equals(waitingFor)) {
            LOG.info("waiting for {}", what);
        }
        waitingFor = what;
    }

    /** What nobody gives unasked. */
    private void waitForLeave(String what) {
        if (!what.equals(waitingFor)) {
            LOG.warn("waiting for {} (docs/security.md)", what);
        }
        waitingFor = what;
    }

    private boolean closesMeanwhile() {
        try {
            return closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }
}
