package io.ordersync.streams;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which order has to be looked at when: an entry for each order that waits for something, by time. Its key is the time,
 * eight bytes of milliseconds since 1970 UTC, the first first, and the order's key; there is nothing in its value.
 */
final class Timers {

    /**
     * An entry.
     *
     * @param dueMillis wall clock
     * @param order the key of the order
     */
    record Timer(long dueMillis, Bytes order) {

        private Bytes key() {
            return Timers.key(dueMillis, order);
        }
    }

    private static final byte[] NOTHING = {};

    private final KeyValueStore<Bytes, byte[]> store;

    /** No entry is before it: whoever begins to scan earlier reads over all that was deleted since the last compaction. */
    private long firstMillis;

    /** @param store may hold what an earlier run left */
    Timers(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Puts the entry of {@code order} from one time to another; null: it has none. */
    void move(Bytes order, @Nullable Instant from, @Nullable Instant to) {
        Long fromMillis = from == null ? null : (Long) from.toEpochMilli();
        Long toMillis = to == null ? null : (Long) to.toEpochMilli();
        if (Objects.equals(fromMillis, toMillis)) {
            return;
        }
        if (fromMillis != null) {
            store.put(key(fromMillis, order), null);
        }
        if (toMillis != null) {
            add(new Timer(toMillis, order));
        }
    }

    /**
     * Has {@code order} an entry of that time? Throws ProcessorStateException when that can't be read, or was passed over: the
     * iterator over a store on disk ends at what can't be read as if nothing came after it.
     */
    boolean has(Bytes order, Instant due) {
        boolean has = store.get(key(due.toEpochMilli(), order)) != null;
        if (has && due.toEpochMilli() < firstMillis) {
            throw new ProcessorStateException("the timers on disk can't be read to their end");
        }
        return has;
    }

    void add(Timer timer) {
        store.put(timer.key(), NOTHING);
        firstMillis = Math.min(firstMillis, timer.dueMillis());
    }

    void remove(Timer timer) {
        store.put(timer.key(), null);
    }

    /** Those that are due at {@code now}, the first first, and of many the first {@code atMost}. */
    List<Timer> due(Instant now, int atMost) {
        long end = now.toEpochMilli() + 1;
        if (end <= firstMillis) {
            return List.of();
        }
        List<Timer> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(key(firstMillis), key(end))) {
            while (due.size() < atMost && entries.hasNext()) {
                due.add(timer(entries.next().key));
            }
        }
        firstMillis = due.isEmpty() ? end : due.getFirst().dueMillis();
        return due;
    }

    private static Timer timer(Bytes key) {
        byte[] bytes = key.get();
        return new Timer(
                ByteBuffer.wrap(bytes).getLong(), Bytes.wrap(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
    }

    private static Bytes key(long millis, Bytes order) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + order.get().length)
                .putLong(millis)
                .put(order.get())
                .array());
    }

    /** Before all entries of that time. */
    private static Bytes key(long millis) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
    }
}
