package io.ordersync.streams;

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
        return Instant.ofEpochMilli(baseMillis(baseHour) + signed());
    }

    long fixed64() {
        return in.getLong();
    }

    String string() {
        return Objects.requireNonNull(optionalString());
    }

    @Nullable
    String optionalString() {
        int tag = count();
        if (tag == StateWriter.NULL) {
            return null;
        }
        if (tag >= StateWriter.FIRST_STRING && tag % 2 == 0) {
            return strings.get((tag - StateWriter.FIRST_STRING) / 2);
        }
        String value;
        if (tag == StateWriter.UUID_FOLLOWS) {
            value = new UUID(fixed64(), fixed64()).toString();
        } else {
            byte[] utf8 = new byte[(tag - StateWriter.FIRST_STRING) / 2];
            in.get(utf8);
            value = new String(utf8, StandardCharsets.UTF_8);
        }
        strings.add(value);
        return value;
    }

    <T> List<T> list(Function<StateReader, T> read) {
        int size = count();
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(read.apply(this));
        }
        return values;
    }
}
