package io.ordersync;

import io.ordersync.contract.ContractIds;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentPurpose;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecordBase;

/** Many orders of all kinds, of which it is known from how they are made what must become of them. */
final class Crowd {

    private static final long SEED = 20_261_120;
    private static final int REPETITIONS = 3;

    final List<String> expectedIntercepts = new ArrayList<>();
    /** Of refunds whose goods did not ship. */
    final List<String> expectedLocks = new ArrayList<>();
    /** These, and those of races: it depends on which fact arrives first. */
    final List<String> possibleLocks = new ArrayList<>();
    /** Reason and value. */
    final List<String> expectedDeadLetters = new ArrayList<>();

    private final ShopFloor shop;
    private final Random random = new Random(SEED);
    private final List<Runnable> messages = new ArrayList<>();

    Crowd(ShopFloor shop, int orders) {
        this.shop = shop;
        for (int number = 0; number < orders; number++) {
            add("O" + number, random.nextInt(10));
        }
        deadLetter("UNREADABLE", new byte[] {1, 2, 3, 4, 5, 6});
        deadLetter("UNKNOWN_SCHEMA", ByteBuffer.allocate(9).putInt(1, 7777).array());
        deadLetter(
                "INVALID_FIELD",
                shop.bytes(shop.refund("bad")
                        .setLines(List.of(new RefundLine("A", "SKU-A", 0, 1, null, null, null, null)))
                        .build()));
    }

    /** All of them in any order. */
    void sendEverythingThreeTimes() {
        List<Runnable> all = new ArrayList<>();
        Collections.nCopies(REPETITIONS, messages).forEach(all::addAll);
        Collections.shuffle(all, random);
        all.forEach(Runnable::run);
    }

    private void add(String order, int kind) {
        switch (kind) {
            case 0, 1 -> {
                send(order, shop.refund(order).build());
                send(order, shop.parcel(order).build());
                race(order);
            }
            case 2 -> {
                // The parcel came first.
                send(order, shop.parcel(order).build());
                send(
                        order,
                        shop.refund(order)
                                .setKind(RefundKind.REFUND_ONLY)
                                .setApprovedAt(shop.now.minus(Duration.ofMinutes(5)))
                                .build());
                race(order);
            }
            case 3 -> {
                send(order, shop.refund(order).build());
                refused(order);
            }
            case 4 -> {
                // The refund is of the same order's id in another shop.
                send(order, shop.refund(order).setShopId("shop-2").build());
                send(order, shop.parcel(order).build());
                possibleLocks.add(ContractIds.idOf("DOUYIN:shop-2:" + order, "LOCK|R-" + order + "@W1|1"));
                expectedLocks.add(possibleLocks.getLast());
            }
            case 5 -> {
                send(
                        order,
                        shop.refund(order).setKind(RefundKind.RETURN_AND_REFUND).build());
                send(order, shop.parcel(order).build());
            }
            case 6 -> {
                send(order, shop.refund(order).build());
                send(order, shop.parcel(order).setStage(ParcelStage.RETURNED).build());
                refused(order);
            }
            case 7 -> {
                // Another line of the order.
                send(
                        order,
                        shop.refund(order)
                                .setLines(List.of(new RefundLine("B", "SKU-B", 1, 1, null, null, "W1", null)))
                                .build());
                send(order, shop.parcel(order).build());
                refused(order);
            }
            case 8 -> {
                send(
                        order,
                        shop.parcel(order)
                                .setPurpose(ShipmentPurpose.REPAIR_RETURN)
                                .build());
                send(order, shop.refund(order).build());
                refused(order);
            }
            default -> send(order, shop.parcel(order).build());
        }
    }

    private void race(String order) {
        expectedIntercepts.add(ShopFloor.interceptId(order, 1));
        possibleLocks.add(ShopFloor.lockId(order, 1));
    }

    private void refused(String order) {
        expectedLocks.add(ShopFloor.lockId(order, 1));
        possibleLocks.add(ShopFloor.lockId(order, 1));
    }

    private void deadLetter(String reason, byte[] value) {
        messages.add(() -> shop.send(ShopFloor.REFUNDS, "bad", value));
        expectedDeadLetters.addAll(Collections.nCopies(REPETITIONS, reason + ' ' + hex(value)));
    }

    private static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }

    private void send(String order, SpecificRecordBase event) {
        byte[] value = shop.bytes(event);
        messages.add(() -> shop.send(ShopFloor.topic(event), order, value));
    }
}
