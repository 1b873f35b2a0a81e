package io.ordersync.streams;

import io.ordersync.domain.Fact.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateWriter} wrote. */
final class StateReader {

    private final ByteBuffer in;
    private final List<String> strings = new ArrayList<>();
    private final int version;
    private final long baseHour;

    StateReader(byte[] value) {
        this.in = ByteBuffer.wrap(value);
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
        return !in.hasRemaining();
    }

    int octet() {
        return in.get() & 0xff;
    }

    boolean bool() {
        return in.get() != 0;
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
            byte next = in.get();
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
        return in.getLong();
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
        if (count < 0 || bytes > in.remaining()) {
            throw new IllegalStateException("more is told to follow than there is");
        }
        return count;
    }

    private String text(int bytes) {
        byte[] utf8 = new byte[within(bytes, bytes)];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private String numbered() {
        int lengths = octet();
        int digits = (lengths & 0xf) + StateWriter.MIN_DIGITS;
        String before = text(lengths >>> 4);
        long number = 0;
        for (int i = 0; i < StateWriter.bytesOfNumber(digits); i++) {
            number = number << 8 | octet();
        }
        String text = Long.toString(number);
        return before + "0".repeat(digits - text.length()) + text;
    }

    private String packed(int characters) {
        StringBuilder text = new StringBuilder(within(characters, (int) (characters * (long) StateWriter.BITS / 8)));
        int bits = 0;
        int waiting = 0;
        while (text.length() < characters) {
            if (waiting < StateWriter.BITS) {
                bits = bits << 8 | octet();
                waiting += 8;
            }
            waiting -= StateWriter.BITS;
            text.append(StateWriter.ALPHABET.charAt(bits >>> waiting & 0x3f));
        }
        return text.toString();
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
}
