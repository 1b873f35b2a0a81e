package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class HashStoreTest {

    private final KeyValueStore<Bytes, byte[]> store = new HashStore.Supplier("orders").get();

    @Test
    void givesBackTheLatestValueOfAKey() {
        store.put(key("a"), value(1));
        store.put(key("a"), value(2));

        assertThat(store.get(key("a"))).isEqualTo(value(2));
        assertThat(store.get(key("b"))).isNull();
        assertThat(store.approximateNumEntries()).isEqualTo(1);
    }

    @Test
    void removesWhatIsPutToNull() {
        store.put(key("a"), value(1));
        store.put(key("a"), null);
        store.put(key("b"), null);

        assertThat(keys()).isEmpty();
    }

    @Test
    void tellsWhatItDeletes() {
        store.put(key("a"), value(1));

        assertThat(store.delete(key("a"))).isEqualTo(value(1));
        assertThat(store.delete(key("a"))).isNull();
        assertThat(keys()).isEmpty();
    }

    @Test
    void putsIfAbsentOnce() {
        assertThat(store.putIfAbsent(key("a"), value(1))).isNull();
        assertThat(store.putIfAbsent(key("a"), value(2))).isEqualTo(value(1));
        assertThat(store.get(key("a"))).isEqualTo(value(1));
    }

    @Test
    void putsAndRemovesManyAtOnce() {
        store.put(key("a"), value(1));
        store.putAll(List.of(KeyValue.pair(key("b"), value(2)), KeyValue.pair(key("a"), null)));

        assertThat(keys()).containsExactly("b");
    }

    @Test
    void goesThroughAllWhileTheyAreRemovedAndOthersCome() {
        List<String> before =
                IntStream.range(0, 1000).mapToObj(number -> "k" + number).toList();
        before.forEach(key -> store.put(key(key), value(1)));
        List<String> seen = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                Bytes key = all.next().key;
                seen.add(text(key));
                store.delete(key);
                if (seen.size() <= 100) {
                    store.put(key("new" + seen.size()), value(2));
                }
            }
        }

        assertThat(seen).containsAll(before).doesNotHaveDuplicates();
        assertThat(keys()).hasSize(1100 - seen.size());
    }

    @Test
    void goesOnAfterWhatWasToComeNextIsGone() {
        store.put(key("a"), value(1));
        store.put(key("b"), value(2));
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            Bytes first = all.next().key;
            store.delete(key(text(first).equals("a") ? "b" : "a"));
            // It may still show the other one, but must not fail.
            all.forEachRemaining(entry -> assertThat(entry.value).isNotNull());
        }

        assertThat(keys()).hasSize(1);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> keys.add(text(entry.key)));
        }
        return keys;
    }

    private static String text(Bytes key) {
        return new String(key.get(), UTF_8);
    }

    private static Bytes key(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    private static byte[] value(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8)};
    }
}
