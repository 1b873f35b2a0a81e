package io.ordersync.streams;

import io.ordersync.domain.Fact.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
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

    /** Of each byte its place in the alphabet; -1: it has none. */
    private static final byte[] PLACES = new byte[256];

    /** Of each byte what it says as a digit of a UUID; -1: nothing. */
    private static final byte[] HEX = new byte[256];

    static {
        Arrays.fill(PLACES, (byte) -1);
        for (int place = 0; place < ALPHABET.length(); place++) {
            PLACES[ALPHABET.charAt(place)] = (byte) place;
        }
        Arrays.fill(HEX, (byte) -1);
        for (int digit = 0; digit < 16; digit++) {
            HEX[Character.forDigit(digit, 16)] = (byte) digit;
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

    /** A number of 64 bits, seven in a byte. */
    private static final int MAX_VARIABLE = 10;

    // What is enough for nearly every order, and what is kept after a greater one.
    private static final int BYTES = 256;
    private static final int STRINGS = 16;
    private static final int MAX_KEPT = 4_096;

    /** Stream threads are few and live long, and an order is written in one go: 500 bytes less to be made for each event. */
    private static final ThreadLocal<StateWriter> OF_THREAD = ThreadLocal.withInitial(StateWriter::new);

    private byte[] bytes = new byte[BYTES];
    private int length;

    /** In the order in which they came. */
    private String[] strings = new String[STRINGS];

    private int stringCount;

    /** By hash, of each string one more than its place; 0: free. Half of it is free at least, so that a search ends soon. */
    private int[] places = new int[2 * STRINGS];

    private long baseMillis;

    private StateWriter() {}

    /**
     * A writer that has written nothing else yet: this thread's own, which is taken up again as soon as its bytes were
     * taken. So nobody may ask for another one meanwhile.
     */
    static StateWriter begin(int version, long baseHour) {
        StateWriter out = OF_THREAD.get();
        out.forget();
        out.octet(version);
        out.unsigned(baseHour);
        out.baseMillis = StateReader.baseMillis(baseHour);
        return out;
    }

    /** Also what was begun and failed. An order as large as few are is not worth to be kept room for. */
    private void forget() {
        if (bytes.length > MAX_KEPT) {
            bytes = new byte[BYTES];
            strings = new String[STRINGS];
            places = new int[2 * STRINGS];
        } else {
            Arrays.fill(strings, 0, stringCount, null);
            Arrays.fill(places, 0);
        }
        length = 0;
        stringCount = 0;
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
        reserve(1);
        bytes[length++] = (byte) value;
    }

    private void reserve(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(length, more)));
        }
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
        reserve(MAX_VARIABLE);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
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

    private void fixed(long value, int count) {
        reserve(count);
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    void source(Source source) {
        unsigned(source.partition());
        unsigned(source.offset());
    }

    <T> void each(Collection<T> values, BiConsumer<StateWriter, T> write) {
        unsigned(values.size());
        for (T value : values) {
            write.accept(this, value);
        }
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
        int known = place(value);
        if (known >= 0) {
            kind(KNOWN, known);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (!writesUuid(utf8)) {
            text(utf8);
        }
    }

    /** Which string it is; -1: it came for the first time, and is known from now on. */
    private int place(String value) {
        int slot = slot(value);
        if (places[slot] != 0) {
            return places[slot] - 1;
        }
        if (stringCount == strings.length) {
            strings = Arrays.copyOf(strings, 2 * stringCount);
            places = new int[2 * strings.length];
            for (int place = 0; place < stringCount; place++) {
                places[slot(strings[place])] = place + 1;
            }
            slot = slot(value);
        }
        strings[stringCount++] = value;
        places[slot] = stringCount;
        return -1;
    }

    /** Where it stands, or would. */
    private int slot(String value) {
        int hash = value.hashCode();
        int slot = (hash ^ hash >>> 16) & (places.length - 1);
        while (places[slot] != 0 && !strings[places[slot] - 1].equals(value)) {
            slot = (slot + 1) & (places.length - 1);
        }
        return slot;
    }

    private void kind(int kind, int count) {
        unsigned(FIRST + (long) KINDS * count + kind);
    }

    private void text(byte[] utf8) {
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
            fixed(number(utf8, before), bytesOfNumber(digits));
        } else if (asPacked < utf8.length) {
            kind(PACKED, utf8.length);
            pack(utf8);
        } else {
            kind(TEXT, utf8.length);
            octets(utf8, utf8.length);
        }
    }

    private void octets(byte[] values, int count) {
        reserve(count);
        System.arraycopy(values, 0, bytes, length, count);
        length += count;
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

    /** What the digits from there on say: two at a time, as each step waits for the one before. */
    private static long number(byte[] digits, int from) {
        int at = from;
        long number = (digits.length - from) % 2 == 0 ? 0 : digits[at++] - '0';
        for (; at < digits.length; at += 2) {
            number = 100 * number + (10 * digits[at] + digits[at + 1] - 11 * '0');
        }
        return number;
    }

    /** @param digits 1 to {@link #MAX_DIGITS} */
    static int bytesOfNumber(int digits) {
        return BYTES_OF_NUMBER[digits];
    }

    private static boolean isPackable(byte[] utf8) {
        int places = 0;
        for (byte character : utf8) {
            places |= PLACES[character & 0xff];
        }
        return places >= 0;
    }

    static int bytesOfPacked(int characters) {
        return Math.ceilDiv(characters * BITS, 8);
    }

    /** Four characters make three bytes; of the last ones, what is left of a byte stays 0. */
    private void pack(byte[] utf8) {
        reserve(utf8.length);
        int bits = 0;
        int waiting = 0;
        int from = 0;
        for (; from + 4 <= utf8.length; from += 4) {
            int three = place(utf8, from) << 18
                    | place(utf8, from + 1) << 12
                    | place(utf8, from + 2) << 6
                    | place(utf8, from + 3);
            bytes[length] = (byte) (three >>> 16);
            bytes[length + 1] = (byte) (three >>> 8);
            bytes[length + 2] = (byte) three;
            length += 3;
        }
        for (; from < utf8.length; from++) {
            bits = bits << BITS | place(utf8, from);
            waiting += BITS;
            if (waiting >= 8) {
                waiting -= 8;
                bytes[length++] = (byte) (bits >>> waiting);
            }
        }
        if (waiting > 0) {
            bytes[length++] = (byte) (bits << (8 - waiting));
        }
    }

    private static int place(byte[] utf8, int at) {
        return PLACES[utf8[at] & 0xff];
    }

    /** False, and nothing is written: it is none, or not in the form that {@link java.util.UUID#toString()} has. */
    private boolean writesUuid(byte[] text) {
        if (text.length != 36) {
            return false;
        }
        long bits = 0;
        long most = 0;
        for (int i = 0; i < text.length; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            byte digit = HEX[text[i] & 0xff];
            if (dash ? text[i] != '-' : digit < 0) {
                return false;
            }
            if (!dash) {
                bits = bits << 4 | digit;
            }
            if (i == 18) {
                most = bits;
            }
        }
        octet(UUID_FOLLOWS);
        fixed64(most);
        fixed64(bits);
        return true;
    }
}
