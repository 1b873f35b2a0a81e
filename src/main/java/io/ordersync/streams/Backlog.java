package io.ordersync.streams;

import java.time.Instant;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived for a task and is not processed yet: what a deadline waits for may be among it. To be used on the task's
 * thread alone.
 */
public interface Backlog {

    /** Makes the backlog of each task. */
    interface Supplier {

        /** The backlog of a task that starts, or starts again, and has processed nothing yet. Called on its thread. */
        Backlog of(TaskId task);
    }

    /** The task has processed a record. */
    void processed(RecordMetadata source);

    /**
     * Asks for the state of the inputs, if need be.
     *
     * @param now wall clock
     * @return a moment up to {@code now}, by the same clock: all that had arrived by then is processed; null when no such
     *     moment is known that is recent. It may be known the next time then
     */
    @Nullable
    Instant workedOffBy(Instant now);
}
