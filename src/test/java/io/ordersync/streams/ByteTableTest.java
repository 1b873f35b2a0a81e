package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

class ByteTableTest {

    private static final long SEED = 42;

    private final ByteTable table = new ByteTable(SEED);

    /** However many keys there are, and however large their values, it holds what a hash map holds. */
    @Property(tries = 200)
    void holdsWhatAHashMapHolds(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3_000) int keys,
            @ForAll @IntRange(min = 0, max = 2_000) int longest) {
        Random random = new Random(seed);
        ByteTable tried = new ByteTable(seed);
        Map<Bytes, byte[]> expected = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            Bytes key = key("DOUYIN:shop-7:" + random.nextInt(keys));
            if (random.nextInt(4) == 0) {
                assertThat(tried.remove(key.get())).isEqualTo(expected.remove(key) != null);
            } else {
                byte[] value = new byte[random.nextInt(longest + 1)];
                random.nextBytes(value);
                tried.put(key.get(), value);
                expected.put(key, value);
            }
            Bytes other = key("DOUYIN:shop-7:" + random.nextInt(keys));
            assertThat(tried.get(other.get())).isEqualTo(expected.get(other));
        }

        assertThat(tried.size()).isEqualTo(expected.size());
        assertThat(all(tried)).containsExactlyInAnyOrderEntriesOf(expected);
    }

    /** What is there from the begin of a pass to its end shows once, whatever else comes, goes, grows and splits pages. */
    @Property(tries = 100)
    void showsEachThatStaysOnce(@ForAll long seed, @ForAll @IntRange(min = 0, max = 2_000) int staying) {
        Random random = new Random(seed);
        ByteTable tried = new ByteTable(seed);
        Set<Bytes> stay = new HashSet<>();
        for (int i = 0; i < staying; i++) {
            stay.add(key("stays-" + i));
            tried.put(key("stays-" + i).get(), new byte[random.nextInt(100)]);
        }
        List<Bytes> seen = new ArrayList<>();
        for (Iterator<KeyValue<Bytes, byte[]>> pass = tried.entries(); pass.hasNext(); ) {
            KeyValue<Bytes, byte[]> entry = pass.next();
            seen.add(entry.key);
            for (int i = random.nextInt(20); i > 0; i--) {
                byte[] guest = key("comes-" + random.nextInt(5_000)).get();
                if (random.nextBoolean()) {
                    tried.put(guest, new byte[random.nextInt(100)]);
                } else {
                    tried.remove(guest);
                }
            }
            if (stay.contains(entry.key)) {
                tried.put(entry.key.get(), new byte[random.nextInt(1_000)]);
            }
        }

        assertThat(seen).doesNotHaveDuplicates().containsAll(stay);
    }

    @Test
    void showsAnEntryAsItIsWhenAskedFor() {
        table.put(key("a").get(), new byte[] {1});
        table.put(key("b").get(), new byte[] {1});
        Iterator<KeyValue<Bytes, byte[]>> pass = table.entries();
        Bytes first = pass.next().key;
        Bytes second = key(first.equals(key("a")) ? "b" : "a");

        table.put(second.get(), new byte[] {2});

        assertThat(pass.next().value).containsExactly(2);
        assertThatThrownBy(pass::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void takesCopies() {
        byte[] key = key("a").get();
        byte[] value = {1};
        table.put(key, value);
        value[0] = 2;
        byte[] got = table.get(key);
        assertThat(got).containsExactly(1);
        Arrays.fill(key, (byte) 'b');

        assertThat(table.get(key)).isNull();
        assertThat(table.get(key("a").get())).isNotSameAs(got);
    }

    /** The largest order that is kept has 8 MiB; the small ones beside it stay quick to find. */
    @Test
    void holdsTheLargestOrderAmongSmallOnes() {
        byte[] large = new byte[8 << 20];
        new Random(SEED).nextBytes(large);
        table.put(key("large").get(), large);
        IntStream.range(0, 50_000).forEach(i -> table.put(key("small-" + i).get(), new byte[] {(byte) i}));

        assertThat(table.get(key("large").get())).isEqualTo(large);
        assertThat(IntStream.range(0, 50_000))
                .allSatisfy(i -> assertThat(table.get(key("small-" + i).get())).containsExactly(i.byteValue()));
        assertThat(table.size()).isEqualTo(50_001);
    }

    /** Keys of one hash, made by whoever knows the seed, fill one page, which can't be split. */
    @Test
    void holdsKeysOfOneHash() {
        List<byte[]> keys = IntStream.range(0, 1_000)
                .mapToObj(ByteTableTest::colliding)
                .peek(key -> table.put(key, Arrays.copyOf(key, 200)))
                .toList();

        assertThat(keys).allSatisfy(key -> assertThat(table.get(key)).isEqualTo(Arrays.copyOf(key, 200)));
        keys.forEach(table::remove);
        assertThat(table.size()).isZero();
    }

    /** After its first eight bytes the hash is at some value; the next eight are the same, and it is at zero. */
    private static byte[] colliding(int number) {
        long first = number * 0x1_0000_0001L;
        long second = ByteTable.fold(SEED ^ 16 ^ first, ByteTable.FACTOR);
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array();
    }

    @Test
    void isEmptyAfterItWasCleared() {
        IntStream.range(0, 10_000).forEach(i -> table.put(key("k" + i).get(), new byte[50]));
        table.clear();

        assertThat(table.size()).isZero();
        assertThat(table.entries().hasNext()).isFalse();
        assertThat(table.get(key("k1").get())).isNull();
    }

    private static Map<Bytes, byte[]> all(ByteTable table) {
        Map<Bytes, byte[]> all = new HashMap<>();
        table.entries().forEachRemaining(entry -> all.put(entry.key, entry.value));
        return all;
    }

    private static Bytes key(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }
}
