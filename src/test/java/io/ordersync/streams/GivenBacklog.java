package io.ordersync.streams;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A backlog as a test has it: none, unless it says otherwise. */
final class GivenBacklog implements Backlog, Backlog.Supplier {

    /** By how much what is processed is behind; null: it is not known. */
    @Nullable
    Duration behind = Duration.ZERO;

    int processed;

    @Override
    public Backlog of(TaskId task) {
        return this;
    }

    @Override
    public void processed(RecordMetadata source) {
        processed++;
    }

    @Override
    public @Nullable Instant workedOffBy(Instant now) {
        return behind == null ? null : now.minus(behind);
    }
}
