package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

/** No order is overlooked, and on disk hardly any is looked for in vain. */
class KnownOrdersTest {

    private static final int MANY = 100_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final KeyValueStore<Bytes, byte[]> disk = disk();
    private final KnownOrders orders = new KnownOrders(disk);

    /** A store that says of itself that it is on disk, and counts how often it is asked for an order. */
    @SuppressWarnings("unchecked")
    private KeyValueStore<Bytes, byte[]> disk() {
        KeyValueStore<Bytes, byte[]> entries = new HashStore.Supplier("orders").get();
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("persistent")) {
                        return true;
                    }
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
    void overlooksNoOrder(@ForAll long seed) {
        Random random = new Random(seed);
        KnownOrders tried = new KnownOrders(disk());
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
