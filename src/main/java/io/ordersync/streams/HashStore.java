package io.ordersync.streams;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, as a hash table: orders are looked up, never in sequence, and the store that comes with Kafka Streams
 * is a tree. Its changelog is the usual one; after a start it is filled from there.
 */
final class HashStore implements KeyValueStore<Bytes, byte[]> {

    /** Makes the stores, one for each partition. */
    record Supplier(String name) implements KeyValueBytesStoreSupplier {

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new HashStore(name);
        }

        @Override
        public String metricsScope() {
            return "in-memory";
        }
    }

    private final String name;
    private final ByteTable entries = new ByteTable();

    private final Position position = Position.emptyPosition();
    private volatile boolean open;

    private HashStore(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, new Restore());
        open = true;
    }

    private final class Restore implements BatchingStateRestoreCallback {

        @Override
        public void restoreAll(java.util.Collection<KeyValue<byte[], byte[]>> records) {
            records.forEach(record -> put(record.key, record.value));
        }
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Nobody queries it by position. */
    @Override
    public Position getPosition() {
        return position;
    }

    @Override
    public void close() {
        open = false;
        entries.clear();
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return entries.get(key.get());
    }

    /** @param value null: removes the entry */
    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        put(key.get(), value);
    }

    private void put(byte[] key, byte @Nullable [] value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] before = get(key);
        entries.remove(key.get());
        return before;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        throw new UnsupportedOperationException("a hash table has no ranges");
    }

    /**
     * All entries, in no order. Those that come or go meanwhile may show or not; nothing may change between the iterator's {@code
     * hasNext} and its {@code next}.
     */
    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new All(entries.entries());
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    private static final class All implements KeyValueIterator<Bytes, byte[]> {

        private final Iterator<KeyValue<Bytes, byte[]>> entries;

        All(Iterator<KeyValue<Bytes, byte[]>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            return entries.next();
        }

        @Override
        public Bytes peekNextKey() {
            throw new NoSuchElementException("a hash table's next key is not known before it is taken");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
