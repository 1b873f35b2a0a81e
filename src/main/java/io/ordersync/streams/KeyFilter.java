package io.ordersync.streams;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells of most keys that were never added that they were not: a Bloom filter in blocks of 32 bytes, so that a question is one
 * look into memory (Putze, Sanders, Singler, 2007). It grows by a further filter of twice the size. To be used by one thread.
 */
final class KeyFilter {

    /** Of a hundred keys that were not added, one is taken for one that was. */
    private static final int BITS_PER_KEY = 12;

    private static final int BLOCK_LONGS = 4;
    private static final int MIN_KEYS = 1 << 12;
    /** Of 16 MiB; more are as well held by several. */
    private static final int MAX_KEYS = 11 << 20;

    /** A part of the hash chooses in each of a block's eight words one bit, by an odd factor for each. */
    private static final int[] FACTORS = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    private final long seed;
    private final List<long[]> filters = new ArrayList<>();
    private int room;
    private int nextKeys;

    /** @param keys how many will be added, about */
    KeyFilter(long seed, long keys) {
        this.seed = seed;
        nextKeys = Math.clamp(keys, MIN_KEYS, MAX_KEYS);
    }

    void add(byte[] key) {
        long hash = ByteTable.hash(seed, key);
        if (mayHave(hash)) {
            // Also one that only seems to be there: it is found from now on all the same.
            return;
        }
        if (room == 0) {
            room = nextKeys;
            filters.addFirst(new long[blocks(nextKeys) * BLOCK_LONGS]);
            nextKeys = Math.min(MAX_KEYS, nextKeys * 2);
        }
        room--;
        long[] filter = filters.getFirst();
        int block = block(filter, hash);
        for (int word = 0; word < FACTORS.length; word++) {
            filter[block + word / 2] |= bit(hash, word);
        }
    }

    /** False: the key was not added. */
    boolean mayHave(byte[] key) {
        return mayHave(ByteTable.hash(seed, key));
    }

    private boolean mayHave(long hash) {
        for (long[] filter : filters) {
            if (has(filter, hash)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(long[] filter, long hash) {
        int block = block(filter, hash);
        for (int word = 0; word < FACTORS.length; word++) {
            if ((filter[block + word / 2] & bit(hash, word)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int blocks(int keys) {
        return keys / (BLOCK_LONGS * Long.SIZE) * BITS_PER_KEY + 1;
    }

    /** By the upper half of the hash. */
    private static int block(long[] filter, long hash) {
        int blocks = filter.length / BLOCK_LONGS;
        return (int) (((hash >>> Integer.SIZE) * blocks) >>> Integer.SIZE) * BLOCK_LONGS;
    }

    /** By the lower half. Two words are one long. */
    private static long bit(long hash, int word) {
        return 1L << ((((int) hash * FACTORS[word]) >>> 27) + word % 2 * Integer.SIZE);
    }
}
