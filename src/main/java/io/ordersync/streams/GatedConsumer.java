package io.ordersync.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Kafka's consumer, which hands out a record only when it can be read without waiting. Until then its partition rests at that
 * record, as if it had not come yet, and the thread goes on with the others.
 */
final class GatedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final Predicate<ConsumerRecord<byte[], byte[]>> readable;
    private final boolean isStaticMember;
    /** The record at which each resting partition stands: it is paused, and its position is that record's. */
    private final Map<TopicPartition, ConsumerRecord<byte[], byte[]>> resting = new HashMap<>();
    /** Where partitions woke: that record is handed out without being asked for again, however long the fetch takes. */
    private final Map<TopicPartition, Long> woken = new HashMap<>();
    /** What the owner of this consumer wants paused, resting or not. */
    private final Set<TopicPartition> pausedByOwner = new HashSet<>();

    /** @param readable can a record be read now? Is asked again until it can, and never waits */
    GatedConsumer(Map<String, Object> config, Predicate<ConsumerRecord<byte[], byte[]>> readable) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.readable = readable;
        isStaticMember = config.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG) != null;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (!resting.isEmpty()) {
            wakeUp();
        }
        return upToTheFirstToWaitFor(super.poll(timeout));
    }

    /** Goes on with the partitions whose record can be read by now. */
    private void wakeUp() {
        // One that was taken away, and may have been given back, is paused no longer: it comes to that record again.
        resting.keySet().retainAll(paused());
        Set<TopicPartition> awake = new HashSet<>();
        resting.forEach((partition, record) -> {
            if (readable.test(record)) {
                awake.add(partition);
                woken.put(partition, record.offset());
            }
        });
        resting.keySet().removeAll(awake);
        awake.removeAll(pausedByOwner);
        super.resume(awake);
    }

    private ConsumerRecords<byte[], byte[]> upToTheFirstToWaitFor(ConsumerRecords<byte[], byte[]> all) {
        Map<TopicPartition, Integer> handedOut = new HashMap<>();
        for (TopicPartition partition : all.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = all.records(partition);
            for (int i = 0; i < records.size(); i++) {
                if (!mayBeHandedOut(partition, records.get(i))) {
                    handedOut.put(partition, i);
                    rest(partition, records.get(i));
                    break;
                }
            }
        }
        return handedOut.isEmpty() ? all : cut(all, handedOut);
    }

    private boolean mayBeHandedOut(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        if (readable.test(record)) {
            return true;
        }
        Long offset = woken.get(partition);
        return offset != null && offset == record.offset();
    }

    private void rest(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        super.pause(List.of(partition));
        seek(partition, new OffsetAndMetadata(record.offset(), record.leaderEpoch(), ""));
        resting.put(partition, record);
    }

    private static ConsumerRecords<byte[], byte[]> cut(
            ConsumerRecords<byte[], byte[]> all, Map<TopicPartition, Integer> handedOut) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(all.nextOffsets());
        for (TopicPartition partition : all.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> some = all.records(partition);
            Integer count = handedOut.get(partition);
            if (count != null) {
                ConsumerRecord<byte[], byte[]> first = some.get(count);
                next.put(partition, new OffsetAndMetadata(first.offset(), first.leaderEpoch(), ""));
                some = some.subList(0, count);
            }
            if (!some.isEmpty()) {
                records.put(partition, some);
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    /** Kafka Streams lets a task wait for a partition that has records left: this one has none that could be had. */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return resting.containsKey(partition) ? OptionalLong.of(0) : super.currentLag(partition);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        super.pause(partitions);
        pausedByOwner.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByOwner.removeAll(partitions);
        List<TopicPartition> awake = new ArrayList<>(partitions);
        awake.removeAll(resting.keySet());
        super.resume(awake);
    }

    /**
     * Leaves the group, whatever is asked for: of a thread that died and is replaced Kafka Streams wants the consumer to
     * remain, and then nobody gets that thread's partitions before its session has expired. A static member remains if it is
     * to: it comes back by its name.
     */
    @Override
    public void close(CloseOptions options) {
        if (isStaticMember) {
            super.close(options);
            return;
        }
        super.close(options.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }
}
