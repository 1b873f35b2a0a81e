package io.ordersync.config;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, so that a stall longer than a transaction may last heals by itself (KAFKA-20785). Too
 * many deaths in a short time are no stall: the stream stops then, and health says so.
 */
final class ReplaceThreads implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ReplaceThreads.class);

    private final int atMost;
    private final Duration within;
    private final Clock clock;
    private final Deque<Instant> deaths = new ArrayDeque<>();

    ReplaceThreads(int atMost, Duration within, Clock clock) {
        this.atMost = atMost;
        this.within = within;
        this.clock = clock;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
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
