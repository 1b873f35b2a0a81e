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
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;

/**
 * What a shop of many orders tells: five parcels for each refund, and of a hundred orders two are a race, unless told
 * otherwise. The same seed makes the same orders. The events are made anew each time they are gone through: only the keys of
 * the races are kept.
 */
final class Load {

    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";
    /** One event of so many is a refund. */
    static final int EVENTS_PER_REFUND = 6;
    /** So often a refund is of an order that shipped: then 2 % of the orders are races. */
    static final double RACES_OF_REFUNDS = 0.1176;

    /** Two events of an order are so many apart at most. */
    private static final int WINDOW = 6_000;

    private final int count;
    private final long seed;
    private final double racesOfRefunds;
    private final WireEncoder encoder;
    private final Instant now = Instant.now();
    private final int size;
    private final Set<String> races = new TreeSet<>();

    /** @param count of events */
    Load(int count, long seed, WireEncoder encoder) {
        this(count, seed, encoder, RACES_OF_REFUNDS);
    }

    /**
     * Another share of races.
     *
     * @param count of events
     * @param racesOfRefunds of the refunds so many are of an order that shipped, from 0 to 1
     */
    Load(int count, long seed, WireEncoder encoder, double racesOfRefunds) {
        this.count = count;
        this.seed = seed;
        this.encoder = encoder;
        this.racesOfRefunds = racesOfRefunds;
        AtomicInteger events = new AtomicInteger();
        new Walk(races).through(planned -> events.incrementAndGet());
        this.size = events.get();
    }

    /** One record of one of the inputs. */
    record Event(String topic, String orderKey, Bytes value) {

        /** The partition its order is at home in. */
        int home(int partitions) {
            return Utils.toPositive(Utils.murmur2(orderKey.getBytes(UTF_8))) % partitions;
        }

        ProducerRecord<byte[], byte[]> record(String prefix, int partition) {
            return new ProducerRecord<>(prefix + topic, partition, orderKey.getBytes(UTF_8), value.get());
        }
    }

    int size() {
        return size;
    }

    /** The keys of the orders whose parcel is to be called back. */
    Set<String> races() {
        return Collections.unmodifiableSet(races);
    }

    /** All events, one after the other, always in the same order. */
    void forEach(Consumer<Event> each) {
        new Walk(new TreeSet<>()).through(planned -> each.accept(event(planned)));
    }

    /**
     * Sends all, each to its order's partition but for some.
     *
     * @param prefix of the topics
     * @param strayShare how many go elsewhere, from 0 to 1
     * @return how many went elsewhere
     */
    int send(EventSender sender, String prefix, int partitions, double strayShare) {
        Random chance = new Random(partitions);
        AtomicInteger strays = new AtomicInteger();
        forEach(event -> {
            int partition = event.home(partitions);
            if (chance.nextDouble() < strayShare) {
                partition = (partition + 1 + chance.nextInt(partitions - 1)) % partitions;
                strays.incrementAndGet();
            }
            sender.send(event.record(prefix, partition));
        });
        sender.flush();
        return strays.get();
    }

    /** An event that is not written out yet. */
    private record Planned(String topic, String order) {}

    /** Once through all events. */
    private final class Walk {

        private static final int PARCELS_PER_REFUND = EVENTS_PER_REFUND - 1;

        private final Random random = new Random(seed);
        private final Set<String> found;
        private long orders;

        /** @param found the keys of the races are added */
        Walk(Set<String> found) {
            this.found = found;
        }

        void through(Consumer<Planned> each) {
            List<Planned> window = new ArrayList<>(WINDOW);
            for (int left = count; left > 0; left -= window.size()) {
                window.clear();
                while (window.size() < Math.min(WINDOW, left)) {
                    addSix(window);
                }
                Collections.shuffle(window, random);
                window.forEach(each);
            }
        }

        private void addSix(List<Planned> window) {
            List<String> shipped = IntStream.range(0, PARCELS_PER_REFUND)
                    .mapToObj(number -> nextOrder())
                    .toList();
            shipped.forEach(order -> window.add(new Planned(PARCELS, order)));
            if (random.nextDouble() < racesOfRefunds) {
                String order = shipped.get(random.nextInt(shipped.size()));
                window.add(new Planned(REFUNDS, order));
                found.add(key(order));
            } else {
                window.add(new Planned(REFUNDS, nextOrder()));
            }
        }

        private String nextOrder() {
            return Long.toString(6_920_000_000_000_000_000L + orders++ * 1_000 + random.nextInt(1_000));
        }
    }

    private static String key(String order) {
        return "DOUYIN:shop-" + order.charAt(order.length() - 4) + ':' + order;
    }

    private Event event(Planned planned) {
        SpecificRecordBase value = planned.topic().equals(REFUNDS) ? refund(planned.order()) : parcel(planned.order());
        return new Event(planned.topic(), key(planned.order()), Bytes.wrap(encoder.encode(planned.topic(), value)));
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
