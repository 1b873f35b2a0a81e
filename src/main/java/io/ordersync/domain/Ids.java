package io.ordersync.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ids of all that is sent: UUID v5 (RFC 9562, 5.5) of names made of the order key, in a namespace of the contract's.
 * The same cause gives the same id, so that a replay sends nothing a receiver does not know.
 */
final class Ids {

    private static final UUID NAMESPACE = UUID.fromString("6f1b1d1e-6d4f-5c0a-9a55-0d5e0a7c1b01");

    /** To look it up and to begin with the namespace costs more than the rest. Only copies are gone on with. */
    private static final MessageDigest OF_THE_NAMESPACE = ofTheNamespace();

    private final String key;

    Ids(OrderKey key) {
        this.key = key.toString();
    }

    UUID orderCase() {
        return of("CASE");
    }

    UUID lock(LockKey lock, long generation) {
        return of("LOCK|" + target(lock) + '|' + generation);
    }

    UUID release(LockKey lock, long generation) {
        return of("RELEASE|" + target(lock) + '|' + generation);
    }

    UUID pullParcel(String shipmentId, int generation) {
        return ofParcel("PULL_PARCEL", shipmentId, generation);
    }

    UUID releaseParcel(String shipmentId, int generation) {
        return ofParcel("RELEASE_PARCEL", shipmentId, generation);
    }

    UUID intercept(String shipmentId, int generation) {
        return ofParcel("INTERCEPT", shipmentId, generation);
    }

    UUID cancel(String shipmentId, int generation) {
        return ofParcel("CANCEL", shipmentId, generation);
    }

    UUID alert(AlertKey alert) {
        return of("ALERT|" + alert.code() + '|' + OrderKey.escape(alert.subject()));
    }

    private UUID ofParcel(String what, String shipmentId, int generation) {
        return of(what + '|' + OrderKey.escape(shipmentId) + '|' + generation);
    }

    private static String target(LockKey lock) {
        @Nullable String warehouse = lock.warehouseId();
        return OrderKey.escape(lock.refundId()) + '@' + (warehouse == null ? "*" : OrderKey.escape(warehouse));
    }

    private UUID of(String name) {
        return nameBased(key + '|' + name);
    }

    /** The UUID v5 of {@code name} in the contract's namespace. */
    static UUID nameBased(String name) {
        MessageDigest sha1;
        try {
            sha1 = (MessageDigest) OF_THE_NAMESPACE.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-1 can be copied", e);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x5000L;
        long low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest ofTheNamespace() {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits())
                    .flip());
            return sha1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
