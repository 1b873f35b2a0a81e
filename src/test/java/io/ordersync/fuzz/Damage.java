package io.ordersync.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What may befall the bytes of a record. */
public final class Damage {

    private Damage() {}

    /** The bytes with one to four changes, each as {@code choices} say. */
    public static byte[] to(byte[] bytes, Choices choices) {
        byte[] damaged = bytes.clone();
        for (int change = choices.below(4); change >= 0; change--) {
            damaged = once(damaged, choices);
        }
        return damaged;
    }

    private static byte[] once(byte[] bytes, Choices choices) {
        if (bytes.length == 0) {
            return choices.bytes(8);
        }
        int at = choices.below(bytes.length);
        int run = Math.min(1 + choices.below(8), bytes.length - at);
        byte[] head = Arrays.copyOf(bytes, at);
        byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
        byte[] rest = Arrays.copyOfRange(bytes, at + run, bytes.length);
        switch (choices.below(9)) {
            case 0 -> tail[0] ^= (byte) (1 << choices.below(8));
            case 1 -> tail[0] = (byte) choices.octet();
            // A length that no record has: the greatest number, the least, and one without end.
            case 2 -> tail = joined(varint(-2), rest);
            case 3 -> tail = joined(varint(-1), rest);
            case 4 -> tail = joined(repeated((byte) 0xff, run + 8), rest);
            case 5 -> tail = rest;
            case 6 -> tail = joined(choices.bytes(run), tail);
            case 7 -> tail = joined(tail, Arrays.copyOfRange(bytes, at, at + run));
            default -> {
                byte[] header = joined(new byte[] {(byte) (choices.oneIn(4) ? 1 : 0)}, id(choices));
                return joined(header, Arrays.copyOfRange(bytes, Math.min(5, bytes.length), bytes.length));
            }
        }
        return joined(head, tail);
    }

    /** One of the ids that there are, or of those that there are not. */
    private static byte[] id(Choices choices) {
        int id = choices.oneIn(4) ? (int) choices.number() : choices.below(30);
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }

    private static byte[] varint(long zigzag) {
        ByteBuffer out = ByteBuffer.allocate(10);
        for (long left = zigzag; ; left >>>= 7) {
            if ((left & ~0x7fL) == 0) {
                return Arrays.copyOf(out.put((byte) left).array(), out.position());
            }
            out.put((byte) ((left & 0x7f) | 0x80));
        }
    }

    private static byte[] repeated(byte value, int times) {
        byte[] bytes = new byte[times];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }
}
