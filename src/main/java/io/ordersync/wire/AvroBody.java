package io.ordersync.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a body, one after the other in the order of the schema's fields, for who reads without Avro. Whatever it
 * takes, Avro reads as the same. Of anything else each method throws some RuntimeException, and {@link AvroDeserializer} is
 * to be asked what is wrong with it. Allocates no more than in proportion to the bytes. For one thread.
 */
public final class AvroBody {

    private final byte[] data;
    private int at;

    AvroBody(byte[] data, int from) {
        this.data = data;
        this.at = from;
    }

    public boolean isEnd() {
        return at == data.length;
    }

    public boolean readBoolean() {
        return isOne(data[at++]);
    }

    public int readInt() {
        int zigzag = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = data[at++];
            zigzag |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new IllegalStateException("an int without end");
    }

    public long readLong() {
        long zigzag = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = data[at++];
            zigzag |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new IllegalStateException("a long without end");
    }

    public String readString() {
        int length = checkedLength();
        String text = new String(data, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    public void skipString() {
        int length = checkedLength();
        at += length;
    }

    /**
     * The next value, an enum's.
     *
     * @param symbols for each of the schema's, in its order
     */
    public <E> E readEnum(List<E> symbols) {
        return symbols.get(readInt());
    }

    /** Of a union of null, which comes first, and another: is it the other, whose value is next? */
    public boolean isPresent() {
        return isOne(readInt());
    }

    public @Nullable String readOptionalString() {
        return isPresent() ? readString() : null;
    }

    public void skipOptionalString() {
        if (isPresent()) {
            skipString();
        }
    }

    /**
     * The next value, an array's.
     *
     * @param item reads one, which takes a byte at least
     */
    public <T> List<T> readArray(Function<AvroBody, T> item) {
        List<T> items = List.of();
        for (int count = readCount(); count > 0; count = readCount()) {
            if (items.isEmpty()) {
                items = new ArrayList<>(count);
            }
            for (int i = 0; i < count; i++) {
                items.add(item.apply(this));
            }
        }
        return items;
    }

    /** Of the next block; 0: there is none. A negative one has its size in bytes behind it. */
    private int readCount() {
        long count = readLong();
        if (count < 0) {
            if (readLong() < 0) {
                throw new IllegalStateException("a block of less than nothing");
            }
            count = -count;
        }
        return checkedToBeLeft(count);
    }

    private int checkedLength() {
        return checkedToBeLeft(readLong());
    }

    private int checkedToBeLeft(long bytes) {
        if (bytes < 0 || bytes > data.length - at) {
            throw new IllegalStateException("more than the bytes that are left");
        }
        return (int) bytes;
    }

    private static boolean isOne(int value) {
        return switch (value) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new IllegalStateException("neither of two");
        };
    }
}
