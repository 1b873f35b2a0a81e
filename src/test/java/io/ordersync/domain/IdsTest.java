package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Constants that another implementation of UUID v5 reckoned from the names in the contract. */
class IdsTest {

    private static List<Effect> effects(OrderKey order, Given.Telling<?>... tellings) {
        Policy policy = GivenPolicy.policy().build();
        OrderRecord record = OrderRecord.NEW;
        List<Effect> effects = new ArrayList<>();
        for (Given.Telling<?> telling : tellings) {
            Decision decision = Decision.on(new Arrival(order, telling.build()), record, policy, Scenario.NOON);
            record = decision.next() == null ? OrderRecord.NEW : decision.next();
            effects.addAll(decision.effects());
        }
        return effects;
    }

    private static UUID id(String text) {
        return UUID.fromString(text);
    }

    @Test
    void areTheConstantsOfLockPullInterceptAndAlert() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN));
        assertThat(order.command("LOCK R1@*").id()).isEqualTo(id("14f20cf5-40c4-5339-baeb-c21c7d329b1f"));
        assertThat(order.command("PULL_PARCEL S1").id()).isEqualTo(id("6882b4cd-53ae-5636-b0d8-222cacbb9ffe"));
        assertThat(order.intercept("S1").id()).isEqualTo(id("7b47d2a1-70a8-538e-8714-f6e896c9c2da"));
        assertThat(order.intercept("S1").caseId()).isEqualTo(id("f41e7c11-da9a-5158-bf04-99db98ccad25"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").id()).isEqualTo(id("8073bbd4-3bd0-5932-9441-dffb7545b164"));
    }

    @Test
    void areTheConstantsOfWhatTakesBackAndOfTheNextGeneration() {
        assertThat(effects(
                        Scenario.ORDER,
                        refund("R1").line("A", 1).ordered(1).warehouse("W1"),
                        parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN),
                        refund("R1").version(2).line("B", 1).ordered(1),
                        refund("R1").version(3).line("A", 1).ordered(1)))
                .extracting(Effect::id)
                .contains(
                        id("3d1c6683-a793-510f-ace0-bccdcaffcdfb"),
                        id("c904ea2b-58a3-5ae3-b2a8-c2aa929d802a"),
                        id("67142f1e-cf0d-5a6e-abda-00d5029df3ee"),
                        id("92ce7d42-8177-5cae-926c-1ca0587d1d14"));
    }

    @Test
    void areTheConstantsOfALockInAWarehouseByTheRefundsVersion() {
        assertThat(effects(Scenario.ORDER, refund("R1").version(2).line("A", 1).warehouse("W1")))
                .extracting(Effect::id)
                .containsExactly(id("61dbc15a-f8ec-5468-95a3-5d5d5aac2ca4"));
    }

    @Test
    void areTheConstantOfTheAlertOnAClock() {
        assertThat(effects(Scenario.ORDER, refund("R1").line("A", 1).approvedAt("13:00")))
                .extracting(Effect::id)
                .contains(id("a2e949be-c406-5efc-adef-ecdeecf1f2c5"));
    }

    @Test
    void escapeTheSeparatorsInsideTheirParts() {
        OrderKey order = new OrderKey(" a%b: ", "s|1", " x@* ");
        assertThat(order).hasToString("A%25B%3A:s%7C1:x%40%2A");
        assertThat(OrderKey.parse(order.toString())).isEqualTo(order);
        assertThat(effects(
                        order,
                        refund("r:%").version(7).line("A", 1).ordered(1).warehouse("w@*"),
                        parcel("p|1").line("A", 1).stage(ParcelStage.UNKNOWN)))
                .extracting(Effect::id)
                .containsExactlyInAnyOrder(
                        id("171183bd-ae17-5615-92cc-17c204b1adad"),
                        id("475624ce-a6f8-552a-9d51-013490853b86"),
                        id("77f8de1b-217e-52f0-aca3-9581190988da"),
                        id("8272b708-cfbe-5862-9a28-53c95bfa3aba"),
                        id("c63e6c92-3614-5f48-b3c0-9394eef67349"));
    }

    @Test
    void tellAWarehouseNamedByAnAsteriskFromAllWarehouses() {
        assertThat(effects(
                        new OrderKey("A%B:", "s|1", "x@*"),
                        refund("r:%").version(7).line("A", 1).warehouse("*")))
                .extracting(Effect::id)
                .containsExactly(id("84f0cc03-0232-564b-8153-554f31f6ee84"));
    }

    @Test
    void areMadeOfTheNamesInUtf8() {
        assertThat(effects(
                                new OrderKey("douyin", "商店", "订单1"),
                                refund("R1").line("A", 1).ordered(1),
                                parcel("S1").line("A", 1))
                        .stream()
                        .filter(InterceptCommand.class::isInstance)
                        .map(InterceptCommand.class::cast))
                .singleElement()
                .satisfies(intercept -> {
                    assertThat(intercept.id()).isEqualTo(id("d03a2e7a-1d94-53ba-aae6-d50b3925262b"));
                    assertThat(intercept.caseId()).isEqualTo(id("f47946e2-b134-550f-a1bb-3fbed4ace61e"));
                });
    }
}
