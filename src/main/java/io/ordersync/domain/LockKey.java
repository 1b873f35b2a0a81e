package io.ordersync.domain;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a LOCK is on: the units of one refund in one warehouse.
 *
 * @param warehouseId null: every warehouse of the shop
 */
public record LockKey(String refundId, @Nullable String warehouseId) implements Comparable<LockKey> {

    private static final Comparator<LockKey> ORDER = Comparator.comparing(LockKey::refundId)
            .thenComparing(LockKey::warehouseId, Comparator.nullsFirst(Comparator.naturalOrder()));

    @Override
    public int compareTo(LockKey other) {
        return ORDER.compare(this, other);
    }
}
