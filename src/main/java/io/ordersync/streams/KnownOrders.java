package io.ordersync.streams;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store of one partition's orders. Most look-ups are for orders never heard of, and on disk these are the dearest (RocksDB's
 * Java library throws and catches an exception in native code for each). So a filter remembers which orders are there. It is
 * known to be whole after a pass over the store, and until then the store itself is asked; it is made anew by each pass, since
 * what was forgotten can't be taken out of it.
 */
final class KnownOrders {

    private final KeyValueStore<Bytes, byte[]> store;
    private final long seed = RandomGenerator.of("L64X128MixRandom").nextLong();

    /** Null: not known yet, or the store is in memory, and asked as quickly. */
    private @Nullable KeyFilter filter;

    private @Nullable KeyFilter nextFilter;

    KnownOrders(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    byte @Nullable [] get(Bytes key) {
        return filter == null || filter.mayHave(key.get()) ? store.get(key) : null;
    }

    void put(Bytes key, byte[] value) {
        remember(key);
        store.put(key, value);
    }

    void remove(Bytes key) {
        store.put(key, null);
    }

    private void remember(Bytes key) {
        if (filter != null) {
            filter.add(key.get());
        }
        if (nextFilter != null) {
            nextFilter.add(key.get());
        }
    }

    /**
     * All orders, in no order, as they are or as they were when this was called. Those that come or go meanwhile may show or not;
     * between {@code hasNext} and {@code next} nothing may change. One pass at a time.
     *
     * <p>{@code hasNext} throws ProcessorStateException when what comes next on disk can't be read.
     */
    KeyValueIterator<Bytes, byte[]> pass() {
        if (!store.persistent()) {
            return new Pass(store.all(), null);
        }
        Bytes last = last();
        if (last != null || store.approximateNumEntries() == 0) {
            nextFilter = new KeyFilter(seed, store.approximateNumEntries());
        }
        return new Pass(store.all(), last);
    }

    /** Null: there is none, or it can't be read. */
    private @Nullable Bytes last() {
        try (KeyValueIterator<Bytes, byte[]> backwards = store.reverseAll()) {
            return backwards.hasNext() ? backwards.next().key : null;
        }
    }

    private final class Pass implements KeyValueIterator<Bytes, byte[]> {

        private final KeyValueIterator<Bytes, byte[]> all;
        /** Of the store on disk, when the pass began; null: none that can be read. */
        private final @Nullable Bytes last;

        private @Nullable Bytes latest;

        Pass(KeyValueIterator<Bytes, byte[]> all, @Nullable Bytes last) {
            this.all = all;
            this.last = last;
        }

        @Override
        public boolean hasNext() {
            if (all.hasNext()) {
                return true;
            }
            // Kafka Streams' iterator over RocksDB ends at what it can't read as if nothing came after it.
            if (store.persistent() && !Objects.equals(last, latest)) {
                throw new ProcessorStateException("the orders on disk can't be read to their end");
            }
            if (nextFilter != null) {
                filter = nextFilter;
                nextFilter = null;
            }
            return false;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            KeyValue<Bytes, byte[]> next = all.next();
            latest = next.key;
            if (nextFilter != null) {
                nextFilter.add(next.key.get());
            }
            return next;
        }

        @Override
        public Bytes peekNextKey() {
            throw new NoSuchElementException("a pass knows no key before it is taken");
        }

        @Override
        public void close() {
            nextFilter = null;
            all.close();
        }
    }
}
