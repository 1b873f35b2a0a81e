package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** No order is overlooked, and on disk hardly any is looked for in vain. */
class KnownOrdersTest {

    private static final int MANY = 100_000;
    // By the order of their keys.
    private static final int FIRST = 0;
    private static final int LAST = 99_999;
    /** A value that is found again in the files. */
    private static final byte[] DAMAGED = "the one whose block is damaged".getBytes(UTF_8);

    private final AtomicInteger asked = new AtomicInteger();
    private final Path directory = temporary();
    private final KeyValueStore<Bytes, byte[]> rocksDb = rocksDb(directory);
    private final KeyValueStore<Bytes, byte[]> disk = counting(rocksDb);
    private final KnownOrders orders = new KnownOrders(disk);

    @AfterEach
    void close() throws IOException {
        rocksDb.close();
        FileSystemUtils.deleteRecursively(directory);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("known-orders");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Left in order it holds again what it held. */
    private static KeyValueStore<Bytes, byte[]> rocksDb(Path directory) {
        KeyValueStore<Bytes, byte[]> store =
                Stores.persistentKeyValueStore("orders").get();
        StateStoreContext context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile())
                .getStateStoreContext();
        store.init(context, store);
        return store;
    }

    /** Counts how often the store is asked for an order. */
    @SuppressWarnings("unchecked")
    private KeyValueStore<Bytes, byte[]> counting(KeyValueStore<Bytes, byte[]> entries) {
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("get")) {
                        asked.incrementAndGet();
                    }
                    try {
                        return method.invoke(entries, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Whatever comes and goes before, in, between and after passes. */
    @Property(tries = 100)
    void overlooksNoOrder(@ForAll long seed) throws IOException {
        Path place = temporary();
        KeyValueStore<Bytes, byte[]> store = rocksDb(place);
        try {
            overlooksNoOrder(new Random(seed), new KnownOrders(store));
        } finally {
            store.close();
            FileSystemUtils.deleteRecursively(place);
        }
    }

    private static void overlooksNoOrder(Random random, KnownOrders tried) {
        Map<Bytes, byte[]> expected = new HashMap<>();
        for (int pass = 0; pass < 4; pass++) {
            changeSome(random, tried, expected);
            try (KeyValueIterator<Bytes, byte[]> all = tried.pass()) {
                while (all.hasNext()) {
                    all.next();
                    if (random.nextInt(50) == 0) {
                        changeSome(random, tried, expected);
                    }
                }
            }
            changeSome(random, tried, expected);
            try (KeyValueIterator<Bytes, byte[]> given = tried.pass()) {
                for (int i = random.nextInt(50); i > 0 && given.hasNext(); i--) {
                    given.next();
                }
            }
        }
    }

    private static void changeSome(Random random, KnownOrders tried, Map<Bytes, byte[]> expected) {
        for (int i = random.nextInt(30); i > 0; i--) {
            Bytes key = key(random.nextInt(300));
            if (random.nextInt(3) == 0) {
                tried.remove(key);
                expected.remove(key);
            } else {
                byte[] value = {(byte) i};
                tried.put(key, value);
                expected.put(key, value);
            }
        }
        IntStream.range(0, 300)
                .forEach(number ->
                        assertThat(tried.get(key(number))).as("key %s", number).isEqualTo(expected.get(key(number))));
    }

    @Test
    void asksOnlyForOrdersThatAreThereOnceAPassIsDone() {
        IntStream.range(0, MANY).forEach(number -> orders.put(key(number), new byte[] {1}));
        assertThat(askedFor(MANY, 2 * MANY))
                .as("what the store holds is not known")
                .isEqualTo(MANY);

        pass();

        assertThat(askedFor(0, MANY)).isEqualTo(MANY);
        assertThat(askedFor(MANY, 2 * MANY)).isLessThan(MANY / 50);

        IntStream.range(MANY, 2 * MANY).forEach(number -> orders.put(key(number), new byte[] {1}));
        assertThat(askedFor(0, 2 * MANY)).isEqualTo(2 * MANY);
        assertThat(askedFor(2 * MANY, 3 * MANY))
                .as("more than were reckoned with")
                .isLessThan(MANY / 25);
    }

    @Test
    void forgetsWhatIsGoneWithTheNextPass() {
        IntStream.range(0, MANY).forEach(number -> orders.put(key(number), new byte[] {1}));
        pass();
        IntStream.range(0, MANY).forEach(number -> orders.remove(key(number)));
        assertThat(askedFor(0, MANY)).isEqualTo(MANY);

        pass();

        assertThat(askedFor(0, MANY)).isLessThan(MANY / 50);
    }

    @Test
    void doesNotTakeAPassThatWasGivenUpForAWholeOne() {
        IntStream.range(0, MANY).forEach(number -> disk.put(key(number), new byte[] {1}));
        try (KeyValueIterator<Bytes, byte[]> given = orders.pass()) {
            assertThat(given.hasNext()).isTrue();
            given.next();
        }

        assertThat(askedFor(0, MANY)).isEqualTo(MANY);
    }

    /** What can't be read would be taken for never heard of: a refund of it would be forgotten. */
    @ParameterizedTest
    @ValueSource(ints = {FIRST, MANY / 2, LAST})
    void doesNotTakeAPassForWholeThatEndsAtWhatIsDamaged(int damagedKey) throws IOException {
        IntStream.range(0, MANY).forEach(number -> orders.put(key(number), new byte[] {1}));
        orders.put(key(damagedKey), DAMAGED);
        KeyValueStore<Bytes, byte[]> damaged = openedAgainAndDamaged();
        try {
            KnownOrders known = new KnownOrders(damaged);
            try (KeyValueIterator<Bytes, byte[]> all = known.pass()) {
                assertThatExceptionOfType(ProcessorStateException.class)
                        .isThrownBy(() -> all.forEachRemaining(entry -> {}))
                        .withMessage("the orders on disk can't be read to their end");
            }

            assertThat(IntStream.range(0, MANY))
                    .allSatisfy(number ->
                            assertThat(isThereOrCannotBeRead(known, number)).isTrue());
        } finally {
            damaged.close();
        }
    }

    /** All in one block: read forwards or backwards, there is nothing. */
    @Test
    void doesNotTakeAStoreForEmptyOfWhichNothingCanBeRead() throws IOException {
        orders.put(key(1), DAMAGED);
        KeyValueStore<Bytes, byte[]> damaged = openedAgainAndDamaged();
        try {
            KnownOrders known = new KnownOrders(damaged);
            try (KeyValueIterator<Bytes, byte[]> all = known.pass()) {
                assertThat(all.hasNext()).isFalse();
            }

            assertThatExceptionOfType(ProcessorStateException.class).isThrownBy(() -> known.get(key(1)));
        } finally {
            damaged.close();
        }
    }

    /** All is in its files then, and none of it in memory. */
    private KeyValueStore<Bytes, byte[]> openedAgainAndDamaged() throws IOException {
        rocksDb.close();
        KeyValueStore<Bytes, byte[]> again = rocksDb(directory);
        damage(directory);
        return again;
    }

    private static boolean isThereOrCannotBeRead(KnownOrders known, int number) {
        try {
            return known.get(key(number)) != null;
        } catch (ProcessorStateException e) {
            return true;
        }
    }

    /** The block in which that value is. */
    private static void damage(Path directory) throws IOException {
        int damaged = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".sst")).toList()) {
                int at = new String(Files.readAllBytes(file), ISO_8859_1).indexOf(new String(DAMAGED, ISO_8859_1));
                if (at >= 0) {
                    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                        bytes.seek(at);
                        bytes.write('?');
                    }
                    damaged++;
                }
            }
        }
        assertThat(damaged).isEqualTo(1);
    }

    /** A map in memory is asked as quickly as a filter. */
    @Test
    void asksAStoreInMemoryForEach() {
        KnownOrders inMemory = new KnownOrders(new HashStore.Supplier("orders").get());
        try (KeyValueIterator<Bytes, byte[]> all = inMemory.pass()) {
            assertThat(all.hasNext()).isFalse();
        }
        inMemory.put(key(1), new byte[] {1});

        assertThat(inMemory.get(key(1))).containsExactly(1);
        assertThat(inMemory.get(key(2))).isNull();
    }

    private void pass() {
        try (KeyValueIterator<Bytes, byte[]> all = orders.pass()) {
            all.forEachRemaining(entry -> {});
        }
    }

    /** How often the store was asked for orders of these numbers. */
    private int askedFor(int from, int to) {
        asked.set(0);
        IntStream.range(from, to).forEach(number -> orders.get(key(number)));
        return asked.get();
    }

    private static Bytes key(int number) {
        return Bytes.wrap(("DOUYIN:shop-7:69200000000000" + number).getBytes(UTF_8));
    }
}
