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
import io.ordersync.dev.WireEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;

/**
 * What a shop of many orders tells: five parcels for each refund, and of a hundred orders two are a race. The same seed makes
 * the same orders.
 */
final class Load {

    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";

    private static final int PARCELS_PER_REFUND = 5;
    /** Of each six events one is a refund, and so often it is of an order that shipped: then 2 % of the orders are races. */
    private static final double RACES_OF_REFUNDS = 0.1176;
    /** Two events of an order are so many apart at most. */
    private static final int WINDOW = 6_000;

    private record Event(String topic, Bytes orderKey, Bytes value) {}

    private final Random random;
    private final Instant now = Instant.now();
    private final WireEncoder encoder;
    private final List<Event> events;
    private final Set<String> races = new TreeSet<>();
    private long orders;

    /** @param count of events */
    Load(int count, long seed, WireEncoder encoder) {
        this.random = new Random(seed);
        this.encoder = encoder;
        this.events = new ArrayList<>(count);
        List<Event> window = new ArrayList<>(WINDOW);
        while (events.size() < count) {
            while (window.size() < Math.min(WINDOW, count - events.size())) {
                addSix(window);
            }
            Collections.shuffle(window, random);
            events.addAll(window);
            window.clear();
        }
    }

    int size() {
        return events.size();
    }

    /**
     * The events of one race.
     *
     * @param key the order's
     */
    record Race(String key, Bytes refund, Bytes parcel) {

        ProducerRecord<byte[], byte[]> refund(String prefix) {
            return new ProducerRecord<>(prefix + REFUNDS, key.getBytes(UTF_8), refund.get());
        }

        ProducerRecord<byte[], byte[]> parcel(String prefix) {
            return new ProducerRecord<>(prefix + PARCELS, key.getBytes(UTF_8), parcel.get());
        }
    }

    /** The races alone. */
    List<Race> racesInOrder() {
        Map<String, Map<String, Bytes>> values = new HashMap<>();
        events.forEach(
                event -> values.computeIfAbsent(new String(event.orderKey().get(), UTF_8), key -> new HashMap<>())
                        .put(event.topic(), event.value()));
        return races.stream()
                .map(key -> {
                    Map<String, Bytes> both = values.getOrDefault(key, Map.of());
                    return new Race(
                            key, Objects.requireNonNull(both.get(REFUNDS)), Objects.requireNonNull(both.get(PARCELS)));
                })
                .toList();
    }

    /** The keys of the orders whose parcel is to be called back. */
    Set<String> races() {
        return Collections.unmodifiableSet(races);
    }

    /**
     * Sends all, each to its order's partition but for some.
     *
     * @param prefix of the topics
     * @param strayShare how many go elsewhere, from 0 to 1
     * @return how many went elsewhere
     */
    int send(Producer<byte[], byte[]> producer, String prefix, int partitions, double strayShare) {
        Random chance = new Random(partitions);
        int strays = 0;
        List<Future<RecordMetadata>> sends = new ArrayList<>(events.size());
        for (Event event : events) {
            int partition = Utils.toPositive(Utils.murmur2(event.orderKey().get())) % partitions;
            if (chance.nextDouble() < strayShare) {
                partition = (partition + 1 + chance.nextInt(partitions - 1)) % partitions;
                strays++;
            }
            sends.add(producer.send(new ProducerRecord<>(
                    prefix + event.topic(),
                    partition,
                    event.orderKey().get(),
                    event.value().get())));
        }
        producer.flush();
        if (sends.stream().anyMatch(send -> send.state() != Future.State.SUCCESS)) {
            throw new IllegalStateException("the broker did not take all of " + prefix);
        }
        return strays;
    }

    private void addSix(List<Event> window) {
        List<String> shipped = IntStream.range(0, PARCELS_PER_REFUND)
                .mapToObj(number -> nextOrder())
                .toList();
        shipped.forEach(order -> window.add(event(PARCELS, order, parcel(order))));
        if (random.nextDouble() < RACES_OF_REFUNDS) {
            String order = shipped.get(random.nextInt(shipped.size()));
            window.add(event(REFUNDS, order, refund(order)));
            races.add(key(order));
        } else {
            String order = nextOrder();
            window.add(event(REFUNDS, order, refund(order)));
        }
    }

    private String nextOrder() {
        return Long.toString(6_920_000_000_000_000_000L + orders++ * 1_000 + random.nextInt(1_000));
    }

    private static String key(String order) {
        return "DOUYIN:shop-" + order.charAt(order.length() - 4) + ':' + order;
    }

    private Event event(String topic, String order, SpecificRecordBase value) {
        return new Event(topic, Bytes.wrap(key(order).getBytes(UTF_8)), Bytes.wrap(encoder.encode(topic, value)));
    }

    private static String shop(String order) {
        return "shop-" + order.charAt(order.length() - 4);
    }

    /** How many lines an order has follows from its id: refund and parcel agree. */
    private static IntStream lines(String order) {
        return IntStream.rangeClosed(1, 1 + (order.charAt(order.length() - 5) - '0') % 3);
    }

    private RefundApproved refund(String order) {
        return RefundApproved.newBuilder()
                .setEventId("re-" + order)
                .setPlatform("DOUYIN")
                .setShopId(shop(order))
                .setOrderId(order)
                .setRefundId("R" + order)
                .setRefundVersion(1)
                .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900)
                .setCurrency("CNY")
                .setLines(lines(order)
                        .mapToObj(line -> new RefundLine(
                                order + "-" + line, "SKU-10" + line, 1, 1, 12_900L, "phones", "WH-3", null))
                        .toList())
                .setApprovedAt(now.minus(Duration.ofMinutes(60)))
                .build();
    }

    private ShipmentCreated parcel(String order) {
        return ShipmentCreated.newBuilder()
                .setEventId("se-" + order)
                .setPlatform("DOUYIN")
                .setShopId(shop(order))
                .setOrderId(order)
                .setShipmentId("S" + order)
                .setShipmentVersion(1)
                .setTrackingNumber("SF" + order)
                .setCourier("SF")
                .setWarehouseId("WH-3")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(ParcelStage.IN_TRANSIT)
                .setLines(lines(order)
                        .mapToObj(
                                line -> new ShipmentLine(order + "-" + line, "SKU-10" + line, 1, 1, 12_900L, "phones"))
                        .toList())
                .setCreatedAt(now.minus(Duration.ofMinutes(20)))
                .build();
    }
}
