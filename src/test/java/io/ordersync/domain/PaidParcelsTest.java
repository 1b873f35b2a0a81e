package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.CaseResolved.Resolution.KEPT_AND_REPAID;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.resolved;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.LOST;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static io.ordersync.domain.RefundApproved.Kind.UNKNOWN;
import static io.ordersync.domain.ShipmentCreated.Purpose.RESHIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of several readings the one that recalls no paid parcel (docs/decisions/0005): each was once taken otherwise. */
class PaidParcelsTest {

    @ParameterizedTest
    @EnumSource(names = {"RETURNED", "LOST"})
    void areLetGoWhenAnotherOneCameBackInTheirPlace(ParcelStage stage) {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).createdAt("09:00"),
                parcel("S2").line("A", 1).ordered(2).createdAt("09:30"),
                refund("R1").line("A", 1),
                parcel("S1").version(2).line("A", 1).ordered(2).stage(stage).createdAt("11:00"));
        assertThat(order.sent).contains("INTERCEPT S2");
        assertThat(order.recalls()).isEmpty();
    }

    @Test
    void areNotRecalledInThePlaceOfASettledOneThatIsVoidLater() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        resolved(KEPT_AND_REPAID),
                        voided("S1").at("11:40"),
                        parcel("S2").line("A", 1).ordered(1).createdAt("11:50"))
                .then(PaidParcelsTest::areAllKept);
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        resolved(KEPT_AND_REPAID).of("S1"),
                        voided("S1").at("11:40"),
                        parcel("S2").line("A", 1).ordered(1).createdAt("11:50"))
                .then(PaidParcelsTest::areAllKept);
    }

    @Test
    void areNotRecalledForAUnitOfAnotherParcelThatIsSettled() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).of("S1").ordered(2),
                        resolved(KEPT_AND_REPAID).of("S1"),
                        refund("R2").line("A", 1).of("S1").ordered(2).approvedAt("11:40"))
                .then(PaidParcelsTest::areAllKept);
    }

    private static void areAllKept(Scenario order) {
        assertThat(order.recalls()).isEmpty();
        assertThat(order.firing()).isEmpty();
        assertThat(order.isCaseOpen()).isFalse();
    }

    @Test
    void stayCalledBackOnceTheRecallEndedWell() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).createdAt("09:00"),
                refund("R1").line("A", 1),
                parcel("S1").version(2).line("A", 1).stage(RETURNED).createdAt("11:00"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void areNotRecalledForUnitsOfAParcelWithoutLines() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").purpose(RESHIP),
                        refund("R1").line("A", 1).of("S2"))
                .then(order -> assertThat(order.recalls()).isEmpty());
    }

    @Test
    void areNotRecalledOnSuspicionWhenNobodyToldWhatIsInThem() {
        inEveryOrder(parcel("S1"), refund("R1").kind(UNKNOWN).line("A", 1))
                .under(policy().recallMixed().recallSuspected())
                .then(order -> assertThat(order.recalls()).isEmpty());
    }

    @Test
    void areNotRecalledOnSuspicionBesideAParcelWithoutLines() {
        Scenario order = inThisOrder(
                policy().recallSuspected(),
                parcel("S0"),
                parcel("S1").line("A", 1),
                refund("R1").line("A", 1));
        assertThat(order.recalls()).isEmpty();
    }

    @Test
    void areGivenUpBeforeThoseThatAreWhollyRefunded() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(3),
                parcel("S2").line("A", 2).ordered(3).line("B", 1).ordered(1).stage(LABEL_CREATED),
                refund("R1").line("A", 3),
                refund("R1").version(2).line("A", 2));
        assertThat(order.recalls()).containsExactlyInAnyOrder("INTERCEPT S1", "PULL_PARCEL S2 A×1");
    }

    @Test
    void areInTheCaseWhenLostWhicheverFactCameFirst() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2).stage(LOST),
                        refund("R1").line("A", 1))
                .then(order -> assertThat(order.firing()).anyMatch(alert -> alert.startsWith("CLAIM_COURIER S2")));
    }

    @Test
    void areNotTakenForTheirOwnCompany() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).mergedWith(Outbox.ORDER.orderId()),
                        refund("R1").line("A", 1))
                .then(order -> assertThat(order.recalls()).containsExactly("INTERCEPT S1"));
    }

    @Test
    void comeBackUnderTheirReturnLabelWithoutACancel() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).createdAt("09:00"),
                refund("R1").line("A", 1),
                parcel("S1")
                        .version(2)
                        .line("A", 1)
                        .tracking("BACK1")
                        .stage(RETURNING)
                        .createdAt("11:00"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
    }

    @Test
    void areReleasedWhereTheyWerePulled() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED).createdAt("09:00"),
                refund("R1").line("A", 1),
                parcel("S1")
                        .version(2)
                        .line("A", 1)
                        .stage(LABEL_CREATED)
                        .warehouse("W2")
                        .createdAt("09:30"));
        Decision withdrawn = order.tell(refund("R1").version(2).kind(PRICE_ADJUSTMENT), Scenario.NOON);
        assertThat(withdrawn.effects())
                .filteredOn(LockCommand.class::isInstance)
                .extracting(effect -> ((LockCommand) effect).warehouseId())
                .containsExactly("W1");
    }

    @Test
    void areReleasedOnTheBenchWhenOnlyDoubtIsLeft() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 2).ordered(2).stage(LABEL_CREATED),
                refund("R1").line("A", 2),
                refund("R1").version(2).kind(UNKNOWN).line("A", 1));
        assertThat(order.sent).contains("PULL_PARCEL S1 A×2");
        assertThat(order.recalls()).isEmpty();
    }

    @Test
    void arePulledWhereTheyAreByNow() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED).createdAt("09:00"),
                refund("R1").line("A", 1));
        Decision moved = order.tell(
                parcel("S1")
                        .version(2)
                        .line("A", 1)
                        .ordered(1)
                        .stage(LABEL_CREATED)
                        .warehouse("W2")
                        .createdAt("09:30"),
                Scenario.NOON);
        assertThat(moved.effects())
                .filteredOn(LockCommand.class::isInstance)
                .extracting(effect -> ((LockCommand) effect).action(), effect -> ((LockCommand) effect).warehouseId())
                .containsExactly(tuple(LockCommand.Action.RELEASE, "W1"), tuple(LockCommand.Action.PULL_PARCEL, "W2"));
    }

    @Test
    void endedWellWhenTheRefundSaysSo() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).createdAt("09:00"),
                refund("R1").line("A", 1),
                parcel("S1").version(2).line("A", 1).stage(RETURNED).createdAt("11:00"),
                refund("R1")
                        .version(2)
                        .line("A", 1)
                        .cause(RefundApproved.Cause.INTERCEPT_SUCCEEDED)
                        .approvedAt("11:30"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
    }
}
