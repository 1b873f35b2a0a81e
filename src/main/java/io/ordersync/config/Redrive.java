package io.ordersync.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters to where they came from, once what kept them from being taken in is mended: key, value and headers as they
 * came, to their own partition if it is still there. What is sent and how far it was read is in one transaction, so that the
 * next run begins with what is new. A letter that can't be taken in again becomes a new one.
 */
final class Redrive {

    private static final Duration A_LOOK = Duration.ofMillis(500);
    /** So long nothing may come before the broker is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Which letters.
     *
     * @param reasons empty: all
     * @param topics where they came from; empty: all
     * @param fromBeginning also those that an earlier run has sent
     * @param send false: they are listed, and nothing is sent
     */
    record Choice(Set<Rejection.Reason> reasons, Set<String> topics, boolean fromBeginning, boolean send) {

        boolean isOfAll() {
            return reasons.isEmpty() && topics.isEmpty();
        }
    }

    /** A letter, and what its headers say. */
    private record Letter(ConsumerRecord<byte[], byte[]> record, String topic, String partition, String reason) {

        static Letter of(ConsumerRecord<byte[], byte[]> record) {
            return new Letter(
                    record,
                    text(record, DeadLetter.TOPIC),
                    text(record, DeadLetter.PARTITION),
                    text(record, DeadLetter.REASON));
        }

        private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
            Header header = record.headers().lastHeader(name);
            return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
        }

        @Override
        public String toString() {
            return "%s-%d@%d  from %s-%s@%s  %s  %s"
                    .formatted(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            topic,
                            partition,
                            text(record, DeadLetter.OFFSET),
                            reason,
                            text(record, DeadLetter.MESSAGE));
        }
    }

    private final String deadLetters;
    private final Set<String> inputs;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final PrintStream out;
    private final Map<String, Integer> chosen = new TreeMap<>();
    private int left;

    /**
     * Asks nothing yet.
     *
     * @param inputs to no other topic anything is sent
     * @param consumer reads what is committed, and commits nothing by itself; its group's offsets say how far letters were sent
     * @param producer with a transactional id of its own
     */
    Redrive(
            String deadLetters,
            Set<String> inputs,
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            PrintStream out) {
        this.deadLetters = deadLetters;
        this.inputs = inputs;
        this.consumer = consumer;
        this.producer = producer;
        this.out = out;
    }

    /**
     * Works off what stands there now.
     *
     * @throws KafkaException when the cluster does not answer, or refuses: what was sent is told, and the next run goes on
     */
    void run(Choice choice) {
        List<TopicPartition> partitions = consumer.partitionsFor(deadLetters).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        if (choice.fromBeginning()) {
            consumer.seekToBeginning(partitions);
        }
        if (choice.send()) {
            producer.initTransactions();
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long lastNews = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(A_LOOK);
            if (!records.isEmpty()) {
                lastNews = System.nanoTime();
                take(records, ends, choice);
            } else if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
                throw new KafkaException("nothing more of " + deadLetters + " can be read");
            }
        }
        tell(choice);
    }

    private void take(ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> ends, Choice choice) {
        if (choice.send()) {
            producer.beginTransaction();
        }
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                // What comes meanwhile may be what was just sent, and is not to go round and round.
                Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                if (end != null && record.offset() < end) {
                    take(Letter.of(record), choice);
                }
            }
            if (choice.send()) {
                if (choice.isOfAll()) {
                    producer.sendOffsetsToTransaction(positions(records, ends), consumer.groupMetadata());
                }
                producer.commitTransaction();
            }
        } catch (KafkaException e) {
            if (choice.send()) {
                producer.abortTransaction();
            }
            throw e;
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(
            ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            long next = records.records(partition).getLast().offset() + 1;
            positions.put(partition, new OffsetAndMetadata(Math.min(next, ends.getOrDefault(partition, next))));
        }
        return positions;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not sent makes the commit fail
    private void take(Letter letter, Choice choice) {
        boolean isChosen = (choice.topics().isEmpty() || choice.topics().contains(letter.topic()))
                && (choice.reasons().isEmpty()
                        || choice.reasons().stream()
                                .anyMatch(reason -> reason.name().equals(letter.reason())));
        if (!isChosen || !inputs.contains(letter.topic())) {
            left++;
            if (isChosen) {
                out.println(letter + "  LEFT: it came from no topic that is read");
            }
            return;
        }
        out.println(letter);
        chosen.merge(letter.topic() + "  " + letter.reason(), 1, Integer::sum);
        if (choice.send()) {
            producer.send(new ProducerRecord<>(
                    letter.topic(),
                    partition(letter),
                    letter.record().key(),
                    letter.record().value(),
                    withoutOurs(letter.record().headers())));
        }
    }

    /** Its own; null, which leaves it to the producer, when the topic has no such partition. */
    private @Nullable Integer partition(Letter letter) {
        try {
            int partition = Integer.parseInt(letter.partition());
            return partition >= 0
                            && partition
                                    < producer.partitionsFor(letter.topic()).size()
                    ? partition
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Headers withoutOurs(Headers headers) {
        Headers own = new RecordHeaders(headers);
        List.of(DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET, DeadLetter.REASON, DeadLetter.MESSAGE)
                .forEach(own::remove);
        return own;
    }

    private void tell(Choice choice) {
        chosen.forEach((what, count) -> out.println(count + "  " + what));
        int all = chosen.values().stream().mapToInt(Integer::intValue).sum();
        out.println(
                choice.send()
                        ? all + " sent again, " + left + " left"
                        : all + " would be sent again with --send, " + left + " left");
    }
}
