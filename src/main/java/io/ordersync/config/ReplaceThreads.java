package io.ordersync.config;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, so that a stall longer than a transaction may last heals by itself (KAFKA-20785). Too
 * many deaths in a short time are no stall, and where a right is missing another thread would do no better: the stream stops
 * then, and the process ends. It ends at once when a thread died of what leaves a JVM in no state to go on, as for want of
 * memory: others may have died of it unseen.
 */
final class ReplaceThreads implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ReplaceThreads.class);

    /** What the JVM itself ends with by {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    private final int atMost;
    private final Duration within;
    private final Clock clock;
    private final BooleanSupplier mayGoOn;
    private final Runnable halt;
    private final Deque<Instant> deaths = new ArrayDeque<>();

    /**
     * Does nothing yet.
     *
     * @param mayGoOn could another thread do better? Says itself why not
     * @param halt ends the process at once, and does not return
     */
    ReplaceThreads(int atMost, Duration within, Clock clock, BooleanSupplier mayGoOn, Runnable halt) {
        this.atMost = atMost;
        this.within = within;
        this.clock = clock;
        this.mayGoOn = mayGoOn;
        this.halt = halt;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof VirtualMachineError) {
                halt.run();
            }
        }
        if (!mayGoOn.getAsBoolean()) {
            LOG.error("stream thread died: the stream stops", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return countDeath(failure);
    }

    private synchronized StreamThreadExceptionResponse countDeath(Throwable failure) {
        Instant now = clock.instant();
        deaths.addLast(now);
        while (deaths.getFirst().isBefore(now.minus(within))) {
            deaths.removeFirst();
        }
        if (deaths.size() > atMost) {
            LOG.error("stream thread died {} times within {}: the stream stops", deaths.size(), within, failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("stream thread died and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
