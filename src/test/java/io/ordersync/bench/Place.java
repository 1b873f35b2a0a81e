package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.dev.Answer;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.util.FileSystemUtils;

/**
 * Where one run of a candidate takes place.
 *
 * @param inputs the prefix of the topics that are read
 * @param id the consumer group, and the beginning of the names of all topics that the run makes
 * @param directory for its state and its settings
 * @param port a free one
 */
record Place(Site site, String inputs, String id, Path directory, int port) implements AutoCloseable {

    static final String INTERCEPTS = ".intercept-shipment-commands";
    static final String ALERTS = ".order-alerts";
    static final String CASES = ".order-cases";
    static final String DEAD_LETTERS = ".order-sync-dead-letters";
    /** What each run has; what it writes besides, it makes. */
    static final List<String> OUTPUTS =
            List.of(".warehouse-lock-commands", INTERCEPTS, ALERTS, CASES, DEAD_LETTERS, ".order-alerts-undelivered");

    /**
     * What a run wrote to one topic, tombstones too.
     *
     * @param name without the run's id
     * @param bytes of their keys and values
     */
    record Written(String name, long records, long bytes) {}

    static Place of(Site site, String inputs, String id) {
        Path directory = site.directory().resolve(id);
        try {
            Files.createDirectory(directory);
            site.createTopics(OUTPUTS.stream().map(output -> id + output));
            return new Place(site, inputs, id, directory, Ports.free());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> inputTopics() {
        return List.of(inputs + Load.REFUNDS, inputs + Load.PARCELS);
    }

    /** The keys of all records, in no order. */
    List<String> keys(String output) {
        List<String> keys = new ArrayList<>();
        forEach(output, record -> keys.add(new String(record.key(), UTF_8)));
        return keys;
    }

    /** All records of one topic that are committed by now. */
    void forEach(String output, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (Consumer<byte[], byte[]> reader = site.reader()) {
            read(reader, output, each);
        }
    }

    /** All that was written, by topic. */
    List<Written> written() {
        try (Admin admin = site.admin();
                Consumer<byte[], byte[]> reader = site.reader()) {
            return ownTopics(admin)
                    .filter(topic -> !inputTopics().contains(topic))
                    .map(topic -> topic.substring(id.length()))
                    .sorted()
                    .map(name -> {
                        long[] sums = new long[2];
                        read(reader, name, record -> {
                            sums[0]++;
                            sums[1] +=
                                    Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                        });
                        return new Written(name, sums[0], sums[1]);
                    })
                    .filter(written -> written.records() > 0)
                    .toList();
        }
    }

    private void read(
            Consumer<byte[], byte[]> reader,
            String output,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Collection<TopicPartition> all = partitions(reader, output);
        reader.assign(all);
        reader.seekToBeginning(all);
        Map<TopicPartition, Long> ends = reader.endOffsets(all);
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(100)).forEach(each);
        }
    }

    List<TopicPartition> partitions(Consumer<byte[], byte[]> reader, String output) {
        return reader.partitionsFor(id + output).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private Stream<String> ownTopics(Admin admin) {
        return Answer.of(admin.listTopics().names()).stream()
                .filter(topic -> topic.startsWith(id + '.') || topic.startsWith(id + '-'));
    }

    /** Deletes what the run made, on disk and in the cluster. */
    @Override
    public void close() {
        try (Admin admin = site.admin()) {
            Answer.of(admin.deleteTopics(ownTopics(admin).toList()).all());
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
