package io.ordersync.bench;

import io.ordersync.dev.Answer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What a candidate's group has committed. */
final class Progress implements AutoCloseable {

    private final Place place;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;

    Progress(Place place) {
        this.place = place;
        this.admin = place.site().admin();
        this.reader = place.site().reader();
    }

    /** How many events of the inputs are behind it. */
    long handled() {
        return committed().entrySet().stream()
                .filter(entry -> place.inputTopics().contains(entry.getKey().topic()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Is no stray left? The marks of transactions have offsets too, and nobody commits these. */
    boolean isWorkedOff() {
        String topic = place.id() + "-strays";
        if (!Answer.of(admin.listTopics().names()).contains(topic)) {
            return true;
        }
        Map<TopicPartition, Long> done = committed();
        var ends = Answer.of(admin.listOffsets(place.partitions(reader, "-strays").stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all());
        return ends.entrySet().stream().allMatch(end -> {
            long from = done.getOrDefault(end.getKey(), 0L);
            long to = end.getValue().offset();
            if (from >= to) {
                return true;
            }
            reader.assign(Set.of(end.getKey()));
            reader.seek(end.getKey(), from);
            return reader.poll(Duration.ofMillis(200)).isEmpty() && reader.position(end.getKey()) >= to;
        });
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answer.of(admin.listConsumerGroupOffsets(place.id()).partitionsToOffsetAndMetadata())
                .forEach((partition, committed) -> {
                    if (committed != null) {
                        offsets.put(partition, committed.offset());
                    }
                });
        return offsets;
    }

    @Override
    public void close() {
        admin.close();
        reader.close();
    }
}
