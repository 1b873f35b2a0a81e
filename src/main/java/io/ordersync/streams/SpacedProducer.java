package io.ordersync.streams;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's producer, which leaves the broker a moment between two transactions. When a commit is answered its markers are still
 * to be written; a record that comes before they are is put off by the broker for 20 ms
 * ({@code add.partitions.to.txn.retry.backoff.ms}), and with it all that the thread does. See decision 0016.
 */
final class SpacedProducer extends KafkaProducer<byte[], byte[]> {

    /** So soon the markers of 98 in 100 transactions are written by a broker that is not busy (docs/performance.md). */
    static final Duration SPACE = Duration.ofMillis(3);

    private final long spaceNanos;
    /** When the last commit was answered, or when this was made. */
    private long committedNanos = System.nanoTime();

    /** @param space from the answer to a commit until the next flush, at least */
    SpacedProducer(Map<String, Object> config, Duration space) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        spaceNanos = space.toNanos();
    }

    @Override
    public void commitTransaction() {
        super.commitTransaction();
        committedNanos = System.nanoTime();
    }

    /** Sends all that waits, but not sooner after the last commit than is given. Who interrupts it does not shorten that. */
    @Override
    public void flush() {
        for (long left = left(); left > 0; left = left()) {
            LockSupport.parkNanos(left);
        }
        super.flush();
    }

    private long left() {
        return spaceNanos - (System.nanoTime() - committedNanos);
    }
}
