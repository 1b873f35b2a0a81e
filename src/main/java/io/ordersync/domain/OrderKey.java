package io.ordersync.domain;

import java.util.Locale;

/**
 * Which order: one orderId may stand in several shops. {@link #toString()} is the key of every record that is sent, and
 * what the ids are made of.
 *
 * @param platform in upper case (ASCII), such as DOUYIN
 * @param shopId the shop on that platform
 * @param orderId the order in that shop
 */
public record OrderKey(String platform, String shopId, String orderId) {

    public OrderKey {
        platform = Rejection.id("platform", upper(platform));
        shopId = Rejection.id("shopId", shopId);
        orderId = Rejection.id("orderId", orderId);
    }

    /** {@code <PLATFORM>:<shopId>:<orderId>}, with the separators inside a part escaped. */
    @Override
    public String toString() {
        return escape(platform) + ':' + escape(shopId) + ':' + escape(orderId);
    }

    /**
     * The order whose {@link #toString()} is {@code key}.
     *
     * @throws IllegalArgumentException when it is that of no order
     */
    public static OrderKey parse(String key) {
        String[] parts = key.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("an order key has three parts, this one has " + parts.length);
        }
        return new OrderKey(unescape(parts[0]), unescape(parts[1]), unescape(parts[2]));
    }

    private static String unescape(String part) {
        return part.replace("%3A", ":")
                .replace("%7C", "|")
                .replace("%40", "@")
                .replace("%2A", "*")
                .replace("%25", "%");
    }

    /** A part of a key or of an id's name: {@code % : | @ *} are written as their percent codes, so that no two collide. */
    static String escape(String part) {
        if (!needsEscape(part)) {
            return part;
        }
        StringBuilder escaped = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            switch (c) {
                case '%', ':', '|', '@', '*' -> escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean needsEscape(String part) {
        for (int i = 0; i < part.length(); i++) {
            switch (part.charAt(i)) {
                case '%', ':', '|', '@', '*' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    private static String upper(String platform) {
        int first = 0;
        while (first < platform.length() && !isLower(platform.charAt(first))) {
            first++;
        }
        if (first == platform.length()) {
            return platform;
        }
        StringBuilder upper = new StringBuilder(platform);
        for (int i = first; i < platform.length(); i++) {
            char c = platform.charAt(i);
            upper.setCharAt(i, isLower(c) ? (char) (c - 'a' + 'A') : c);
        }
        return upper.toString();
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }
}
