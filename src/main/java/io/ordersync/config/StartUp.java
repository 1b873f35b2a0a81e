package io.ordersync.config;

import io.ordersync.messaging.RegistryUnavailable;
import io.ordersync.streams.InternalTopics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
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
 * Starts the stream, once the registry knows the schemas of the outputs and the topics are there. Runs when the web server
 * is up: whoever waits is alive, and health says for what. What can't be waited for fails the start.
 */
final class StartUp implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Runnable registration;
    private final InternalTopics internal;
    private final StreamClients clients;
    private final StreamsBuilderFactoryBean stream;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String waitingFor;

    /**
     * @param registration of the schemas of the outputs: waits for the registry, and throws RegistryUnavailable when it is not
     *     to wait any longer, IllegalStateException when the registry refuses one
     */
    StartUp(Runnable registration, InternalTopics internal, StreamClients clients, StreamsBuilderFactoryBean stream) {
        this.registration = registration;
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
     * the next start goes well, with it none would.
     */
    private void startStream() {
        try {
            stream.start();
        } catch (org.springframework.kafka.KafkaException e) {
            if (e.getCause() instanceof ProcessorStateException) {
                LOG.error("the state on disk can't be opened: it is thrown away, the next start restores it");
                throwStateAway();
            }
            throw e;
        }
    }

    private void throwStateAway() {
        KafkaStreams failed = stream.getKafkaStreams();
        if (failed != null && failed.close(CLOSING)) {
            failed.cleanUp();
        } else {
            LOG.error("it was not thrown away: the stream does not let go of it");
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
            Set<String> missing = internal.prepare(admin);
            if (missing.isEmpty()) {
                return true;
            }
            waitFor("topic " + String.join(", ", missing));
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

    private boolean closesMeanwhile() {
        try {
            return closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }
}
