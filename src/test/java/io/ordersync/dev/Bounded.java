package io.ordersync.dev;

import java.util.LinkedHashMap;
import java.util.Map;

/** A memory that forgets the oldest, so that a long run doesn't fill the heap. */
final class Bounded<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int size;

    Bounded(int size) {
        this.size = size;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > size;
    }
}
