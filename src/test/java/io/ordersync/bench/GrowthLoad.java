package io.ordersync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.dev.WireEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a shop tells that has its orders for a while: the parcels of so many orders, and then, of a hundred events, 78 scans of
 * these parcels, 20 parcels of new orders, and 2 refunds, each of an order of its own that has shipped. No order is both scanned
 * and refunded, so that an event costs the same of however many orders it is one. At first there are no new orders, only
 * scans, and all else is the same: the service gets warm on orders that stay as many. It is made anew whenever it is told, for
 * it may be larger than the heap.
 *
 * @param orders that are there before
 * @param parcels of each of them
 * @param warmUp events after that, none of a new order
 * @param events in the end
 * @param hot does one order have half of all events after its own, in scans of one parcel?
 * @param started when it was planned: business times are before that, so that no clock is behind
 */
record GrowthLoad(int orders, int parcels, int warmUp, int events, boolean hot, Instant started) {

    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";
    static final String SCANS = "shipment-status";

    private static final int CYCLE = 100;
    private static final int REFUNDS_EACH = 2;
    private static final int NEW_EACH = 20;
    private static final int HOT_EACH = 50;
    private static final int SEED = 20_261_123;

    GrowthLoad {
        int told = warmUp + events;
        if (warmUp % CYCLE != 0 || events % CYCLE != 0 || refunds(told) >= Math.max(1, orders)) {
            throw new IllegalArgumentException(warmUp + " and " + events + " events are told in hundreds, and refund "
                    + refunds(told) + " orders, and not all: there are " + orders);
        }
    }

    private static int refunds(int events) {
        return events / CYCLE * REFUNDS_EACH;
    }

    /** How many events tell of the orders. */
    int filling() {
        return Math.multiplyExact(orders, parcels);
    }

    /** How many events there are before those in the end. */
    int before() {
        return Math.addExact(filling(), warmUp);
    }

    /** How many events there are. */
    int all() {
        return Math.addExact(before(), events);
    }

    /** Tells of the orders, the first parcel of each, then the second of each. */
    void fill(String prefix, WireEncoder encoder, Consumer<ProducerRecord<byte[], byte[]>> to) {
        for (int parcel = 0; parcel < parcels; parcel++) {
            for (int order = 0; order < orders; order++) {
                to.accept(record(prefix, PARCELS, order, made(order, parcel), encoder, filled()));
            }
        }
    }

    /** Tells the events after the orders' own. A record's time is such that the stream takes it after those before it. */
    void tell(String prefix, WireEncoder encoder, Consumer<ProducerRecord<byte[], byte[]>> to) {
        Random random = new Random(SEED);
        for (int event = 0; event < warmUp + events; event++) {
            int place = event % CYCLE;
            if (place < REFUNDS_EACH) {
                int order = spread(event / CYCLE * REFUNDS_EACH + place, refunds(warmUp + events));
                to.accept(record(prefix, REFUNDS, order, refund(order), encoder, at(event)));
            } else if (event >= warmUp && place < REFUNDS_EACH + NEW_EACH) {
                int order = orders + event;
                to.accept(record(prefix, PARCELS, order, made(order, 0), encoder, at(event)));
            } else {
                boolean ofHot = hot && place >= CYCLE - HOT_EACH;
                int order = ofHot ? orders - 1 : notRefunded(random.nextInt(orders));
                int parcel = ofHot ? 0 : random.nextInt(parcels);
                to.accept(record(prefix, SCANS, order, scan(order, parcel, event), encoder, at(event)));
            }
        }
    }

    /** Refunds so many of the orders. */
    void refund(int count, String prefix, WireEncoder encoder, Consumer<ProducerRecord<byte[], byte[]>> to) {
        spread(count).forEach(order -> to.accept(record(prefix, REFUNDS, order, refund(order), encoder, at(0))));
    }

    /** The keys of the orders that {@link #tell} refunds: the first parcel of each is to be called back. */
    Set<String> races() {
        return races(refunds(warmUp + events));
    }

    /** The same of {@link #refund}. */
    Set<String> races(int count) {
        return spread(count).mapToObj(GrowthLoad::key).collect(Collectors.toSet());
    }

    /** So many of the orders, as far apart as can be. */
    private IntStream spread(int count) {
        return IntStream.range(0, count).map(number -> spread(number, count));
    }

    private int spread(int number, int count) {
        return (int) ((long) number * orders / count);
    }

    /** This order or, if it is refunded, the first one after it that is not. */
    private int notRefunded(int order) {
        int other = order;
        while (isRefunded(other)) {
            other = (other + 1) % orders;
        }
        return other;
    }

    private boolean isRefunded(int order) {
        int count = refunds(warmUp + events);
        // The first that is spread to this order or to one after it.
        int number = Math.toIntExact(Math.ceilDiv((long) order * count, orders));
        return number < count && spread(number, count) == order;
    }

    private static String id(long number) {
        return Long.toString(6_920_000_000_000_000_000L + number * 1_000 + number * 617 % 1_000);
    }

    private static String key(int order) {
        return "DOUYIN:" + shop(order) + ':' + id(order);
    }

    private static String shop(int order) {
        return "shop-" + order % 10;
    }

    private static IntStream lines(int order, int parcel) {
        int each = 1 + order % 3;
        return IntStream.rangeClosed(parcel * each + 1, (parcel + 1) * each);
    }

    private static String shipmentId(int order, int parcel) {
        return "S" + id(order + parcel * 1_000_000_007L);
    }

    private ProducerRecord<byte[], byte[]> record(
            String prefix, String topic, int order, SpecificRecordBase value, WireEncoder encoder, Instant at) {
        return new ProducerRecord<>(
                prefix + topic, null, at.toEpochMilli(), key(order).getBytes(UTF_8), encoder.encode(topic, value));
    }

    /** The time of the records that tell of the orders. */
    private Instant filled() {
        return started.minus(Duration.ofHours(2));
    }

    /** The time of the record of an event. */
    private Instant at(int event) {
        return started.minus(Duration.ofHours(1)).plusMillis(event);
    }

    private Instant madeAt() {
        return started.minus(Duration.ofHours(12));
    }

    private ShipmentCreated made(int order, int parcel) {
        String shipmentId = shipmentId(order, parcel);
        return ShipmentCreated.newBuilder()
                .setEventId("se-" + shipmentId)
                .setPlatform("DOUYIN")
                .setShopId(shop(order))
                .setOrderId(id(order))
                .setShipmentId(shipmentId)
                .setShipmentVersion(1)
                .setTrackingNumber("SF" + shipmentId)
                .setCourier("SF")
                .setWarehouseId("WH-3")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(ParcelStage.IN_TRANSIT)
                .setLines(lines(order, parcel)
                        .mapToObj(line ->
                                new ShipmentLine(id(order) + "-" + line, "SKU-10" + line % 10, 1, 1, 12_900L, "phones"))
                        .toList())
                .setCreatedAt(madeAt())
                .build();
    }

    private ShipmentStatusChanged scan(int order, int parcel, int event) {
        return ShipmentStatusChanged.newBuilder()
                .setEventId("st-" + event)
                .setPlatform("DOUYIN")
                .setShopId(shop(order))
                .setOrderId(id(order))
                .setShipmentId(shipmentId(order, parcel))
                .setStage(ParcelStage.IN_TRANSIT)
                .setOccurredAt(madeAt().plusMillis(event + 1L))
                .build();
    }

    /** Of all that is in its first parcel. */
    private RefundApproved refund(int order) {
        List<RefundLine> lines = lines(order, 0)
                .mapToObj(line -> new RefundLine(
                        id(order) + "-" + line, "SKU-10" + line % 10, 1, 1, 12_900L, "phones", "WH-3", null))
                .toList();
        return RefundApproved.newBuilder()
                .setEventId("re-" + id(order))
                .setPlatform("DOUYIN")
                .setShopId(shop(order))
                .setOrderId(id(order))
                .setRefundId("R" + id(order))
                .setRefundVersion(1)
                .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900L * lines.size())
                .setCurrency("CNY")
                .setLines(lines)
                .setApprovedAt(madeAt().minus(Duration.ofHours(1)))
                .build();
    }
}
