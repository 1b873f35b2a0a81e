package io.ordersync.streams;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inputs as one stream thread reads them. For that thread alone. */
final class Inputs {

    private static final Logger LOG = LoggerFactory.getLogger(Inputs.class);

    private final Consumer<?, ?> consumer;
    private final Admin admin;
    private final Map<TopicPartition, Long> handedOut = new HashMap<>();

    /**
     * Asks nothing yet.
     *
     * @param admin is asked where the inputs end: the consumer's own question would wait behind its fetch, which the broker
     *     holds for half a second while nothing comes, and the thread with it
     */
    Inputs(Consumer<?, ?> consumer, Admin admin) {
        this.consumer = consumer;
        this.admin = admin;
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
     * Asks where the inputs end by now, as far as they are committed.
     *
     * @param partition of the inputs that have so many partitions
     * @param within how long an answer is of use
     * @return for each the offset after the last record
     */
    CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends(int partition, Duration within) {
        Map<TopicPartition, OffsetSpec> inputs = consumer.assignment().stream()
                .filter(input -> input.partition() == partition)
                .collect(Collectors.toMap(input -> input, input -> OffsetSpec.latest()));
        ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        options.timeoutMs(Math.toIntExact(within.toMillis()));
        return admin.listOffsets(inputs, options).all().toCompletionStage().toCompletableFuture();
    }

    /**
     * Was all handed out that is before {@code end}? What is no record, the marks of transactions and what these took back,
     * is passed by without being handed out: the position shows it, and no record's offset does.
     */
    boolean isHandedOut(TopicPartition input, long end) {
        try {
            return consumer.position(input, Duration.ZERO) >= end;
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("the position in {} is not known", input, e);
            return false;
        }
    }
}
