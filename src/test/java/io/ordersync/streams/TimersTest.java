package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ordersync.streams.Timers.Timer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimersTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private KeyValueStore<Bytes, byte[]> store;
    private Timers timers;

    @BeforeEach
    void start() {
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        store = Stores.keyValueStoreBuilder(OrderTopology.Store.MEMORY.timers(), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        timers = new Timers(store);
    }

    @Test
    void areDueFromTheirMillisecondOn() {
        timers.move(order("O1"), null, NOON);

        assertThat(due(NOON.minusMillis(1))).isEmpty();
        assertThat(due(NOON)).containsExactly("O1");
        assertThat(due(NOON.plusSeconds(1))).as("until it is removed").containsExactly("O1");
    }

    /** The iterator over a store on disk ends at what can't be read as if nothing came after it. */
    @Test
    void areNotThereWhenTheyWerePassedOver() {
        assertThat(due(NOON.plusSeconds(1))).isEmpty();
        // As if it had been there all the time.
        store.put(
                Bytes.wrap(ByteBuffer.allocate(Long.BYTES + 2)
                        .putLong(NOON.toEpochMilli())
                        .put("O1".getBytes(UTF_8))
                        .array()),
                new byte[0]);

        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> timers.has(order("O1"), NOON))
                .withMessage("the timers on disk can't be read to their end");
    }

    @Test
    void areThereUntilTheyAreRemoved() {
        timers.move(order("O1"), null, NOON);
        assertThat(due(NOON.plusSeconds(1))).containsExactly("O1");

        assertThat(timers.has(order("O1"), NOON)).isTrue();
        assertThat(timers.has(order("O1"), NOON.plusMillis(1))).isFalse();
        timers.move(order("O1"), NOON, null);
        assertThat(timers.has(order("O1"), NOON)).isFalse();
    }

    @Test
    void areDueInTheOrderOfTimeAndNotOfTheirOrders() {
        timers.move(order("A"), null, NOON.plusMillis(256));
        timers.move(order("B"), null, NOON.plusMillis(1));
        timers.move(order("C"), null, NOON.minusMillis(1));
        timers.move(order("D"), null, NOON.plusSeconds(100));

        assertThat(due(NOON.plusSeconds(99))).containsExactly("C", "B", "A");
    }

    @Test
    void areNoMoreThanAskedForAndTheEarliest() {
        timers.move(order("B"), null, NOON);
        timers.move(order("A"), null, NOON.plusMillis(1));
        timers.move(order("C"), null, NOON.plusMillis(2));

        assertThat(timers.due(NOON.plusSeconds(1), 2))
                .containsExactly(
                        new Timer(NOON.toEpochMilli(), order("B")), new Timer(NOON.toEpochMilli() + 1, order("A")));
    }

    @Test
    void areFoundThoughTheyWereSetForATimeAlreadyLookedAt() {
        assertThat(due(NOON.plusSeconds(60))).isEmpty();
        timers.move(order("O1"), null, NOON);

        assertThat(due(NOON.plusSeconds(61))).containsExactly("O1");
    }

    @Test
    void areFoundThoughTheClockWasPutBack() {
        assertThat(due(NOON.plusSeconds(3600))).isEmpty();
        timers.move(order("O1"), null, NOON.plusSeconds(1));

        assertThat(due(NOON)).isEmpty();
        assertThat(due(NOON.plusSeconds(1))).containsExactly("O1");
    }

    @Test
    void areFoundAfterWhatCameBeforeIsRemoved() {
        timers.move(order("A"), null, NOON);
        timers.move(order("B"), null, NOON.plusMillis(1));
        timers.due(NOON, 1).forEach(timers::remove);

        assertThat(due(NOON.plusSeconds(1))).containsExactly("B");
    }

    @Test
    void ofAnEarlierRunAreFound() {
        timers.move(order("O1"), null, NOON);
        timers = new Timers(store);

        assertThat(due(NOON)).containsExactly("O1");
    }

    @Test
    void moveFromOneTimeToAnother() {
        timers.move(order("O1"), null, NOON);
        timers.move(order("O1"), NOON, NOON.plusSeconds(1));
        assertThat(TestStream.keys(store)).hasSize(1);
        assertThat(due(NOON)).isEmpty();
        assertThat(due(NOON.plusSeconds(1))).containsExactly("O1");

        timers.move(order("O1"), NOON.plusSeconds(1), null);
        assertThat(TestStream.keys(store)).isEmpty();
    }

    @Test
    void areOneForEachOrder() {
        timers.move(order("O1"), null, NOON);
        timers.move(order("O10"), null, NOON);
        timers.move(order("O1"), NOON, null);

        assertThat(due(NOON)).containsExactly("O10");
    }

    private List<String> due(Instant now) {
        return timers.due(now, 100).stream()
                .map(timer -> new String(timer.order().get(), UTF_8))
                .toList();
    }

    private static Bytes order(String name) {
        return Bytes.wrap(name.getBytes(UTF_8));
    }
}
