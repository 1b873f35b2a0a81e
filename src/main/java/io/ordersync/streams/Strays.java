package io.ordersync.streams;

import io.ordersync.domain.Rejection;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Where orders live, and how an event that came elsewhere gets there: by a topic of the service's own, in a record whose key
 * is the order's. What it replaces of the event, and where that came from, stands in one header.
 *
 * @param topic that topic
 * @param partitions over how many partitions the orders are spread: never another number with the same state
 */
public record Strays(String topic, IntSupplier partitions) {

    /**
     * Beside the event's own headers, and after them: a version byte (1), the partition (four bytes), the offset and the
     * timestamp (eight each), the length of the topic's name (two) and the name, one byte that is 1 if the event had a key,
     * and the key.
     */
    static final String HEADER = "order-sync-stray";

    private static final byte VERSION = 1;
    /** What Kafka allows: it will stand in logs and metrics. */
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final int FIXED_BYTES = 1 + Integer.BYTES + 2 * Long.BYTES + Short.BYTES + 1;

    /**
     * An event as its producer sent it, wherever it is read now.
     *
     * @param source where it was read first
     */
    record Event(RecordMetadata source, Record<byte[], byte[]> record) {}

    private record Source(String topic, int partition, long offset) implements RecordMetadata {}

    /**
     * The partition of an order: what Kafka's own Java producer takes for this key in a topic of so many partitions, so that
     * what comes with it is no stray.
     */
    int homeOf(Bytes order) {
        return Utils.toPositive(Utils.murmur2(order.get())) % partitions.getAsInt();
    }

    /** The partitions of {@link #topic()} may be more than orders are spread over. */
    StreamPartitioner<byte[], byte[]> partitioner() {
        return (name, key, value, count) -> Optional.of(Set.of(homeOf(Bytes.wrap(key))));
    }

    /**
     * The record that takes an event to its order.
     *
     * @param nowMs its timestamp, wall clock: one of long ago would be deleted before it is read
     */
    Record<byte[], byte[]> carry(Bytes order, Event event, long nowMs) {
        Headers headers = new RecordHeaders(event.record().headers()).add(HEADER, header(event));
        return new Record<>(order.get(), event.record().value(), nowMs, headers);
    }

    /**
     * The event that a record tells.
     *
     * @param source where {@code record} was read
     * @throws Rejection when it stands among the strays, and the service did not put it there
     */
    Event event(RecordMetadata source, Record<byte[], byte[]> record) {
        return source.topic().equals(topic) ? carriedBy(record) : new Event(source, record);
    }

    /** The topic that a record came by first; the strays' own, when it does not say. */
    String topicOf(ConsumerRecord<byte[], byte[]> record) {
        if (!record.topic().equals(topic)) {
            return record.topic();
        }
        try {
            return carriedBy(new Record<>(record.key(), record.value(), 0, record.headers()))
                    .source()
                    .topic();
        } catch (Rejection e) {
            return topic;
        }
    }

    private static Event carriedBy(Record<byte[], byte[]> record) {
        Headers others = new RecordHeaders();
        Header ours = null;
        for (Header header : record.headers()) {
            if (header.key().equals(HEADER)) {
                // The event may have come with a header of that name: it keeps it.
                if (ours != null) {
                    others.add(ours);
                }
                ours = header;
            } else {
                others.add(header);
            }
        }
        if (ours == null || ours.value() == null) {
            throw notOurs();
        }
        ByteBuffer bytes = ByteBuffer.wrap(ours.value());
        try {
            if (bytes.get() != VERSION) {
                throw notOurs();
            }
            int partition = bytes.getInt();
            long offset = bytes.getLong();
            long timestamp = bytes.getLong();
            if (timestamp < 0) {
                // There is no such record, and we never send one.
                throw notOurs();
            }
            String from = new String(take(bytes, Short.toUnsignedInt(bytes.getShort())), StandardCharsets.UTF_8);
            if (!TOPIC_NAME.matcher(from).matches()) {
                throw notOurs();
            }
            byte[] key = bytes.get() == 0 ? null : take(bytes, bytes.remaining());
            return new Event(new Source(from, partition, offset), new Record<>(key, record.value(), timestamp, others));
        } catch (BufferUnderflowException e) {
            throw notOurs();
        }
    }

    private static byte[] header(Event event) {
        byte[] topic = event.source().topic().getBytes(StandardCharsets.UTF_8);
        byte[] key = event.record().key();
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + topic.length + (key == null ? 0 : key.length))
                .put(VERSION)
                .putInt(event.source().partition())
                .putLong(event.source().offset())
                .putLong(event.record().timestamp())
                .putShort((short) topic.length)
                .put(topic)
                .put((byte) (key == null ? 0 : 1));
        return (key == null ? bytes : bytes.put(key)).array();
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static Rejection notOurs() {
        return new Rejection(Rejection.Reason.UNREADABLE, "the header " + HEADER + " does not say where it came from");
    }
}
