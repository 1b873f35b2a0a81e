package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an event that is at home pays for those that are not: to be looked at, and its order's partition to be reckoned. */
@State(Scope.Thread)
public class MicroHome {

    private static final int ORDERS = 4_096;

    private record Read(String topic, int partition, long offset) implements RecordMetadata {}

    private final Strays strays = new Strays("order-sync-strays", () -> 4);
    private final RecordMetadata source = new Read("shipment-created", 0, 0);
    private final Record<byte[], byte[]> record = new Record<>(new byte[0], new byte[0], 0);
    private final Bytes[] orders = IntStream.range(0, ORDERS)
            .mapToObj(
                    number -> Bytes.wrap(new BenchOrder(number).key().toString().getBytes(UTF_8)))
            .toArray(Bytes[]::new);
    private int next;

    @Benchmark
    public boolean isAtHome() {
        next = (next + 1) % ORDERS;
        return strays.homeOf(orders[next])
                == strays.event(source, record).source().partition();
    }
}
