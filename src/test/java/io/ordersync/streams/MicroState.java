package io.ordersync.streams;

import io.ordersync.domain.OrderRecord;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From an order to the bytes in the store, and back. */
@State(Scope.Benchmark)
public class MicroState {

    @Param({"1 parcel", "1 parcel, other ids", "5 parcels", "50 parcels", "a race"})
    public String of = "";

    private OrderRecord record = OrderRecord.NEW;
    private byte[] key = {};
    private byte[] bytes = {};

    @Setup
    public void make() {
        BenchOrder order = new BenchOrder(1_234_567);
        record = switch (of) {
            case "1 parcel" -> order.shipped(1);
            case "1 parcel, other ids" -> new BenchOrder(order.number(), false).shipped(1);
            case "5 parcels" -> order.shipped(5);
            case "50 parcels" -> order.shipped(50);
            case "a race" -> order.race();
            default -> throw new IllegalArgumentException(of);
        };
        key = order.key().toString().getBytes(StandardCharsets.UTF_8);
        bytes = OrderRecordCodec.encode(key, record);
    }

    @Benchmark
    public byte[] encodes() {
        return OrderRecordCodec.encode(key, record);
    }

    @Benchmark
    public OrderRecord decodes() {
        return OrderRecordCodec.decode(key, bytes);
    }
}
