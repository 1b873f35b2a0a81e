package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.Trace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Edges without a format: a value is the number of a fact that was told here, and what is sent is written as it reads. */
final class ToldEdges implements Edges {

    /** Of these nothing can be written: a bug. */
    final Set<OrderKey> broken = new HashSet<>();

    /** Of these nothing can be written now. */
    final Set<OrderKey> unreachable = new HashSet<>();

    /** All that was written. */
    final List<Effect> written = new ArrayList<>();

    private final List<Arrival> told = new ArrayList<>();

    /** The value of a record that tells {@code fact}. */
    byte[] tell(OrderKey order, Fact fact) {
        told.add(new Arrival(order, fact));
        return ByteBuffer.allocate(Integer.BYTES).putInt(told.size() - 1).array();
    }

    @Override
    public boolean isReadable(String topic, byte[] value) {
        return true;
    }

    @Override
    public Arrival read(RecordMetadata source, byte[] value) {
        return told.get(ByteBuffer.wrap(value).getInt());
    }

    @Override
    public @Nullable OrderKey erasureOf(RecordMetadata source, byte @Nullable [] key) {
        if (!source.topic().equals(TestStream.RESOLUTIONS)) {
            return null;
        }
        try {
            return OrderKey.parse(new String(key == null ? new byte[0] : key, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Rejection.Reason.INVALID_FIELD, "key is no order key", e);
        }
    }

    @Override
    public byte[] write(OrderKey order, Effect effect) {
        if (broken.contains(order)) {
            throw new IllegalStateException("a bug");
        }
        if (unreachable.contains(order)) {
            throw new TimeoutException("a registry out of reach");
        }
        written.add(effect);
        String text = switch (effect) {
            case LockCommand it -> it.action() + " " + it.refundId() + " " + it.shipmentId();
            case InterceptCommand it -> it.action() + " " + it.shipmentId();
            case Alert it -> it.code() + " " + it.state();
            case OrderCase it -> it.state() + " " + it.outcome();
        };
        return (text + "\n" + effect).getBytes(UTF_8);
    }

    @Override
    public void follow(Headers headers) {
        // Nothing is logged here that is looked at.
    }

    @Override
    public Headers traceOf(Headers cause) {
        return Trace.of(cause);
    }

    @Override
    public Headers deadLetterHeaders(RecordMetadata source, Record<byte[], byte[]> record, Rejection rejection) {
        return record.headers().add("reason", rejection.reason().name().getBytes(UTF_8));
    }
}
