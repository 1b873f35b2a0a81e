package io.ordersync.dev;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToIntFunction;

/** One simulated order: what was bought where, and the records about it. All choices come from the random given. */
final class ShopOrder {
    record Line(String lineId, Good good, int ordered) {}

    private record Good(String skuId, String category, long priceMinor) {}

    private record Market(String platform, String currency, List<String> couriers, List<String> warehouses) {}

    private static final List<String> CHINA_COURIERS = List.of("SF", "YTO", "ZTO", "STO", "YUNDA", "JD");
    private static final List<String> CHINA_WAREHOUSES = List.of("WH-HANGZHOU", "WH-GUANGZHOU", "WH-CHENGDU");
    private static final List<Market> MARKETS = List.of(
            new Market("DOUYIN", "CNY", CHINA_COURIERS, CHINA_WAREHOUSES),
            new Market("TAOBAO", "CNY", CHINA_COURIERS, CHINA_WAREHOUSES),
            new Market("PINDUODUO", "CNY", CHINA_COURIERS, CHINA_WAREHOUSES),
            new Market("XIAOHONGSHU", "CNY", CHINA_COURIERS, CHINA_WAREHOUSES),
            new Market("SHOPIFY", "USD", List.of("UPS", "FEDEX", "DHL"), List.of("WH-OAKLAND", "WH-NEWARK")));
    private static final List<Good> GOODS = List.of(
            new Good("SKU-TEE-M", "apparel", 5_900),
            new Good("SKU-SNEAKER-42", "apparel", 29_900),
            new Good("SKU-LIPSTICK-03", "beauty", 12_900),
            new Good("SKU-SERUM-30", "beauty", 18_800),
            new Good("SKU-EARBUDS", "electronics", 39_900),
            new Good("SKU-CHARGER", "electronics", 7_900),
            new Good("SKU-TEA-250", "food", 6_800),
            new Good("SKU-MUG", "home", 3_900));
    private static final List<RefundKind> KINDS = List.of(RefundKind.CANCEL_BEFORE_SHIPMENT, RefundKind.REFUND_ONLY);
    private static final List<RefundCause> CAUSES =
            List.of(RefundCause.BUYER_REQUEST, RefundCause.MERCHANT, RefundCause.PLATFORM_AUTO);

    private final Random random;
    private final Market market;
    private final String shopId;
    private final String number;
    private final String warehouse;
    private final List<Line> lines = new ArrayList<>();

    ShopOrder(long number, Random random) {
        this.random = random;
        this.market = pick(MARKETS);
        this.shopId = "shop-" + (1 + random.nextInt(9));
        this.number = String.format(Locale.ROOT, "%06d", number);
        this.warehouse = pick(market.warehouses());
        int count = 1 + random.nextInt(3);
        for (int line = 1; line <= count; line++) {
            lines.add(new Line("L" + line, pick(GOODS), 1 + random.nextInt(3)));
        }
    }

    String key() {
        return market.platform() + ":" + shopId + ":" + orderId();
    }

    List<Line> lines() {
        return lines;
    }

    /** A refund of so many units of each line; none of the lines with 0. */
    RefundApproved refund(ToIntFunction<Line> units, Instant approvedAt) {
        boolean everything = lines.stream().allMatch(line -> units.applyAsInt(line) == line.ordered());
        return RefundApproved.newBuilder()
                .setEventId(uuid())
                .setPlatform(market.platform())
                .setShopId(shopId)
                .setOrderId(orderId())
                .setRefundId("R-" + number + "-1")
                .setKind(pick(KINDS))
                .setCause(pick(CAUSES))
                .setWholeOrder(everything && random.nextBoolean())
                .setAmountMinor(lines.stream()
                        .mapToLong(line -> units.applyAsInt(line) * line.good().priceMinor())
                        .sum())
                .setCurrency(market.currency())
                .setLines(lines.stream()
                        .filter(line -> units.applyAsInt(line) > 0)
                        .map(line -> refundLine(line, units.applyAsInt(line)))
                        .toList())
                .setApprovedAt(approvedAt)
                .build();
    }

    /** A parcel with so many units of each line; none of the lines with 0. */
    ShipmentCreated parcel(ToIntFunction<Line> units, ParcelStage stage, Instant createdAt) {
        String courier = pick(market.couriers());
        return ShipmentCreated.newBuilder()
                .setEventId(uuid())
                .setPlatform(market.platform())
                .setShopId(shopId)
                .setOrderId(orderId())
                .setShipmentId("P-" + number + "-1")
                .setTrackingNumber(courier + random.nextLong(1_000_000_000_000L, 10_000_000_000_000L))
                .setCourier(courier)
                .setWarehouseId(warehouse)
                .setOperatorId("packer-" + (1 + random.nextInt(40)))
                .setStage(stage)
                .setLines(lines.stream()
                        .filter(line -> units.applyAsInt(line) > 0)
                        .map(line -> shipmentLine(line, units.applyAsInt(line)))
                        .toList())
                .setCreatedAt(createdAt)
                .build();
    }

    private RefundLine refundLine(Line line, int units) {
        return RefundLine.newBuilder()
                .setLineId(line.lineId())
                .setSkuId(line.good().skuId())
                .setQuantity(units)
                .setOrderedQuantity(line.ordered())
                .setUnitPriceMinor(line.good().priceMinor())
                .setCategory(line.good().category())
                .setWarehouseId(warehouse)
                .build();
    }

    private static ShipmentLine shipmentLine(Line line, int units) {
        return ShipmentLine.newBuilder()
                .setLineId(line.lineId())
                .setSkuId(line.good().skuId())
                .setQuantity(units)
                .setOrderedQuantity(line.ordered())
                .setUnitPriceMinor(line.good().priceMinor())
                .setCategory(line.good().category())
                .build();
    }

    private String orderId() {
        return "order-" + number;
    }

    /** A random UUID (version 4) from the seeded random. */
    private String uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
