package io.ordersync.streams;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A backlog as a test has it: none, unless it says otherwise. */
final class GivenBacklog implements Backlog {

    /** By how much what is processed is behind; null: it is not known. */
    @Nullable
    Duration behind = Duration.ZERO;

    @Override
    public @Nullable Instant workedOffBy(Instant now) {
        return behind == null ? null : now.minus(behind);
    }
}
