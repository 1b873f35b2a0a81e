package io.ordersync.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The backlog of a task, exactly: asks the broker where the inputs end, and is worked off by that moment once all before
 * these ends is processed. What comes meanwhile makes no difference, or a busy partition would never be. It never waits: an
 * answer is there the next time.
 */
final class TaskBacklog implements Backlog {

    /** What takes longer to be worked off is a backlog: what passed before it is judged once it is gone, by the time then. */
    static final Duration RECENT = Duration.ofSeconds(10);

    private record Question(Instant at, CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends) {

        /** Is its answer of no use any more, or was there none? */
        boolean isOver(Instant now) {
            return at.isAfter(now) || at.isBefore(now.minus(RECENT)) || ends.state() == Future.State.FAILED;
        }
    }

    private final TaskId task;
    private final Inputs inputs;
    /** The last offset, by topic: a task has one partition of each. */
    private final Map<String, Long> processed = new HashMap<>();

    private @Nullable Question open;

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
        Question asked = open;
        if (asked == null || asked.isOver(now)) {
            open = ask(now);
            return null;
        }
        if (asked.ends().state() != Future.State.SUCCESS
                || !isProcessed(asked.ends().resultNow())) {
            return null;
        }
        open = ask(now);
        return asked.at();
    }

    private Question ask(Instant now) {
        return new Question(now, inputs.ends(task.partition(), RECENT));
    }

    private boolean isProcessed(Map<TopicPartition, ListOffsetsResultInfo> ends) {
        return !ends.isEmpty()
                && ends.entrySet().stream()
                        .allMatch(
                                end -> isProcessed(end.getKey(), end.getValue().offset()));
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
