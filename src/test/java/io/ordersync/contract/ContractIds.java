package io.ordersync.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The ids of CONTRACT.md, reckoned beside the service. */
public final class ContractIds {

    private static final UUID NAMESPACE = UUID.fromString("6f1b1d1e-6d4f-5c0a-9a55-0d5e0a7c1b01");

    private ContractIds() {}

    /** The UUID v5 of the order's key and this name. */
    public static String idOf(String orderKey, String name) {
        byte[] text = (orderKey + '|' + name).getBytes(UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest(ByteBuffer.allocate(16 + text.length)
                            .putLong(NAMESPACE.getMostSignificantBits())
                            .putLong(NAMESPACE.getLeastSignificantBits())
                            .put(text)
                            .array());
            hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
            hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
            ByteBuffer id = ByteBuffer.wrap(hash);
            return new UUID(id.getLong(), id.getLong()).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
