package io.ordersync.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A value while it is written: byte 0, the id, and what is added. */
final class ValueBytes {

    private static final int LONGEST_NUMBER = 10;

    private byte[] bytes;
    private int size = SchemaIds.BYTES;

    ValueBytes(int id, int usualBytes) {
        bytes = new byte[usualBytes];
        for (int i = 1; i < SchemaIds.BYTES; i++) {
            bytes[i] = (byte) (id >>> ((SchemaIds.BYTES - 1 - i) * Byte.SIZE));
        }
    }

    /** An int, a long, an index or a count: Avro writes them alike. */
    void addNumber(long number) {
        ensure(LONGEST_NUMBER);
        long zigzag = (number << 1) ^ (number >> (Long.SIZE - 1));
        while ((zigzag & ~0x7fL) != 0) {
            bytes[size++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        bytes[size++] = (byte) zigzag;
    }

    void addText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        addNumber(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    void addBoolean(boolean value) {
        ensure(1);
        bytes[size++] = (byte) (value ? 1 : 0);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
