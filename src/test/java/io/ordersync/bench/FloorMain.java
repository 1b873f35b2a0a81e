package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What exactly once alone costs: reads both inputs, writes records of given sizes for each event, and commits both in one
 * transaction at an interval. It reads no value and has no state but the keys of the races, which it is told. Its clients are
 * plain ones with the settings that Kafka Streams would give its own; one thread has all partitions.
 */
final class FloorMain {

    private final Producer<byte[], byte[]> producer;
    private final Set<Bytes> races;
    private final Set<Bytes> seenOnce = new HashSet<>();
    private final List<Due> dues;

    private FloorMain(Producer<byte[], byte[]> producer, Set<Bytes> races, List<Copies> copies) {
        this.producer = producer;
        this.races = races;
        this.dues = copies.stream().map(Due::new).toList();
    }

    /**
     * What is written to one topic.
     *
     * @param ofRaces is it written at the second event of a race, or at any event?
     * @param records in all, evenly spread over the occasions
     * @param occasions races or events, in all
     * @param bytes of the key and the value of each
     */
    record Copies(String topic, boolean ofRaces, long records, long occasions, int bytes) {

        private static Copies parse(String text) {
            String[] parts = text.split("/", -1);
            return new Copies(
                    parts[0],
                    Boolean.parseBoolean(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Integer.parseInt(parts[4]));
        }

        /** As it is parsed. */
        @Override
        public String toString() {
            return topic + '/' + ofRaces + '/' + records + '/' + occasions + '/' + bytes;
        }
    }

    /** How much of it is written. */
    private static final class Due {

        private final Copies copies;
        private long occasions;
        private long written;

        Due(Copies copies) {
            this.copies = copies;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // A transaction can't be committed when one of them was refused.
        void occasion(Producer<byte[], byte[]> producer, byte[] key) {
            occasions++;
            for (; written < occasions * copies.records / copies.occasions; written++) {
                byte[] value = new byte[Math.max(0, copies.bytes - key.length)];
                producer.send(new ProducerRecord<>(copies.topic, key, value));
            }
        }
    }

    /** With the file of the settings, the prefix of the inputs, the file of the races' keys and what is to be written. */
    public static void main(String[] arguments) throws IOException {
        StreamsConfig settings = StreamSettings.read(arguments[0]);
        String id = settings.getString(StreamsConfig.APPLICATION_ID_CONFIG);
        Map<String, Object> consumes = settings.getMainConsumerConfigs(id, id, 0);
        // Kafka Streams' own hands out tasks.
        consumes.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        Map<String, Object> produces = settings.getProducerConfigs(id);
        produces.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        Set<Bytes> races = Files.readAllLines(Path.of(arguments[2])).stream()
                .map(key -> Bytes.wrap(key.getBytes(UTF_8)))
                .collect(Collectors.toSet());
        List<Copies> copies =
                Arrays.stream(arguments).skip(3).map(Copies::parse).toList();
        try (Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(produces, new ByteArraySerializer(), new ByteArraySerializer());
                Consumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(consumes, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            producer.initTransactions();
            consumer.subscribe(List.of(arguments[1] + Load.REFUNDS, arguments[1] + Load.PARCELS));
            new FloorMain(producer, races, copies)
                    .copy(
                            consumer,
                            Duration.ofMillis(settings.getLong(StreamsConfig.POLL_MS_CONFIG)),
                            Duration.ofMillis(settings.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)));
        }
    }

    /** Until the process is told to stop. */
    private void copy(Consumer<byte[], byte[]> consumer, Duration poll, Duration interval) {
        Map<TopicPartition, OffsetAndMetadata> open = new HashMap<>();
        long committed = System.nanoTime();
        while (true) {
            long left = Math.max(0, committed + interval.toNanos() - System.nanoTime());
            ConsumerRecords<byte[], byte[]> records =
                    consumer.poll(open.isEmpty() ? poll : Duration.ofNanos(Math.min(poll.toNanos(), left)));
            if (!records.isEmpty() && open.isEmpty()) {
                producer.beginTransaction();
            }
            records.forEach(this::copy);
            open.putAll(records.nextOffsets());
            if (!open.isEmpty() && System.nanoTime() - committed >= interval.toNanos()) {
                producer.sendOffsetsToTransaction(open, consumer.groupMetadata());
                producer.commitTransaction();
                open.clear();
                committed = System.nanoTime();
            }
        }
    }

    private void copy(ConsumerRecord<byte[], byte[]> event) {
        boolean isRace = isSecondOfRace(event.key());
        for (Due due : dues) {
            if (isRace || !due.copies.ofRaces) {
                due.occasion(producer, event.key());
            }
        }
    }

    private boolean isSecondOfRace(byte[] key) {
        Bytes order = Bytes.wrap(key);
        return races.contains(order) && !seenOnce.add(order);
    }
}
