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

    private final byte[] in;
    private int at;
    private final List<String> strings = new ArrayList<>();
    private final int version;
    private final long baseHour;

    /** It and all that is read throw IndexOutOfBoundsException when there is no more. */
    StateReader(byte[] value) {
        this.in = value;
        this.version = octet();
        this.baseHour = unsigned();
    }

    /** The layout's version, the first byte of a value. */
    int version() {
        return version;
    }

    /** Hours since 1970 UTC that the times of the value are relative to. */
    long baseHour() {
        return baseHour;
    }

    /** What times are relative to. */
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
        for (int shift = 0; ; shift += 7) {
            byte next = in[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    int count() {
        return Math.toIntExact(unsigned());
    }

    long signed() {
        long zigzag = unsigned();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    Instant time() {
        return Instant.ofEpochMilli(baseMillis() + signed());
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
        if (version == OrderRecordLayout1.VERSION && tag != StateWriter.UUID_FOLLOWS) {
            return tag % 2 == 0 ? strings.get((tag - 2) / 2) : learnt(text((tag - 3) / 2));
        }
        int kind = (tag - StateWriter.FIRST) % StateWriter.KINDS;
        int count = (tag - StateWriter.FIRST) / StateWriter.KINDS;
        return switch (tag) {
            case StateWriter.UUID_FOLLOWS -> learnt(new UUID(fixed64(), fixed64()).toString());
            case StateWriter.NUMBERED -> learnt(numbered());
            default ->
                switch (kind) {
                    case StateWriter.KNOWN -> strings.get(count);
                    case StateWriter.PACKED -> learnt(packed(count));
                    default -> learnt(text(count));
                };
        };
    }

    private String learnt(String value) {
        strings.add(value);
        return value;
    }

    /** Nothing is allocated for what can't be there: a number that is damaged says anything. */
    private int within(int count, int bytes) {
        if (count < 0 || bytes > in.length - at) {
            throw new IllegalStateException("more is told to follow than there is");
        }
        return count;
    }

    private String text(int bytes) {
        String text = new String(in, at, within(bytes, bytes), StandardCharsets.UTF_8);
        at += bytes;
        return text;
    }

    private String numbered() {
        int lengths = octet();
        int digits = (lengths & 0xf) + StateWriter.MIN_DIGITS;
        int before = lengths >>> 4;
        byte[] text = new byte[before + digits];
        System.arraycopy(in, at, text, 0, before);
        at += before;
        digits(fixed(StateWriter.bytesOfNumber(digits)), text, before, text.length);
        return new String(text, StandardCharsets.UTF_8);
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
        byte[] text = new byte[within(characters, (int) (characters * (long) StateWriter.BITS / 8))];
        int to = 0;
        for (; to + 4 <= text.length; to += 4) {
            int three = octet() << 16 | octet() << 8 | octet();
            text[to] = CHARACTERS[three >>> 18];
            text[to + 1] = CHARACTERS[three >>> 12 & 0x3f];
            text[to + 2] = CHARACTERS[three >>> 6 & 0x3f];
            text[to + 3] = CHARACTERS[three & 0x3f];
        }
        int bits = 0;
        int waiting = 0;
        for (; to < text.length; to++) {
            if (waiting < StateWriter.BITS) {
                bits = bits << 8 | octet();
                waiting += 8;
            }
            waiting -= StateWriter.BITS;
            text[to] = CHARACTERS[bits >>> waiting & 0x3f];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    Source source() {
        return new Source(count(), unsigned());
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
