package io.ordersync.streams;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Effect;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** What the stream needs from its edges: it knows bytes and facts, and not how one is written as the other. */
public interface Edges {

    /**
     * Can a record be read without waiting for anything outside? If not, that is asked for meanwhile, and the answer is another
     * one later. Never waits.
     *
     * @param topic by which the record came; any
     */
    boolean isReadable(String topic, byte[] value);

    /**
     * The fact that a record tells.
     *
     * @throws Rejection when it can't be taken in; any other exception stops the thread, and the record is read again
     */
    Arrival read(RecordMetadata source, byte[] value);

    /**
     * The order that a record without a value asks to forget; null: it asks nothing, and is passed over.
     *
     * @param key the record's
     * @throws Rejection when {@code key} is not an order's, where it should be
     */
    @Nullable
    OrderKey erasureOf(RecordMetadata source, byte @Nullable [] key);

    /** The value of the record that tells {@code effect}. */
    byte[] write(OrderKey order, Effect effect);

    /**
     * From now on, what this thread logs and measures belongs to the trace in these headers; when there is none, to none.
     *
     * @param headers of a record that is processed now
     */
    void follow(Headers headers);

    /** What of the headers of a record goes on to what it causes to be sent. */
    Headers traceOf(Headers cause);

    /** The headers of the dead letter for {@code record}: its own, and where it came from and why it was rejected. */
    Headers deadLetterHeaders(RecordMetadata source, Record<byte[], byte[]> record, Rejection rejection);
}
