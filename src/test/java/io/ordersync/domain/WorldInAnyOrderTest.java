package io.ordersync.domain;

import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.resolved;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.GivenPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for any facts, deadlines and repetitions of them. Drawn with a fixed seed: it is the same each time. */
class WorldInAnyOrderTest {
    private static final int HISTORIES = 3000;

    private final Random random = new Random(20261122);

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private Instant anyTime() {
        return Given.at("10:00").plus(Duration.ofMinutes(1 + random.nextInt(118)));
    }

    private Given.Telling<?> goods(String shipmentId, int number) {
        String suffix = "#" + number;
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                refund("R" + (1 + random.nextInt(2)))
                        .version(1 + random.nextInt(2))
                        .kind(any(List.of(
                                RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT,
                                RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT,
                                RefundApproved.Kind.REFUND_ONLY,
                                RefundApproved.Kind.PRICE_ADJUSTMENT)))
                        .line("A", 1 + random.nextInt(2))
                        .ordered(2)
                        .approvedAt(anyTime())
                        .event(suffix);
            case 2, 3 ->
                parcel(shipmentId)
                        .version(1 + random.nextInt(2))
                        .stage(any(List.of(ParcelStage.values())))
                        .line("A", 1 + random.nextInt(2))
                        .ordered(2)
                        .createdAt(anyTime())
                        .event(suffix);
            case 4 ->
                closed("R" + (1 + random.nextInt(2)))
                        .version(1 + random.nextInt(2))
                        .at(anyTime())
                        .event(suffix);
            case 5 ->
                voided(shipmentId).version(1 + random.nextInt(2)).at(anyTime()).event(suffix);
            case 6 ->
                scan(shipmentId, any(List.of(ParcelStage.values())))
                        .at(anyTime())
                        .event(suffix);
            default ->
                resolved(any(List.of(CaseResolved.Resolution.values()).subList(1, 6)))
                        .at(anyTime())
                        .event(suffix);
        };
    }

    private Given.Telling<?> answer(String shipmentId, int number) {
        String suffix = "#" + number;
        Instant at = Scenario.NOON.plus(Duration.ofSeconds(random.nextInt(240)));
        String generation = "|" + (1 + random.nextInt(2));
        return switch (random.nextInt(5)) {
            case 0 ->
                warehouse("LOCK|R1@*" + generation, any(List.of(WarehouseLockResult.Status.values())))
                        .because(any(List.of(WarehouseLockResult.Refusal.values())))
                        .at(at)
                        .event(suffix);
            case 1 ->
                warehouse(
                                "PULL_PARCEL|" + shipmentId + generation,
                                any(List.of(WarehouseLockResult.Status.PULLED, WarehouseLockResult.Status.REFUSED)))
                        .at(at)
                        .event(suffix);
            case 2 ->
                scan(shipmentId, any(List.of(ParcelStage.values()))).at(at).event(suffix);
            case 3 ->
                courier("CANCEL|" + shipmentId + generation, any(List.of(InterceptResult.Status.values())))
                        .at(at)
                        .event(suffix);
            default ->
                courier("INTERCEPT|" + shipmentId + generation, any(List.of(InterceptResult.Status.values())))
                        .because(any(List.of(InterceptResult.Reason.values())))
                        .at(at)
                        .event(suffix);
        };
    }

    /** A refund and a parcel, two to five facts of the goods, and as many answers as said. */
    private List<Given.Telling<?>> history(int parcels, int answers) {
        List<Given.Telling<?>> tellings = new ArrayList<>();
        tellings.add(refund("R1").line("A", 2).ordered(2));
        tellings.add(parcel("S1")
                .stage(any(List.of(ParcelStage.LABEL_CREATED, ParcelStage.UNKNOWN, ParcelStage.IN_TRANSIT)))
                .line("A", 1 + random.nextInt(2))
                .ordered(2));
        int goods = 1 + random.nextInt(4);
        for (int i = 0; i < goods; i++) {
            tellings.add(goods("S" + (1 + random.nextInt(parcels)), i));
        }
        for (int i = 0; i < answers; i++) {
            tellings.add(answer("S" + (1 + random.nextInt(parcels)), 100 + i));
        }
        Collections.shuffle(tellings, random);
        return tellings;
    }

    private GivenPolicy anyPolicy() {
        GivenPolicy policy = policy().lockAnswerWithin(Duration.ofMinutes(10));
        return random.nextInt(4) == 0 ? policy.recallMixed() : policy;
    }

    /** Alerts of parcels by their rows, and whether the case is open. */
    private static List<String> whatHolds(Scenario order) {
        List<String> holds = new ArrayList<>(order.firing().stream()
                .filter(text -> !text.contains("|") && !text.startsWith("CLOCK_SKEW"))
                .map(text -> text.substring(0, text.indexOf(' ', text.indexOf(' ') + 1)))
                .toList());
        holds.add(order.isCaseOpen() ? "open" : "closed");
        return holds;
    }

    @Test
    void isTheSameCaseWhateverTheOrderOfArrival() {
        for (int i = 0; i < HISTORIES; i++) {
            List<Given.Telling<?>> tellings = history(1, 0);
            GivenPolicy policy = anyPolicy();
            Scenario one = Arrivals.inThisOrder(policy, tellings.toArray(Given.Telling<?>[]::new));
            String first = one.toString();
            Collections.shuffle(tellings, random);
            Scenario other = Arrivals.inThisOrder(policy, tellings.toArray(Given.Telling<?>[]::new));
            boolean paidComesBack = (one + " " + other).contains("CANCEL_FAILED");
            if (!paidComesBack) {
                assertThat(whatHolds(other)).as(first + "\n" + other).isEqualTo(whatHolds(one));
            }
        }
    }

    @Test
    void saysNothingNewWhenItIsToldAgain() {
        for (int i = 0; i < HISTORIES; i++) {
            List<Given.Telling<?>> tellings = history(2, random.nextInt(4));
            Scenario order = Arrivals.inThisOrder(anyPolicy(), tellings.toArray(Given.Telling<?>[]::new));
            for (Given.Telling<?> telling : tellings) {
                assertThat(order.tell(telling).effects())
                        .as(telling.eventId() + " again: " + order)
                        .isEmpty();
            }
        }
    }

    @Test
    void endsEveryDeadlineAndLeavesNothingStandingWhenAllRefundsAreClosed() {
        for (int i = 0; i < HISTORIES; i++) {
            List<Given.Telling<?>> tellings = history(2, random.nextInt(4));
            Scenario order = Arrivals.inThisOrder(anyPolicy(), tellings.toArray(Given.Telling<?>[]::new));
            order.timePasses(Given.at("12:20"));
            order.timePasses(Given.at("12:40"));
            order.timePasses(Given.at("23:00"));
            assertThat(order.due()).as(order.toString()).isNull();
            order.tell(closed("R1").version(9).at("22:00"));
            order.tell(closed("R2").version(9).at("22:00"));
            order.timePasses(Given.at("23:59"));
            assertThat(order.locks()).as(order.toString()).isEmpty();
            assertThat(order.firing())
                    .as(order.toString())
                    .allMatch(text -> text.startsWith("CANCEL_FAILED") || text.startsWith("LOCK_UNANSWERED RELEASE"));
            assertThat(order.isCaseOpen())
                    .as(order.toString())
                    .isEqualTo(order.firing().stream().anyMatch(text -> text.startsWith("CANCEL_FAILED")));
            order.tell(
                    resolved(CaseResolved.Resolution.FALSE_ALARM).of("S1", "S2").at("23:59"));
            assertThat(order.isCaseOpen()).as(order.toString()).isFalse();
            assertThat(order.expire(Scenario.NOON.plus(Duration.ofDays(190)))).isNotNull();
            assertThat(order.firing()).isEmpty();
        }
    }

    @Test
    void hasInForceWhatItsAlertsSayAndTheCaseFollows() {
        for (int i = 0; i < HISTORIES; i++) {
            List<Given.Telling<?>> tellings = history(2, random.nextInt(5));
            Scenario order = Arrivals.inThisOrder(anyPolicy(), tellings.toArray(Given.Telling<?>[]::new));
            if (random.nextBoolean()) {
                order.timePasses(Given.at("12:20"));
            }
            String told = order + " firing " + order.firing() + " is " + order.caseIs();
            for (String alert : order.firing()) {
                String parcel = alert.contains("S1") ? "S1" : "S2";
                if (alert.startsWith("REFUNDED_BUT_SHIPPED") && alert.endsWith(" INTERCEPT")) {
                    assertThat(order.recalls()).as(told).contains("INTERCEPT " + parcel);
                }
                if (alert.startsWith("REFUNDED_BUT_SHIPPED") && alert.endsWith(" PULL")) {
                    assertThat(order.recalls()).as(told).anyMatch(text -> text.startsWith("PULL_PARCEL " + parcel));
                }
                if (!alert.startsWith("LOCK_") && !alert.startsWith("PULL_AT_BENCH")) {
                    assertThat(order.isCaseOpen()).as(told).isTrue();
                }
            }
            // Pulled, and on the bench once more: WarehouseAnswersTest says what then.
            if (!told.contains("PULLED")) {
                assertThat(order.caseIs()).as(told).isNotEqualTo("DETECTED");
            }
        }
    }
}
