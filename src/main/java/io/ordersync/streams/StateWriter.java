package io.ordersync.streams;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a state value as few bytes: whole numbers of variable length, times relative to a base, every string
 * once. {@link StateReader} reads them.
 */
final class StateWriter {

    /** The first number of a string: nothing, a UUID in 16 bytes, or (even) one that came before, (odd) a new one. */
    static final int NULL = 0;

    static final int UUID_FOLLOWS = 1;
    static final int FIRST_STRING = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final Map<String, Integer> strings = new HashMap<>();
    private final long baseMillis;

    StateWriter(int version, long baseHour) {
        out.write(version);
        unsigned(baseHour);
        this.baseMillis = StateReader.baseMillis(baseHour);
    }

    /** What times are relative to. */
    long baseMillis() {
        return baseMillis;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    void octet(int value) {
        out.write(value);
    }

    void bool(boolean value) {
        out.write(value ? 1 : 0);
    }

    /** One byte: the place of a symbol in its enum. New symbols are added at the end. */
    @SuppressWarnings("EnumOrdinal") // the tests with old bytes notice a symbol that moved
    void symbol(Enum<?> symbol) {
        out.write(symbol.ordinal());
    }

    /** One byte: 0 for null. */
    @SuppressWarnings("EnumOrdinal")
    void optionalSymbol(@Nullable Enum<?> symbol) {
        out.write(symbol == null ? 0 : symbol.ordinal() + 1);
    }

    void unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    /** Wraps around for times that no clock shows, and back. */
    void time(Instant at) {
        signed(at.toEpochMilli() - baseMillis);
    }

    void fixed64(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    void string(@Nullable String value) {
        if (value == null) {
            unsigned(NULL);
            return;
        }
        Integer known = strings.get(value);
        if (known != null) {
            unsigned(FIRST_STRING + 2L * known);
            return;
        }
        strings.put(value, strings.size());
        UUID uuid = canonicalUuid(value);
        if (uuid == null) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            unsigned(FIRST_STRING + 1 + 2L * utf8.length);
            out.writeBytes(utf8);
        } else {
            unsigned(UUID_FOLLOWS);
            fixed64(uuid.getMostSignificantBits());
            fixed64(uuid.getLeastSignificantBits());
        }
    }

    private static @Nullable UUID canonicalUuid(String value) {
        if (value.length() != 36 || value.charAt(8) != '-') {
            return null;
        }
        try {
            UUID uuid = UUID.fromString(value);
            return uuid.toString().equals(value) ? uuid : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    <T> void each(Collection<T> values, BiConsumer<StateWriter, T> write) {
        unsigned(values.size());
        values.forEach(value -> write.accept(this, value));
    }
}
