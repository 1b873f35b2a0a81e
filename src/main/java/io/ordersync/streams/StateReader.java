package io.ordersync.streams;

import io.ordersync.domain.Fact.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateWriter} wrote. */
final class StateReader {

    /** Of each place in the alphabet the character. */
    private static final byte[] CHARACTERS = StateWriter.ALPHABET.getBytes(StandardCharsets.ISO_8859_1);

    /** The first that knew all that there is to be known; the third took fewer bytes for it. */
    static final int LAYOUT_2 = 2;

    // How strings began in it.
    private static final int NUMBERED_OF_LAYOUT_2 = 2;
    private static final int FIRST_OF_LAYOUT_2 = 3;

    private final byte[] in;
    private int at;
    private final byte[] room = new byte[64];
    private final List<String> strings = new ArrayList<>();
    private final int version;
    private final long baseHour;
    /** What the next time is relative to: in layouts 1 and 2 the hour. */
    private long latestMillis;

    private byte[] orderKey = {};
    private int orderFrom;
    private int orderTo;
    /** By how many digits they have; null: there was none. */
    private long @Nullable [] latest;
    /** One bit for each such number of digits: was there one? */
    private int toldDigits;

    /**
     * It and all that is read throw IndexOutOfBoundsException when there is no more, and IllegalStateException or
     * ArithmeticException when it is nothing that was written.
     */
    StateReader(byte[] value) {
        this.in = value;
        this.version = octet();
        this.baseHour = unsigned();
        this.latestMillis = baseMillis();
    }

    /** What the ids of an order may be told by; to be called before the first string. */
    void order(byte[] key) {
        orderKey = key;
        orderTo = StateWriter.endOfNumber(key);
        orderFrom = StateWriter.startOfNumber(key, orderTo);
    }

    /** The layout's version, the first byte of a value. */
    int version() {
        return version;
    }

    /** Hours since 1970 UTC, the second of a value: what its first time is relative to. */
    long baseHour() {
        return baseHour;
    }

    /** The hour that the value begins with. */
    long baseMillis() {
        return baseMillis(baseHour);
    }

    static long baseMillis(long baseHour) {
        return baseHour * 3_600_000L;
    }

    boolean isAtEnd() {
        return at == in.length;
    }

    int octet() {
        return in[at++] & 0xff;
    }

    boolean bool() {
        return octet() != 0;
    }

    <E extends Enum<E>> E symbol(E[] symbols) {
        return symbols[octet()];
    }

    <E extends Enum<E>> @Nullable E optionalSymbol(E[] symbols) {
        int place = octet();
        return place == 0 ? null : symbols[place - 1];
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number is longer than there are any");
    }

    int count() {
        int count = number();
        if (count < 0) {
            throw new IllegalStateException("a count is below 0");
        }
        return count;
    }

    private int number() {
        return Math.toIntExact(unsigned());
    }

    long signed() {
        long zigzag = unsigned();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    Instant time() {
        long millis = latestMillis + signed();
        if (version > LAYOUT_2) {
            latestMillis = millis;
        }
        return Instant.ofEpochMilli(millis);
    }

    long fixed64() {
        return fixed(Long.BYTES);
    }

    String string() {
        return Objects.requireNonNull(optionalString());
    }

    @Nullable
    String stringIf(boolean told) {
        return told ? string() : null;
    }

    @Nullable
    String optionalString() {
        int tag = count();
        if (tag == StateWriter.NULL) {
            return null;
        }
        if (tag == StateWriter.UUID_FOLLOWS) {
            return learnt(new UUID(fixed64(), fixed64()).toString());
        }
        return switch (version) {
            case OrderRecordLayout1.VERSION -> tag % 2 == 0 ? strings.get((tag - 2) / 2) : learnt(text((tag - 3) / 2));
            case LAYOUT_2 -> tag == NUMBERED_OF_LAYOUT_2 ? learnt(numbered()) : string(tag - FIRST_OF_LAYOUT_2);
            default -> tag < StateWriter.FIRST ? learnt(numbered(tag)) : string(tag - StateWriter.FIRST);
        };
    }

    private String string(int kindAndCount) {
        int count = kindAndCount / StateWriter.KINDS;
        return switch (kindAndCount % StateWriter.KINDS) {
            case StateWriter.KNOWN -> strings.get(count);
            case StateWriter.PACKED -> learnt(packed(count));
            default -> learnt(text(count));
        };
    }

    private String learnt(String value) {
        strings.add(value);
        return value;
    }

    /** Nothing is allocated for what can't be there: a number that is damaged says anything. */
    private int within(int count, int bytes) {
        if (bytes > in.length - at) {
            throw new IllegalStateException("more is told to follow than there is");
        }
        return count;
    }

    private String text(int bytes) {
        String text = new String(in, at, within(bytes, bytes), StandardCharsets.UTF_8);
        at += bytes;
        return text;
    }

    /** Its digits were at its end, 18 at most. */
    private String numbered() {
        int lengths = octet();
        int digits = (lengths & 0xf) + StateWriter.MIN_DIGITS;
        int before = lengths >>> 4;
        byte[] text = new byte[before + digits];
        octets(text, 0, before);
        digits(fixed(StateWriter.bytesOfNumber(digits)), text, before, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    private String numbered(int tag) {
        int before = (tag - StateWriter.NUMBERED) % (StateWriter.MAX_BEFORE_NUMBER + 1);
        int kind = tag - before;
        int how = octet();
        int digits = kind == StateWriter.OF_ORDER ? orderTo - orderFrom : (how & 0xf) + StateWriter.MIN_DIGITS;
        int after = kind == StateWriter.NEAR ? 0 : how >>> StateWriter.AFTER_SHIFT & StateWriter.MAX_AFTER_NUMBER;
        if (digits == 0) {
            throw new IllegalStateException("an id is told by a number that the order does not have");
        }
        int length = before + digits + after;
        byte[] text = room(length);
        octets(text, 0, before);
        if (kind == StateWriter.OF_ORDER && (how & StateWriter.MAX_BYTES_OF_DISTANCE) == 0) {
            System.arraycopy(orderKey, orderFrom, text, before, digits);
        } else {
            long number = number(kind, how, digits);
            digits(number, text, before, before + digits);
            if (latest == null) {
                latest = new long[StateWriter.MAX_DIGITS + 1];
            }
            latest[digits] = number;
            toldDigits |= 1 << digits;
        }
        octets(text, before + digits, after);
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private long number(int kind, int how, int digits) {
        return switch (kind) {
            case StateWriter.NUMBERED -> fixed(StateWriter.bytesOfNumber(digits));
            case StateWriter.OF_ORDER -> {
                long distance = fixed(how & StateWriter.MAX_BYTES_OF_DISTANCE);
                yield StateWriter.number(orderKey, orderFrom, orderTo)
                        + ((how & StateWriter.OF_ORDER_BELOW) == 0 ? distance : -distance);
            }
            default -> {
                if ((toldDigits & 1 << digits) == 0) {
                    throw new IllegalStateException("an id is told by one before it that there was not");
                }
                long distance = fixed(how >>> StateWriter.NEAR_BYTES_SHIFT & StateWriter.MAX_BYTES_OF_DISTANCE);
                yield Objects.requireNonNull(latest)[digits]
                        + ((how & StateWriter.NEAR_BELOW) == 0 ? distance : -distance);
            }
        };
    }

    /** Where a text is put together: what it is made of is copied out of it. */
    private byte[] room(int length) {
        return length <= room.length ? room : new byte[length];
    }

    private void octets(byte[] to, int from, int count) {
        System.arraycopy(in, at, to, from, count);
        at += count;
    }

    /** Of a number without a sign: two at a time, as each step waits for the one before. */
    private static void digits(long number, byte[] text, int from, int to) {
        long rest = number;
        int at = to;
        while (at - from >= 2) {
            long hundredth = rest < 0 ? Long.divideUnsigned(rest, 100) : rest / 100;
            int two = (int) (rest - 100 * hundredth);
            text[--at] = (byte) ('0' + two % 10);
            text[--at] = (byte) ('0' + two / 10);
            rest = hundredth;
        }
        if (at > from) {
            text[from] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (rest != 0) {
            throw new IllegalStateException("a number has more digits than are told");
        }
    }

    private long fixed(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    /** Three bytes make four characters. */
    private String packed(int characters) {
        byte[] text = room(within(characters, (int) (characters * (long) StateWriter.BITS / 8)));
        int to = 0;
        for (; to + 4 <= characters; to += 4) {
            int three = octet() << 16 | octet() << 8 | octet();
            text[to] = CHARACTERS[three >>> 18];
            text[to + 1] = CHARACTERS[three >>> 12 & 0x3f];
            text[to + 2] = CHARACTERS[three >>> 6 & 0x3f];
            text[to + 3] = CHARACTERS[three & 0x3f];
        }
        int bits = 0;
        int waiting = 0;
        for (; to < characters; to++) {
            if (waiting < StateWriter.BITS) {
                bits = bits << 8 | octet();
                waiting += 8;
            }
            waiting -= StateWriter.BITS;
            text[to] = CHARACTERS[bits >>> waiting & 0x3f];
        }
        return new String(text, 0, characters, StandardCharsets.ISO_8859_1);
    }

    Source source() {
        if (version <= LAYOUT_2) {
            return new Source(number(), unsigned());
        }
        int first = octet();
        int partition = first & StateWriter.WIDE_PARTITION;
        int end = first >>> StateWriter.OFFSET_SHIFT & StateWriter.OFFSET_MASK;
        long offset = end;
        if ((first & StateWriter.HAS_MORE_OF_OFFSET) != 0) {
            offset |= unsigned() << StateWriter.OFFSET_BITS;
        }
        return new Source(partition == StateWriter.WIDE_PARTITION ? number() : partition, offset);
    }

    /** Of values that take a byte each at least. */
    <T> List<T> list(Function<StateReader, T> read) {
        int count = count();
        int size = within(count, count);
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(read.apply(this));
        }
        return values;
    }

    /** The same, of values that are kept elsewhere. */
    <T> void each(T values, BiConsumer<StateReader, T> read) {
        int count = count();
        int size = within(count, count);
        for (int i = 0; i < size; i++) {
            read.accept(this, values);
        }
    }
}
