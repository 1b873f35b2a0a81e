package io.ordersync.streams;

import io.ordersync.domain.Fact.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a state value as few bytes: whole numbers of variable length, times relative to the one before, every
 * string once and as short as it allows. {@link StateReader} reads them.
 *
 * <p>Most of a value are ids, and most ids are a number with something around it. Where it is the order's own number, or near
 * it, or near the latest one of as many digits, it is given by the distance.
 */
final class StateWriter {

    /**
     * The first number of a string: nothing; a UUID in 16 bytes; one with a number in it, and how many bytes stand before
     * that; else, from {@link #FIRST} on, one of {@value #KINDS} kinds and how long it is, or which it is.
     */
    static final int NULL = 0;

    static final int UUID_FOLLOWS = 1;
    /** A number of so many digits. */
    static final int NUMBERED = 2;

    static final int MAX_BEFORE_NUMBER = 15;
    /** A number so far from the order's. */
    static final int OF_ORDER = NUMBERED + MAX_BEFORE_NUMBER + 1;
    /** A number so far from the latest of as many digits that is not the order's. */
    static final int NEAR = OF_ORDER + MAX_BEFORE_NUMBER + 1;

    static final int FIRST = NEAR + MAX_BEFORE_NUMBER + 1;
    static final int KINDS = 3;
    /** So many bytes of UTF-8. */
    static final int TEXT = 0;
    /** So many characters, of six bits each. */
    static final int PACKED = 1;
    /** The one that came as such before. */
    static final int KNOWN = 2;

    // The byte of a number: how many digits, or for one of the order how the distance is; and how many bytes follow it.
    static final int AFTER_SHIFT = 4;
    static final int MAX_AFTER_NUMBER = 7;
    // The byte of a distance.
    static final int MAX_BYTES_OF_DISTANCE = 7;
    static final int OF_ORDER_BELOW = 8;
    static final int NEAR_BYTES_SHIFT = 4;
    static final int NEAR_BELOW = 128;

    // The first byte of a source.
    static final int WIDE_PARTITION = 15;
    static final int OFFSET_SHIFT = 4;
    static final int OFFSET_BITS = 3;
    static final int OFFSET_MASK = 7;
    static final int HAS_MORE_OF_OFFSET = 128;

    static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static final int BITS = 6;
    /** Fewer digits take as many bytes as a number. */
    static final int MIN_DIGITS = 4;
    /** More are no number of 64 bits, without a sign. */
    static final int MAX_DIGITS = 19;

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
        // Without a sign.
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
    private static final int STRINGS = 32;
    private static final int MAX_KEPT = 4_096;

    /** Stream threads are few and live long, and an order is written in one go: 500 bytes less to be made for each event. */
    private static final ThreadLocal<StateWriter> OF_THREAD = ThreadLocal.withInitial(StateWriter::new);

    private byte[] bytes = new byte[BYTES];
    private int length;

    /** In the order in which they came. */
    private final String[] strings = new String[STRINGS];

    private int stringCount;

    /** By hash, of each string one more than its place; 0: free. Half of it is free at least, so that a search ends soon. */
    private final int[] places = new int[2 * STRINGS];

    /** All of them, once there are more. */
    private Map<String, Integer> manyStrings = new HashMap<>();

    private long baseMillis;
    private long latestMillis;

    private byte[] orderKey = {};
    // Where in the key the order's number is.
    private int orderFrom;
    private int orderTo;
    // Reckoned when it is asked for: most orders do without.
    private long orderNumber;
    private boolean isOrderNumberKnown;

    /** By how many digits they have. */
    private final long[] latest = new long[MAX_DIGITS + 1];
    /** Of each number of digits a bit: is there a latest one? */
    private int hasLatest;

    private StateWriter() {}

    /**
     * A writer that has written nothing else yet: this thread's own, which is taken up again as soon as its bytes were
     * taken. So nobody may ask for another one meanwhile.
     *
     * @param key of the order; it is not written, and {@link StateReader} is told it
     */
    static StateWriter begin(int version, long baseHour, byte[] key) {
        StateWriter out = OF_THREAD.get();
        out.forget();
        out.octet(version);
        out.unsigned(baseHour);
        out.baseMillis = StateReader.baseMillis(baseHour);
        out.latestMillis = out.baseMillis;
        out.orderKey = key;
        out.orderTo = endOfNumber(key);
        out.orderFrom = startOfNumber(key, out.orderTo);
        out.isOrderNumberKnown = false;
        return out;
    }

    /** Also what was begun and failed. An order as large as few are is not worth to be kept room for. */
    private void forget() {
        if (bytes.length > MAX_KEPT) {
            bytes = new byte[BYTES];
        }
        if (!manyStrings.isEmpty()) {
            manyStrings = new HashMap<>();
        }
        Arrays.fill(strings, 0, Math.min(stringCount, STRINGS), null);
        Arrays.fill(places, 0);
        length = 0;
        stringCount = 0;
        hasLatest = 0;
    }

    /** The hour that the value begins with. */
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

    /** The place of a symbol in its enum. New symbols are added at the end. */
    @SuppressWarnings("EnumOrdinal") // the tests with old bytes notice a symbol that moved
    static int place(Enum<?> symbol) {
        return symbol.ordinal();
    }

    /** One byte. */
    void symbol(Enum<?> symbol) {
        octet(place(symbol));
    }

    /** One byte: 0 for null. */
    void optionalSymbol(@Nullable Enum<?> symbol) {
        octet(symbol == null ? 0 : place(symbol) + 1);
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
        long millis = at.toEpochMilli();
        signed(millis - latestMillis);
        latestMillis = millis;
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

    /** Few partitions have more than one digit: those below {@value #WIDE_PARTITION} share a byte with the offset's end. */
    void source(Source source) {
        int partition = source.partition();
        boolean wide = partition < 0 || partition >= WIDE_PARTITION;
        long rest = source.offset() >>> OFFSET_BITS;
        octet((wide ? WIDE_PARTITION : partition)
                | (int) (source.offset() & OFFSET_MASK) << OFFSET_SHIFT
                | bit(rest != 0, HAS_MORE_OF_OFFSET));
        if (rest != 0) {
            unsigned(rest);
        }
        if (wide) {
            unsigned(partition);
        }
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
        int known = learn(value);
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
    private int learn(String value) {
        if (stringCount >= STRINGS) {
            return learnOneOfMany(value);
        }
        int slot = slot(value);
        if (places[slot] != 0) {
            return places[slot] - 1;
        }
        strings[stringCount++] = value;
        places[slot] = stringCount;
        return -1;
    }

    /** Whose hashes are alike would be looked for one after the other: not where there may be a hundred thousand. */
    private int learnOneOfMany(String value) {
        if (manyStrings.isEmpty()) {
            for (int place = 0; place < STRINGS; place++) {
                manyStrings.put(strings[place], place);
            }
        }
        Integer known = manyStrings.putIfAbsent(value, stringCount);
        if (known == null) {
            stringCount++;
            return -1;
        }
        return known;
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
        if (writesOrders(utf8)) {
            return;
        }
        int packed = bytesOfPacked(utf8.length);
        if (writesNumbered(utf8, packed)) {
            return;
        }
        if (packed < utf8.length && isPackable(utf8)) {
            kind(PACKED, utf8.length);
            pack(utf8);
        } else if (!writesNumbered(utf8, utf8.length - 1)) {
            kind(TEXT, utf8.length);
            octets(utf8, 0, utf8.length);
        }
    }

    private void octets(byte[] values, int from, int to) {
        reserve(to - from);
        System.arraycopy(values, from, bytes, length, to - from);
        length += to - from;
    }

    /**
     * False, and nothing is written: the order's own number is not in it, or too far inside. It is in most ids of many
     * shops, and found without a look at each digit.
     */
    private boolean writesOrders(byte[] utf8) {
        int digits = orderTo - orderFrom;
        if (digits == 0 || 1 + utf8.length - digits > bytesOfPacked(utf8.length)) {
            return false;
        }
        byte last = orderKey[orderTo - 1];
        int least = Math.max(digits, utf8.length - MAX_AFTER_NUMBER);
        for (int to = Math.min(utf8.length, digits + MAX_BEFORE_NUMBER); to >= least; to--) {
            if (utf8[to - 1] == last && Arrays.equals(utf8, to - digits, to, orderKey, orderFrom, orderTo)) {
                beginNumbered(OF_ORDER, (utf8.length - to) << AFTER_SHIFT, utf8, to - digits);
                octets(utf8, to, utf8.length);
                return true;
            }
        }
        return false;
    }

    /**
     * False, and nothing is written: there is no number in it, or more bytes would follow the first.
     *
     * @param most how many may follow
     */
    private boolean writesNumbered(byte[] utf8, int most) {
        int to = endOfNumber(utf8);
        int from = startOfNumber(utf8, to);
        int after = utf8.length - to;
        // Beside its digits or its distance.
        int rest = 1 + from + after;
        if (to == from || from > MAX_BEFORE_NUMBER || rest > most) {
            return false;
        }
        int digits = to - from;
        long number = number(utf8, from, to);
        long ofOrder = digits == orderTo - orderFrom ? number - orderNumber() : Long.MIN_VALUE;
        long near = after == 0 && (hasLatest & 1 << digits) != 0 ? number - latest[digits] : Long.MIN_VALUE;
        int least = Math.min(bytesOfDistance(ofOrder), bytesOfDistance(near));
        if (rest + Math.min(least, bytesOfNumber(digits)) > most) {
            return false;
        }
        if (least >= bytesOfNumber(digits)) {
            beginNumbered(NUMBERED, digits - MIN_DIGITS | after << AFTER_SHIFT, utf8, from);
            fixed(number, bytesOfNumber(digits));
        } else if (least == bytesOfDistance(ofOrder)) {
            beginNumbered(OF_ORDER, least | bit(ofOrder < 0, OF_ORDER_BELOW) | after << AFTER_SHIFT, utf8, from);
            fixed(Math.abs(ofOrder), least);
        } else {
            beginNumbered(
                    NEAR, digits - MIN_DIGITS | least << NEAR_BYTES_SHIFT | bit(near < 0, NEAR_BELOW), utf8, from);
            fixed(Math.abs(near), least);
        }
        octets(utf8, to, utf8.length);
        if (ofOrder != 0) {
            latest[digits] = number;
            hasLatest |= 1 << digits;
        }
        return true;
    }

    private long orderNumber() {
        if (!isOrderNumberKnown) {
            orderNumber = number(orderKey, orderFrom, orderTo);
            isOrderNumberKnown = true;
        }
        return orderNumber;
    }

    private void beginNumbered(int kind, int how, byte[] utf8, int before) {
        octet(kind + before);
        octet(how);
        octets(utf8, 0, before);
    }

    /** Of one that is too far, eight: as many as a number takes at most. */
    private static int bytesOfDistance(long distance) {
        return Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(Math.abs(distance)), 8);
    }

    /**
     * Behind the last digit of the last number in a text; 0: there is none. Fewer than {@value #MIN_DIGITS} digits are
     * none, and no more than {@value #MAX_AFTER_NUMBER} bytes follow it.
     */
    static int endOfNumber(byte[] utf8) {
        int to = utf8.length;
        while (to >= MIN_DIGITS && utf8.length - to <= MAX_AFTER_NUMBER) {
            int from = startOfNumber(utf8, to);
            if (to - from >= MIN_DIGITS) {
                return to;
            }
            to = from - 1;
        }
        return 0;
    }

    /** Where the digits begin that end there, the last {@value #MAX_DIGITS} of them. */
    static int startOfNumber(byte[] utf8, int to) {
        int least = Math.max(0, to - MAX_DIGITS);
        for (int at = to - 1; at >= least; at--) {
            if (!isDigit(utf8[at])) {
                return at + 1;
            }
        }
        return least;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** What digits say, without a sign: two at a time, as each step waits for the one before. */
    static long number(byte[] digits, int from, int to) {
        int at = from;
        long number = (to - from) % 2 == 0 ? 0 : digits[at++] - '0';
        for (; at < to; at += 2) {
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
            int three =
                    six(utf8, from) << 18 | six(utf8, from + 1) << 12 | six(utf8, from + 2) << 6 | six(utf8, from + 3);
            bytes[length] = (byte) (three >>> 16);
            bytes[length + 1] = (byte) (three >>> 8);
            bytes[length + 2] = (byte) three;
            length += 3;
        }
        for (; from < utf8.length; from++) {
            bits = bits << BITS | six(utf8, from);
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

    private static int six(byte[] utf8, int at) {
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
