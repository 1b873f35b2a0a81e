package io.ordersync.streams;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
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
 * A store in memory, as a hash map: orders are looked up, never in sequence, and the store that comes with Kafka Streams
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
    /** Concurrent since an iterator must live on while entries come and go. */
    private final Map<Bytes, byte[]> entries = new ConcurrentHashMap<>();

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
            records.forEach(record -> put(Bytes.wrap(record.key), record.value));
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
        return entries.get(key);
    }

    /** @param value null: removes the entry */
    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        return entries.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        return entries.remove(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        throw new UnsupportedOperationException("a hash map has no ranges");
    }

    /** All entries, in no order. Those that come or go meanwhile may show or not. */
    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new All(entries.entrySet().iterator());
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    private static final class All implements KeyValueIterator<Bytes, byte[]> {

        private final Iterator<Map.Entry<Bytes, byte[]>> entries;

        All(Iterator<Map.Entry<Bytes, byte[]>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            Map.Entry<Bytes, byte[]> entry = entries.next();
            return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        @Override
        public Bytes peekNextKey() {
            throw new NoSuchElementException("a hash map's next key is not known before it is taken");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
