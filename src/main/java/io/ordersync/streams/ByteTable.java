package io.ordersync.streams;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of byte arrays that keeps them in few large ones: as objects, a key and a value of 100 bytes take 200, and the
 * collector has to look at each of them. What is given and what is returned is a copy.
 *
 * <p>It is extendible hashing (Fagin, Nievergelt, Pippenger, Strong, 1979): the first bits of a hash lead, by a directory, to a
 * page, and a page that is full becomes two. So no call moves more than a page, but for one in thousands that doubles the
 * directory. To be used by one thread at a time.
 */
final class ByteTable {

    /**
     * A page is written anew when it grows, is emptied of what was replaced, or is split: some ten microseconds. Of smaller pages
     * there are so many that the processor's cache does not hold what leads to their slots.
     */
    private static final int PAGE_BYTES = 128 << 10;
    /** A page with few entries is not split, however large they are: the directory is as deep as its deepest page. */
    private static final int MIN_SPLIT = 16;
    /** Beyond that the hashes of a page are alike, and it just grows. */
    private static final int MAX_DEPTH = 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The fractions of the golden ratio and of the square root of 3: odd, and without a pattern. */
    static final long FACTOR = 0x9E3779B97F4A7C15L;

    private static final long LAST_FACTOR = 0xBB67AE8584CAA73BL;

    private final long seed;
    private Page[] directory = {new Page(0)};
    /** So many bits of a hash are the place in the directory. */
    private int depth;

    private long size;

    /** Whoever knows the seed can make keys of the same hash, which then take long to find. */
    ByteTable() {
        this(RandomGenerator.of("L64X128MixRandom").nextLong());
    }

    ByteTable(long seed) {
        this.seed = seed;
    }

    /** How many entries there are. */
    long size() {
        return size;
    }

    byte @Nullable [] get(byte[] key) {
        int hash = hash(key);
        return page(hash).get(hash, key);
    }

    void put(byte[] key, byte[] value) {
        int hash = hash(key);
        Page page = page(hash);
        if (page.put(hash, key, value)) {
            size++;
        }
        while (page.isFull() && page.depth < MAX_DEPTH) {
            split(page, hash);
            page = page(hash);
        }
    }

    /** Returns whether it was there. */
    boolean remove(byte[] key) {
        int hash = hash(key);
        boolean removed = page(hash).remove(hash, key);
        if (removed) {
            size--;
        }
        return removed;
    }

    void clear() {
        directory = new Page[] {new Page(0)};
        depth = 0;
        size = 0;
    }

    /**
     * All entries, in no order, each as it is when it is asked for. Those that come or go after the iterator was made may show or
     * not; each other shows once. Between {@code hasNext} and {@code next} nothing may change.
     */
    Iterator<KeyValue<Bytes, byte[]>> entries() {
        return new Entries();
    }

    private Page page(int hash) {
        return directory[place(hash)];
    }

    private int place(int hash) {
        // A shift by 32 would be one by 0.
        return hash >>> 1 >>> (Integer.SIZE - 1 - depth);
    }

    private void split(Page page, int hash) {
        if (page.depth == depth) {
            Page[] doubled = new Page[directory.length * 2];
            for (int i = 0; i < doubled.length; i++) {
                doubled[i] = directory[i / 2];
            }
            directory = doubled;
            depth++;
        }
        int span = 1 << (depth - page.depth);
        int first = place(hash) & -span;
        Arrays.fill(directory, first, first + span / 2, page.half(0));
        Arrays.fill(directory, first + span / 2, first + span, page.half(1));
    }

    private int hash(byte[] key) {
        long hash = hash(seed, key);
        return (int) (hash ^ hash >>> Integer.SIZE);
    }

    /** Multiplies to 128 bits and folds these: with a seed that nobody knows, nobody can say which keys collide. */
    static long hash(long seed, byte[] key) {
        long hash = seed ^ key.length;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            hash = fold(hash ^ (long) LONGS.get(key, at), FACTOR);
        }
        long rest = 0;
        for (; at < key.length; at++) {
            rest = rest << Byte.SIZE | Byte.toUnsignedInt(key[at]);
        }
        return fold(hash ^ rest, LAST_FACTOR);
    }

    static long fold(long one, long other) {
        return Math.unsignedMultiplyHigh(one, other) ^ one * other;
    }

    /**
     * Entries one after the other, each as the lengths of its key and value, key, and value; and an index of them, in which a
     * free slot ends a search. What is written is never overwritten: an iterator may hold on to it.
     */
    private static final class Page {

        private static final long FREE = 0;
        /** Whoever searches goes on here. No entry is as far back as this. */
        private static final long REMOVED = -1;

        private static final int MIN_SLOTS = 8;
        private static final int MIN_BYTES = 256;

        /** All hashes here begin with the same so many bits. */
        final int depth;

        byte[] bytes = new byte[MIN_BYTES];
        private int end;
        private int garbage;

        /** The hash above, below it 1 more than the entry's place. As many as a power of two. */
        long[] slots = new long[MIN_SLOTS];

        private int entries;
        private int taken;

        Page(int depth) {
            this.depth = depth;
        }

        boolean isFull() {
            return end - garbage > PAGE_BYTES && entries >= MIN_SPLIT;
        }

        byte @Nullable [] get(int hash, byte[] key) {
            int slot = find(hash, key);
            return slot < 0 ? null : value(bytes, at(slots[slot]));
        }

        /** Returns whether it is a new one. */
        boolean put(int hash, byte[] key, byte[] value) {
            int length = lengthOf(key.length) + lengthOf(value.length) + key.length + value.length;
            if (length > bytes.length - end || (taken + 1) * 4 > slots.length * 3) {
                rewrite(length);
            }
            int slot = find(hash, key);
            boolean isNew = slot < 0;
            if (isNew) {
                slot = free(slots, hash);
                entries++;
                taken++;
            } else {
                garbage += length(bytes, at(slots[slot]));
            }
            slots[slot] = slot(hash, end);
            end = write(bytes, write(bytes, end, key.length), value.length);
            System.arraycopy(key, 0, bytes, end, key.length);
            System.arraycopy(value, 0, bytes, end + key.length, value.length);
            end += key.length + value.length;
            return isNew;
        }

        boolean remove(int hash, byte[] key) {
            int slot = find(hash, key);
            if (slot < 0) {
                return false;
            }
            garbage += length(bytes, at(slots[slot]));
            slots[slot] = REMOVED;
            entries--;
            if (garbage > end / 2) {
                rewrite(0);
            }
            return true;
        }

        /** Those whose next bit is {@code bit}, as a page of their own. */
        Page half(int bit) {
            Page half = new Page(depth + 1);
            int length = 0;
            int count = 0;
            for (long slot : slots) {
                if (isEntry(slot) && bitOf(slot) == bit) {
                    length += length(bytes, at(slot));
                    count++;
                }
            }
            half.make(length, count);
            for (long slot : slots) {
                if (isEntry(slot) && bitOf(slot) == bit) {
                    half.take(bytes, slot);
                }
            }
            return half;
        }

        private int bitOf(long slot) {
            return hash(slot) >>> (Integer.SIZE - 1 - depth) & 1;
        }

        /** Leaves out what is no entry any more, and makes room for one of {@code length} bytes and for some more. */
        private void rewrite(int length) {
            byte[] oldBytes = bytes;
            long[] oldSlots = slots;
            make(Math.addExact(end - garbage, length), entries + 1);
            for (long slot : oldSlots) {
                if (isEntry(slot)) {
                    take(oldBytes, slot);
                }
            }
        }

        /** Empties it, with room for a fourth more than is asked for. */
        private void make(int length, int count) {
            long room = (long) length + length / 4;
            bytes = new byte[Math.clamp(room, MIN_BYTES, Integer.MAX_VALUE - 8)];
            int least = (count + count / 4) * 4 / 3 + 1;
            slots = new long[Math.max(MIN_SLOTS, Integer.highestOneBit(least - 1) << 1)];
            end = 0;
            garbage = 0;
            entries = 0;
            taken = 0;
        }

        private void take(byte[] from, long slot) {
            int at = at(slot);
            int length = length(from, at);
            System.arraycopy(from, at, bytes, end, length);
            slots[free(slots, hash(slot))] = slot(hash(slot), end);
            end += length;
            entries++;
            taken++;
        }

        private int find(int hash, byte[] key) {
            int mask = slots.length - 1;
            int index = hash & mask;
            while (slots[index] != FREE) {
                long slot = slots[index];
                if (hash(slot) == hash && slot != REMOVED && hasKey(at(slot), key)) {
                    return index;
                }
                index = index + 1 & mask;
            }
            return -1;
        }

        private boolean hasKey(int at, byte[] key) {
            if (read(bytes, at) != key.length) {
                return false;
            }
            int from = at + lengthOf(key.length);
            from += lengthOf(read(bytes, from));
            return Arrays.equals(bytes, from, from + key.length, key, 0, key.length);
        }

        private static int free(long[] slots, int hash) {
            int mask = slots.length - 1;
            int index = hash & mask;
            while (slots[index] != FREE) {
                index = index + 1 & mask;
            }
            return index;
        }

        private static long slot(int hash, int at) {
            return (long) hash << Integer.SIZE | at + 1;
        }

        static boolean isEntry(long slot) {
            return slot != FREE && slot != REMOVED;
        }

        static int hash(long slot) {
            return (int) (slot >>> Integer.SIZE);
        }

        static int at(long slot) {
            return (int) slot - 1;
        }

        static byte[] key(byte[] bytes, int at) {
            int keyLength = read(bytes, at);
            int from = at + lengthOf(keyLength);
            from += lengthOf(read(bytes, from));
            return Arrays.copyOfRange(bytes, from, from + keyLength);
        }

        private static byte[] value(byte[] bytes, int at) {
            int keyLength = read(bytes, at);
            int from = at + lengthOf(keyLength);
            int valueLength = read(bytes, from);
            from += lengthOf(valueLength) + keyLength;
            return Arrays.copyOfRange(bytes, from, from + valueLength);
        }

        private static int length(byte[] bytes, int at) {
            int keyLength = read(bytes, at);
            int valueLength = read(bytes, at + lengthOf(keyLength));
            return lengthOf(keyLength) + lengthOf(valueLength) + keyLength + valueLength;
        }

        /** Seven bits in each byte, the lowest first; one byte for what is below 128. */
        private static int write(byte[] bytes, int at, int length) {
            int end = at;
            int left = length;
            for (; left >= 1 << 7; left >>>= 7) {
                bytes[end++] = (byte) (left | 1 << 7);
            }
            bytes[end++] = (byte) left;
            return end;
        }

        private static int read(byte[] bytes, int at) {
            int length = bytes[at];
            if (length >= 0) {
                return length;
            }
            length &= (1 << 7) - 1;
            for (int shift = 7, from = at + 1; ; shift += 7, from++) {
                length |= (bytes[from] & (1 << 7) - 1) << shift;
                if (bytes[from] >= 0) {
                    return length;
                }
            }
        }

        private static int lengthOf(int length) {
            return length < 1 << 7 ? 1 : (Integer.SIZE + 6 - Integer.numberOfLeadingZeros(length)) / 7;
        }
    }

    /** Goes through the pages in the order of the hashes, of which each has its own: no split makes one come twice. */
    private final class Entries implements Iterator<KeyValue<Bytes, byte[]>> {

        private static final long PAST_ALL = 1L << Integer.SIZE;

        /** The hashes from here on are still to come. */
        private long from;

        private byte[] bytes = {};
        private long[] slots = {};
        private int index;
        private @Nullable KeyValue<Bytes, byte[]> next;

        @Override
        public boolean hasNext() {
            while (next == null && (index < slots.length || from < PAST_ALL)) {
                if (index == slots.length) {
                    turnPage();
                } else {
                    look(slots[index++]);
                }
            }
            return next != null;
        }

        private void turnPage() {
            Page page = page((int) from);
            bytes = page.bytes;
            slots = page.slots.clone();
            index = 0;
            long span = PAST_ALL >>> page.depth;
            from = (from / span + 1) * span;
        }

        private void look(long slot) {
            if (Page.isEntry(slot)) {
                byte[] key = Page.key(bytes, Page.at(slot));
                byte[] value = page(Page.hash(slot)).get(Page.hash(slot), key);
                next = value == null ? null : KeyValue.pair(Bytes.wrap(key), value);
            }
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            KeyValue<Bytes, byte[]> entry = next;
            next = null;
            return entry;
        }
    }
}
