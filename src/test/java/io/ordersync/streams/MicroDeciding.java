package io.ordersync.streams;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Decision;
import io.ordersync.domain.OrderRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** To merge a fact, to reckon what should be in force, and to find what is to be sent. */
@State(Scope.Benchmark)
public class MicroDeciding {

    private static final BenchOrder ORDER = new BenchOrder(1_234_567);

    private final Arrival parcel = ORDER.made(0);
    private final Arrival scan = ORDER.scanned(0);
    private final Arrival refund = ORDER.refunded();
    private final OrderRecord underWay = ORDER.underWay();

    /** An order that has shipped. */
    @State(Scope.Benchmark)
    public static class Shipped {

        @Param({"1", "5", "50"})
        public int parcels;

        private OrderRecord record = OrderRecord.NEW;

        @Setup
        public void ship() {
            record = ORDER.shipped(parcels);
        }
    }

    @Benchmark
    public Decision onTheFirstParcel() {
        return on(parcel, OrderRecord.NEW);
    }

    /** What most refunds are. */
    @Benchmark
    public Decision onARefundOfAnOrderWithoutAParcel() {
        return on(refund, OrderRecord.NEW);
    }

    @Benchmark
    public Decision onARefundThatMakesARace() {
        return on(refund, underWay);
    }

    @Benchmark
    public Decision onAScan(Shipped shipped) {
        return on(scan, shipped.record);
    }

    private static Decision on(Arrival arrival, OrderRecord before) {
        return Decision.on(arrival, before, BenchOrder.POLICY, BenchOrder.NOW);
    }
}
