package io.ordersync.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.domain.Rejection;
import io.ordersync.messaging.DeadLetter;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters to where they came from, once what kept them from being taken in is mended: key, value and headers as they
 * came, to their own partition if it is still there. What is sent and how far it was read is in one transaction, so that the
 * next run begins with what is new. A letter that can't be taken in again becomes a new one; its copies are sent once.
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

        private boolean includes(Letter letter) {
            return (topics.isEmpty() || topics.contains(letter.topic()))
                    && (reasons.isEmpty()
                            || reasons.stream().anyMatch(reason -> reason.name().equals(letter.reason())));
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

        /** Those that it came with. */
        Headers headers() {
            Headers own = new RecordHeaders(record.headers());
            List.of(DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET, DeadLetter.REASON, DeadLetter.MESSAGE)
                    .forEach(own::remove);
            return own;
        }

        /** Of all that is sent again: one that died twice has the same. */
        ByteBuffer digest() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                add(digest, topic.getBytes(UTF_8));
                add(digest, record.key());
                add(digest, record.value());
                for (Header header : headers()) {
                    add(digest, header.key().getBytes(UTF_8));
                    add(digest, header.value());
                }
                return ByteBuffer.wrap(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** With its length: nothing is the same as another part's end. */
        private static void add(MessageDigest digest, byte @Nullable [] part) {
            digest.update(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(part == null ? -1 : part.length)
                    .flip());
            if (part != null) {
                digest.update(part);
            }
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
    /** Where each partition ends; what comes later may be what was just sent, and is not to go round and round. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    /** How far earlier runs have sent all, and this one. */
    private final Map<TopicPartition, Long> noted = new HashMap<>();
    /** How many partitions the inputs have; none: it is gone. */
    private final Map<String, Integer> partitions = new HashMap<>();
    /** What was looked at. A month of letters would not fit into memory. */
    private final Set<ByteBuffer> digests = new HashSet<>();

    private final Map<String, Integer> chosen = new TreeMap<>();
    private final Map<String, Integer> unsendable = new TreeMap<>();
    private int left;
    private int copies;

    /**
     * Asks nothing yet. For one run.
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
     * @throws InvalidSetting when there is no such topic, or when it is not known what was sent before, and not said either
     *     that all is to be
     * @throws KafkaException when the cluster does not answer, or refuses, or another run begins: what was sent is told, and
     *     the next run goes on
     */
    void run(Choice choice) {
        lookAround(choice);
        try {
            long lastNews = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(A_LOOK);
                if (!records.isEmpty()) {
                    take(records, choice);
                    lastNews = System.nanoTime();
                } else if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
                    throw new KafkaException("nothing more of " + deadLetters + " can be read");
                }
            }
            if (choice.send() && choice.isOfAll()) {
                // Also where nothing stands: a note is forgotten some time after it was written.
                sendAndNote(List.of(), choice);
            }
        } finally {
            tell(choice);
        }
    }

    private void lookAround(Choice choice) {
        List<TopicPartition> all = consumer.partitionsFor(deadLetters).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (all.isEmpty()) {
            throw new InvalidSetting("order-sync.topics.dead-letters", deadLetters, "there is no such topic");
        }
        if (choice.send()) {
            // Ends what another run has open, before it is asked how far that came.
            producer.initTransactions();
        }
        consumer.committed(Set.copyOf(all)).forEach((partition, offset) -> {
            if (offset != null) {
                noted.put(partition, offset.offset());
            }
        });
        ends.putAll(consumer.endOffsets(all));
        consumer.assign(all);
        // All are noted together. One without a note beside others that have one is new.
        if (choice.send() && !choice.fromBeginning() && noted.isEmpty() && isAnythingThere(all)) {
            throw new InvalidSetting(
                    "--from-beginning",
                    "not given",
                    "it is needed, since no --send before is known: there was none, or the brokers have forgotten it, as they"
                            + " do after offsets.retention.minutes; see what it is without --send");
        }
        if (choice.fromBeginning()) {
            consumer.seekToBeginning(all);
        }
    }

    private boolean isAnythingThere(List<TopicPartition> all) {
        return consumer.beginningOffsets(all).entrySet().stream()
                .anyMatch(beginning -> beginning.getValue() < ends.getOrDefault(beginning.getKey(), 0L));
    }

    private void take(ConsumerRecords<byte[], byte[]> records, Choice choice) {
        List<Letter> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                Letter letter = Letter.of(record);
                if (isToBeSent(letter, choice)) {
                    letters.add(letter);
                }
            }
        }
        if (choice.send()) {
            sendAndNote(letters, choice);
        }
        for (Letter letter : letters) {
            out.println(letter);
            chosen.merge(letter.topic() + "  " + letter.reason(), 1, Integer::sum);
        }
    }

    private boolean isToBeSent(Letter letter, Choice choice) {
        if (!choice.includes(letter)) {
            left++;
            return false;
        }
        if (!inputs.contains(letter.topic())) {
            leave(letter, "it came from no topic that is read");
            return false;
        }
        if (partitionsOf(letter.topic()) == 0) {
            leave(letter, "its topic is gone");
            return false;
        }
        if (!digests.add(letter.digest())) {
            copies++;
            return false;
        }
        return true;
    }

    private void leave(Letter letter, String why) {
        left++;
        unsendable.merge(letter.topic(), 1, Integer::sum);
        out.println(letter + "  LEFT: " + why);
    }

    private int partitionsOf(String topic) {
        // The producer would wait for one that is gone.
        return partitions.computeIfAbsent(
                topic, name -> consumer.partitionsFor(name).size());
    }

    private void sendAndNote(List<Letter> letters, Choice choice) {
        producer.beginTransaction();
        try {
            letters.forEach(this::send);
            if (choice.isOfAll()) {
                producer.sendOffsetsToTransaction(positions(), consumer.groupMetadata());
            }
            producer.commitTransaction();
        } catch (KafkaException e) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw isFenced(e)
                    ? new KafkaException(
                            "another redrive runs, and goes on with what this one has not sent; or this one was slower than a"
                                    + " transaction may last: then run it again",
                            e)
                    : e;
        }
    }

    private static boolean isFenced(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException);
    }

    /** As far as all was sent: never back, where a run from the beginning reads what was sent before. */
    private Map<TopicPartition, OffsetAndMetadata> positions() {
        ends.forEach(
                (partition, end) -> noted.merge(partition, Math.min(consumer.position(partition), end), Math::max));
        return noted.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, offset -> new OffsetAndMetadata(offset.getValue())));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not sent makes the commit fail
    private void send(Letter letter) {
        producer.send(new ProducerRecord<>(
                letter.topic(),
                partition(letter),
                letter.record().key(),
                letter.record().value(),
                letter.headers()));
    }

    /** Its own; null, which leaves it to the producer, when the topic has no such partition. */
    private @Nullable Integer partition(Letter letter) {
        try {
            int partition = Integer.parseInt(letter.partition());
            return partition >= 0 && partition < partitionsOf(letter.topic()) ? partition : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void tell(Choice choice) {
        chosen.forEach((what, count) -> out.println(count + "  " + what));
        unsendable.forEach((topic, count) -> out.println(count + "  of '" + topic
                + "' can't be sent; once it is an input that is there, --from-beginning finds them"));
        int all = chosen.values().stream().mapToInt(Integer::intValue).sum();
        String wouldSend = noted.isEmpty() || choice.fromBeginning() ? "--from-beginning --send" : "--send";
        out.println((choice.send() ? all + " sent again, " : all + " would be sent again with " + wouldSend + ", ")
                + left
                + " left"
                + (copies == 0 ? "" : ", copies of these: " + copies));
    }
}
