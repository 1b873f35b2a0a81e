package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

/** What an event that is at home pays for those that are not: to be looked at, and its order's partition to be reckoned. */
class HomeBenchmark {

    private static final int ORDERS = 4_096;
    private static final int EVENTS = 20_000_000;
    private static final int ROUNDS = 5;

    private record Read(String topic, int partition, long offset) implements RecordMetadata {}

    @Test
    void countsTheNanosecondsOfAnEventAtHome() {
        Strays strays = new Strays("order-sync-strays", () -> 4);
        Bytes[] orders = IntStream.range(0, ORDERS)
                .mapToObj(number -> "DOUYIN:shop-7:" + (6_920_000_000_000_000_000L + number * 1_000L))
                .map(key -> Bytes.wrap(key.getBytes(UTF_8)))
                .toArray(Bytes[]::new);
        RecordMetadata source = new Read("shipment-created", 0, 0);
        Record<byte[], byte[]> record = new Record<>(new byte[0], new byte[0], 0);

        long atHome = 0;
        double[] nanos = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int number = 0; number < EVENTS; number++) {
                Strays.Event event = strays.event(source, record);
                if (strays.homeOf(orders[number % ORDERS]) == event.source().partition()) {
                    atHome++;
                }
            }
            if (round >= 0) {
                nanos[round] = (System.nanoTime() - start) / (double) EVENTS;
            }
        }
        Arrays.sort(nanos);
        // A fourth of the orders: what is not used would not be reckoned.
        assertThat(atHome / (double) EVENTS / (ROUNDS + 1)).isBetween(0.2, 0.3);
        System.out.printf(
                "%nan event at home: %.1f ns, median of %d rounds, %.1f-%.1f%n%n",
                nanos[ROUNDS / 2], ROUNDS, nanos[0], nanos[ROUNDS - 1]);
    }
}
