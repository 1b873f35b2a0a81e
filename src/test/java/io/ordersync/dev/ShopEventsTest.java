package io.ordersync.dev;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.dev.ShopEvent.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShopEventsTest {
    private static final Instant OPENING = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final ShopProperties BUSY = new ShopProperties(50, 20, 1);

    private final List<ShopEvent> events = new ShopEvents(BUSY, OPENING).dueBy(TWO_MINUTES);

    @Test
    void comesOutTheSameForTheSameSeedHoweverOftenItIsAsked() {
        var again = new ShopEvents(BUSY, OPENING);

        var slices = Stream.iterate(Duration.ZERO, at -> at.compareTo(TWO_MINUTES) <= 0, at -> at.plusMillis(500))
                .flatMap(at -> again.dueBy(at).stream())
                .toList();

        assertThat(slices).isEqualTo(events);
    }

    @Test
    void differsWithTheSeed() {
        assertThat(new ShopEvents(new ShopProperties(50, 20, 2), OPENING).dueBy(TWO_MINUTES))
                .isNotEqualTo(events);
    }

    @Test
    void makesAsManyOrdersAsAskedInTheOrderTheyAreDue() {
        assertThat(events).filteredOn(event -> event.role() == Role.OPENS_ORDER).hasSize(50 * 120 + 1);
        assertThat(events).extracting(ShopEvent::due).isSorted().allMatch(due -> due.compareTo(TWO_MINUTES) <= 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 20, 100})
    void makesAsManyRacesAsAsked(int percent) {
        var some = new ShopEvents(new ShopProperties(100, percent, 7), OPENING).dueBy(TWO_MINUTES);

        assertThat(some.stream()
                        .filter(event -> event.role() == Role.COMPLETES_RACE)
                        .count())
                .isCloseTo(120L * percent, withPercentage(10));
        assertThat(orders(some).values().stream().filter(Order::isRace).count())
                .isEqualTo(some.stream()
                        .filter(event -> event.role() == Role.COMPLETES_RACE)
                        .count());
    }

    @Test
    void variesTheRaces() {
        var races = orders(events).values().stream().filter(Order::isRace).toList();

        assertThat(races.stream().map(race -> race.parcel().getStage()).collect(toSet()))
                .containsExactlyInAnyOrder(
                        ParcelStage.LABEL_CREATED, ParcelStage.UNKNOWN, ParcelStage.PICKED_UP, ParcelStage.IN_TRANSIT);
        assertThat(races.stream()
                        .map(race -> Long.signum(race.gap().toMinutes() / 5))
                        .collect(toSet()))
                .containsExactlyInAnyOrder(-1, 0, 1);
        assertThat(races).anyMatch(race -> race.refund().getWholeOrder());
        assertThat(races)
                .anyMatch(race -> race.refund().getLines().size()
                        < race.parcel().getLines().size());
    }

    @Test
    void sendsSomeParcelsBeforeTheEarlierRefundAndSomeEventsTwice() {
        var toldParcelFirst = events.stream()
                .filter(event ->
                        event.role() == Role.OPENS_ORDER && event.topic().equals(DevTopics.PARCELS))
                .map(ShopEvent::key)
                .collect(toSet());
        assertThat(orders(events)).anySatisfy((key, order) -> {
            assertThat(order.isRace() && order.gap().isPositive()).isTrue();
            assertThat(toldParcelFirst).contains(key);
        });
        var seen = new HashSet<Object>();
        var duplicates =
                events.stream().filter(event -> !seen.add(event.value())).toList();
        assertThat(duplicates).allMatch(event -> event.role() == Role.DUPLICATE);
        assertThat((double) duplicates.size() / events.size()).isBetween(0.02, 0.04);
    }

    @Test
    void refundsSomeOrdersInPartWithoutARace() {
        assertThat(orders(events).values()).anyMatch(order -> order.hasBoth() && !order.isRace());
    }

    @Test
    void obeysTheRulesOfTheRecords() {
        assertThat(events).allSatisfy(event -> {
            var now = OPENING.plus(event.due());
            switch (event.value()) {
                case RefundApproved refund -> {
                    assertThat(UUID.fromString(refund.getEventId()).version()).isEqualTo(4);
                    assertThat(refund.getRefundId()).isNotBlank();
                    assertThat(event.key())
                            .isEqualTo(key(refund.getPlatform(), refund.getShopId(), refund.getOrderId()));
                    assertThat(refund.getLines())
                            .isNotEmpty()
                            .allMatch(
                                    line -> line.getQuantity() >= 1 && line.getQuantity() <= line.getOrderedQuantity());
                    assertThat(refund.getAmountMinor())
                            .isEqualTo(refund.getLines().stream()
                                    .mapToLong(line -> line.getQuantity() * line.getUnitPriceMinor())
                                    .sum());
                    assertThat(refund.getApprovedAt()).isBefore(now);
                }
                case ShipmentCreated parcel -> {
                    assertThat(UUID.fromString(parcel.getEventId()).version()).isEqualTo(4);
                    assertThat(parcel.getShipmentId()).isNotBlank();
                    assertThat(event.key())
                            .isEqualTo(key(parcel.getPlatform(), parcel.getShopId(), parcel.getOrderId()));
                    assertThat(parcel.getLines())
                            .isNotEmpty()
                            .allMatch(
                                    line -> line.getQuantity() >= 1 && line.getQuantity() <= line.getOrderedQuantity());
                    assertThat(parcel.getTrackingNumber()).startsWith(parcel.getCourier());
                    assertThat(parcel.getCreatedAt()).isBefore(now);
                }
                default -> throw new AssertionError(event.value().getSchema().getName());
            }
        });
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new ShopProperties(0, 10, 1))
                .hasMessage("shop.orders-per-second is 0, not 1 to 10000");
        assertThatThrownBy(() -> new ShopProperties(5, 101, 1)).hasMessage("shop.race-percent is 101, not 0 to 100");
    }

    /** What was told of an order in the end; the contract's arithmetic decides if that is a race. */
    private record Order(List<RefundApproved> refunds, List<ShipmentCreated> parcels) {
        boolean isRace() {
            if (!hasBoth()) {
                return false;
            }
            var shipped = parcel().getLines().stream()
                    .collect(groupingBy(ShipmentLine::getLineId, summingInt(ShipmentLine::getQuantity)));
            return refund().getLines().stream()
                    .anyMatch(line ->
                            shipped.getOrDefault(line.getLineId(), 0) + line.getQuantity() > line.getOrderedQuantity());
        }

        boolean hasBoth() {
            return !refunds.isEmpty() && !parcels.isEmpty();
        }

        RefundApproved refund() {
            return refunds.getFirst();
        }

        ShipmentCreated parcel() {
            return parcels.getFirst();
        }

        Duration gap() {
            return Duration.between(refund().getApprovedAt(), parcel().getCreatedAt());
        }
    }

    private static Map<String, Order> orders(List<ShopEvent> events) {
        return events.stream()
                .collect(groupingBy(
                        ShopEvent::key,
                        collectingAndThen(
                                toList(),
                                ofOne -> new Order(
                                        all(ofOne, RefundApproved.class), all(ofOne, ShipmentCreated.class)))));
    }

    private static <T> List<T> all(List<ShopEvent> events, Class<T> type) {
        return events.stream()
                .map(ShopEvent::value)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static String key(String platform, String shopId, String orderId) {
        return platform + ":" + shopId + ":" + orderId;
    }
}
