package io.ordersync.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** The ids as the contract has them, reckoned a second time: UUID v5, by its hexadecimal digits. */
final class ContractId {
    private static final byte[] NAMESPACE = HexFormat.of().parseHex("6f1b1d1e6d4f5c0a9a550d5e0a7c1b01");

    private ContractId() {}

    /** @param name all of it, as it stands in the contract's table */
    static UUID of(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(NAMESPACE, NAMESPACE.length + text.length);
        System.arraycopy(text, 0, all, NAMESPACE.length, text.length);
        try {
            char[] hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(all), 0, 16)
                    .toCharArray();
            hex[12] = '5';
            hex[16] = "89ab".charAt(Character.digit(hex[16], 16) % 4);
            String digits = new String(hex);
            return UUID.fromString(String.join(
                    "-",
                    digits.substring(0, 8),
                    digits.substring(8, 12),
                    digits.substring(12, 16),
                    digits.substring(16, 20),
                    digits.substring(20)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
