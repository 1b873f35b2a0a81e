package io.ordersync.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inputs as one stream thread reads them. For that thread alone. */
final class Inputs {

    private static final Logger LOG = LoggerFactory.getLogger(Inputs.class);

    /** The thread waits so long at most; a broker that is well answers within milliseconds. */
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);
    /** After a question without an answer: the other tasks of the thread would wait in vain too, and its transaction runs. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Map<TopicPartition, Long> handedOut = new HashMap<>();
    private Instant askedInVainAt = Instant.MIN;

    /** @param consumer reads committed records only, or its ends are not those of what it hands out */
    Inputs(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /** A poll gave these. */
    void handedOut(ConsumerRecords<?, ?> records) {
        for (TopicPartition input : records.partitions()) {
            handedOut.put(input, records.records(input).getLast().offset());
        }
    }

    /** What was handed out of these partitions is gone: the task that took it ended, and what it did not commit comes again. */
    void forget(int partition) {
        handedOut.keySet().removeIf(input -> input.partition() == partition);
    }

    /** The last offset that was handed out, and not forgotten; null: none was. */
    @Nullable
    Long lastHandedOut(TopicPartition input) {
        return handedOut.get(input);
    }

    /**
     * Where the inputs end by now, as far as they are committed.
     *
     * @param partition of the inputs that have so many partitions
     * @param now wall clock
     * @return the offset after the last record of each; null when it can't be known now
     */
    @Nullable
    Map<TopicPartition, Long> ends(int partition, Instant now) {
        if (now.isBefore(askedInVainAt.plus(SILENCE)) && !now.isBefore(askedInVainAt)) {
            return null;
        }
        Set<TopicPartition> inputs = consumer.assignment().stream()
                .filter(input -> input.partition() == partition)
                .collect(Collectors.toSet());
        try {
            return consumer.endOffsets(inputs, ANSWER_WITHIN);
        } catch (KafkaException e) {
            LOG.warn("the ends of the inputs are not known, deadlines wait: {}", e.toString());
            askedInVainAt = now;
            return null;
        }
    }

    /**
     * Was all handed out that is before {@code end}? What is no record, the marks of transactions and what these took back,
     * is passed by without being handed out: the position shows it, and no record's offset does.
     */
    boolean isHandedOut(TopicPartition input, long end) {
        try {
            return consumer.position(input, Duration.ZERO) >= end;
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("the position in {} is not known, deadlines wait: {}", input, e.toString());
            return false;
        }
    }
}
