package io.ordersync.streams;

import io.ordersync.domain.Fact.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a state value as few bytes: whole numbers of variable length, times relative to a base, every string
 * once and as short as it allows. {@link StateReader} reads them.
 */
final class StateWriter {

    /**
     * The first number of a string: nothing; a UUID in 16 bytes; one that ends with a number; else, from {@link #FIRST} on,
     * one of {@value #KINDS} kinds and how long it is, or which it is.
     */
    static final int NULL = 0;

    static final int UUID_FOLLOWS = 1;
    static final int NUMBERED = 2;
    static final int FIRST = 3;
    static final int KINDS = 3;
    /** So many bytes of UTF-8. */
    static final int TEXT = 0;
    /** So many characters, of six bits each. */
    static final int PACKED = 1;
    /** The one that came as such before. */
    static final int KNOWN = 2;

    static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static final int BITS = 6;
    /** Fewer digits take as many bytes as a number. */
    static final int MIN_DIGITS = 4;
    /** More are no {@code long}. */
    static final int MAX_DIGITS = 18;

    private static final int MAX_BEFORE_NUMBER = 15;

    /** Of each ASCII character its place in the alphabet; -1: it has none. */
    private static final byte[] PLACES = new byte[128];

    static {
        Arrays.fill(PLACES, (byte) -1);
        for (int place = 0; place < ALPHABET.length(); place++) {
            PLACES[ALPHABET.charAt(place)] = (byte) place;
        }
    }

    /** By the number of digits, how many bytes every number of so many fits into. */
    private static final int[] BYTES_OF_NUMBER = new int[MAX_DIGITS + 1];

    static {
        long greatest = 0;
        for (int digits = 1; digits <= MAX_DIGITS; digits++) {
            greatest = 10 * greatest + 9;
            BYTES_OF_NUMBER[digits] = Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(greatest), 8);
        }
    }

    private byte[] bytes = new byte[256];
    private int length;
    private final Map<String, Integer> strings = new HashMap<>();
    private final long baseMillis;

    StateWriter(int version, long baseHour) {
        octet(version);
        unsigned(baseHour);
        this.baseMillis = StateReader.baseMillis(baseHour);
    }

    /** What times are relative to. */
    long baseMillis() {
        return baseMillis;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Up to eight answers to yes-or-no questions, or any other byte. */
    void octet(int value) {
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) value;
    }

    private void octets(byte[] values, int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
        System.arraycopy(values, 0, bytes, length, count);
        length += count;
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(length, more)));
    }

    static int bit(boolean is, int bit) {
        return is ? bit : 0;
    }

    static int told(@Nullable Object value, int bit) {
        return bit(value != null, bit);
    }

    void bool(boolean value) {
        octet(value ? 1 : 0);
    }

    /** One byte: the place of a symbol in its enum. New symbols are added at the end. */
    @SuppressWarnings("EnumOrdinal") // the tests with old bytes notice a symbol that moved
    void symbol(Enum<?> symbol) {
        octet(symbol.ordinal());
    }

    /** One byte: 0 for null. */
    @SuppressWarnings("EnumOrdinal")
    void optionalSymbol(@Nullable Enum<?> symbol) {
        octet(symbol == null ? 0 : symbol.ordinal() + 1);
    }

    void unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        octet((int) rest);
    }

    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    /** Wraps around for times that no clock shows, and back. */
    void time(Instant at) {
        signed(at.toEpochMilli() - baseMillis);
    }

    void fixed64(long value) {
        fixed(value, Long.BYTES);
    }

    private void fixed(long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
    }

    void source(Source source) {
        unsigned(source.partition());
        unsigned(source.offset());
    }

    <T> void each(Collection<T> values, BiConsumer<StateWriter, T> write) {
        unsigned(values.size());
        values.forEach(value -> write.accept(this, value));
    }

    void stringIfTold(@Nullable String value) {
        if (value != null) {
            string(value);
        }
    }

    void string(@Nullable String value) {
        if (value == null) {
            unsigned(NULL);
            return;
        }
        Integer known = strings.putIfAbsent(value, strings.size());
        if (known != null) {
            kind(KNOWN, known);
            return;
        }
        UUID uuid = canonicalUuid(value);
        if (uuid == null) {
            text(value);
        } else {
            unsigned(UUID_FOLLOWS);
            fixed64(uuid.getMostSignificantBits());
            fixed64(uuid.getLeastSignificantBits());
        }
    }

    private void kind(int kind, int count) {
        unsigned(FIRST + (long) KINDS * count + kind);
    }

    private void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int digits = digitsAtTheEnd(utf8);
        int before = utf8.length - digits;
        int asNumber = digits < MIN_DIGITS || before > MAX_BEFORE_NUMBER
                ? Integer.MAX_VALUE
                : 1 + before + bytesOfNumber(digits);
        int asPacked = isPackable(utf8) ? bytesOfPacked(utf8.length) : Integer.MAX_VALUE;
        if (asNumber < utf8.length && asNumber <= asPacked) {
            unsigned(NUMBERED);
            octet(before << 4 | (digits - MIN_DIGITS));
            octets(utf8, before);
            fixed(Long.parseLong(value, value.length() - digits, value.length(), 10), bytesOfNumber(digits));
        } else if (asPacked < utf8.length) {
            kind(PACKED, utf8.length);
            pack(utf8);
        } else {
            kind(TEXT, utf8.length);
            octets(utf8, utf8.length);
        }
    }

    private static int digitsAtTheEnd(byte[] utf8) {
        int digits = 0;
        int most = Math.min(utf8.length, MAX_DIGITS);
        while (digits < most && isDigit(utf8[utf8.length - 1 - digits])) {
            digits++;
        }
        return digits;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** @param digits 1 to {@link #MAX_DIGITS} */
    static int bytesOfNumber(int digits) {
        return BYTES_OF_NUMBER[digits];
    }

    /** A byte of anything but ASCII is negative. */
    private static boolean isPackable(byte[] utf8) {
        for (byte character : utf8) {
            if (character < 0 || PLACES[character] < 0) {
                return false;
            }
        }
        return true;
    }

    static int bytesOfPacked(int characters) {
        return Math.ceilDiv(characters * BITS, 8);
    }

    private void pack(byte[] utf8) {
        int bits = 0;
        int waiting = 0;
        for (byte character : utf8) {
            bits = bits << BITS | PLACES[character];
            waiting += BITS;
            while (waiting >= 8) {
                waiting -= 8;
                octet(bits >>> waiting);
            }
        }
        if (waiting > 0) {
            octet(bits << (8 - waiting));
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
}
