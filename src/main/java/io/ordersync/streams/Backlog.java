package io.ordersync.streams;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What has arrived and is not processed yet: what a deadline waits for may be among it. Safe for several threads. */
public interface Backlog {

    /**
     * Never waits; looks at the inputs meanwhile, if need be.
     *
     * @param now wall clock
     * @return a moment up to {@code now}, by the same clock: all that had arrived by then is processed, on whichever
     *     partition; null when no such moment is known, or there is a backlog. It may be known the next time
     */
    @Nullable
    Instant workedOffBy(Instant now);
}
