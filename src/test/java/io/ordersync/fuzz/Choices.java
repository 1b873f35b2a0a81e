package io.ordersync.fuzz;

import java.nio.ByteBuffer;
import java.util.List;

/** Bytes as a row of decisions. When there are no more, each is the first choice, which is the ordinary one. */
public final class Choices {

    private final ByteBuffer in;

    public Choices(byte[] data) {
        in = ByteBuffer.wrap(data);
    }

    public boolean isSpent() {
        return !in.hasRemaining();
    }

    /** From 0 to 255. */
    public int octet() {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    /** From 0 to {@code bound} less one, for a bound up to 65,536. */
    public int below(int bound) {
        return (bound > 256 ? octet() << 8 | octet() : octet()) % bound;
    }

    /** The first choice is no. */
    public boolean oneIn(int chances) {
        return below(chances) == chances - 1;
    }

    public long number() {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | octet();
        }
        return number;
    }

    public <T> T of(List<T> some) {
        return some.get(below(some.size()));
    }

    /** So many bytes, or what is left. */
    public byte[] bytes(int atMost) {
        byte[] bytes = new byte[Math.min(atMost, in.remaining())];
        in.get(bytes);
        return bytes;
    }
}
