package io.ordersync.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The backlog of a task, exactly: asks the broker where the inputs end, and is worked off by that moment once all before
 * these ends is processed. What comes meanwhile makes no difference, or a busy partition would never be.
 */
final class TaskBacklog implements Backlog {

    /** What takes longer to be worked off is a backlog, and a deadline that passed before it says nothing yet. */
    static final Duration RECENT = Duration.ofSeconds(10);

    private record Ends(Instant askedAt, Map<TopicPartition, Long> offsets) {

        boolean isRecent(Instant now) {
            return !askedAt.isAfter(now) && !askedAt.isBefore(now.minus(RECENT));
        }
    }

    private final TaskId task;
    private final Inputs inputs;
    /** The last offset, by topic: a task has one partition of each. */
    private final Map<String, Long> processed = new HashMap<>();

    private @Nullable Ends awaited;

    /** @param inputs those of the task's thread */
    TaskBacklog(TaskId task, Inputs inputs) {
        this.task = task;
        this.inputs = inputs;
        inputs.forget(task.partition());
    }

    @Override
    public void processed(RecordMetadata source) {
        processed.put(source.topic(), source.offset());
    }

    @Override
    public @Nullable Instant workedOffBy(Instant now) {
        Ends ends = awaited != null && awaited.isRecent(now) ? awaited : ask(now);
        awaited = ends;
        if (ends == null || !isProcessed(ends)) {
            return null;
        }
        awaited = null;
        return ends.askedAt();
    }

    private @Nullable Ends ask(Instant now) {
        Map<TopicPartition, Long> offsets = inputs.ends(task.partition(), now);
        return offsets == null || offsets.isEmpty() ? null : new Ends(now, offsets);
    }

    private boolean isProcessed(Ends ends) {
        return ends.offsets().entrySet().stream().allMatch(end -> isProcessed(end.getKey(), end.getValue()));
    }

    private boolean isProcessed(TopicPartition input, long end) {
        return inputs.isHandedOut(input, end) && isProcessedOfWhatWasHandedOut(input, end);
    }

    /** Is nothing before {@code end} waiting in the task's queue? */
    private boolean isProcessedOfWhatWasHandedOut(TopicPartition input, long end) {
        Long last = inputs.lastHandedOut(input);
        if (last == null) {
            return true;
        }
        Long done = processed.get(input.topic());
        return done != null && done >= Math.min(last, end - 1);
    }
}
