package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.IN_TRANSIT;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.OUT_FOR_DELIVERY;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "Taking back", and which fact stands, as far as refunds are closed and parcels void. */
class ClosesAndVoidsTest {

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    /** However the race went on its way: nothing is left of it. */
    private static void isOver(Scenario it) {
        assertThat(it.recalls()).isEmpty();
        assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
        assertThat(it.firing()).isEmpty();
        assertThat(it.isCaseOpen()).isFalse();
    }

    private static void isCalledBack(Scenario it, String shipmentId) {
        assertThat(it.recalls()).containsExactly("INTERCEPT " + shipmentId);
        assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED " + shipmentId + " HIGH INTERCEPT");
        assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
    }

    @Test
    @DisplayName("37 sees no race in a void parcel, whichever came first")
    void seesNoRaceInAVoidParcel() {
        inEveryOrder(theParcel(), voided("S1"), theRefund()).then(it -> {
            isOver(it);
            assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
            assertThat(it.caseIs()).isIn("NONE", "CLOSED VOIDED");
        });
    }

    @Test
    @DisplayName("38 calls back alone what was packed anew for a void parcel")
    void callsBackAloneWhatWasPackedAnew() {
        inEveryOrder(
                        theParcel(),
                        voided("S1"),
                        parcel("S2").line("A", 1).ordered(1).createdAt("11:10"),
                        theRefund())
                .then(it -> {
                    isCalledBack(it, "S2");
                    assertThat(it.count("CANCEL S1")).isEqualTo(it.count("INTERCEPT S1"));
                });
    }

    @ParameterizedTest
    @DisplayName("41 releases the lock of a refund that was closed")
    @EnumSource(names = {"WITHDRAWN", "REJECTED"})
    void releasesTheLockOfARefundThatWasClosed(RefundClosed.Outcome outcome) {
        inEveryOrder(theRefund(), closed("R1").outcome(outcome)).then(it -> {
            assertThat(it.locks()).isEmpty();
            assertThat(it.count("RELEASE R1@*")).isEqualTo(it.count("LOCK R1@*"));
        });
        Scenario order = inThisOrder(theRefund());
        LockCommand lock = order.command("LOCK R1@*");
        Decision decision = order.tell(closed("R1").outcome(outcome));
        assertThat(decision.effects()).singleElement().isInstanceOfSatisfying(LockCommand.class, release -> {
            assertThat(release.action()).isEqualTo(LockCommand.Action.RELEASE);
            assertThat(release.targetId()).isEqualTo(lock.id());
            assertThat(release.generation()).isEqualTo(1);
            assertThat(release.refundId()).isEqualTo("R1");
            assertThat(release.reason()).isEqualTo(LockCommand.Reason.REFUND_CLOSED);
        });
    }

    @Test
    @DisplayName("41 releases the locks of every warehouse")
    void releasesTheLocksOfEveryWarehouse() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).warehouse("W1").line("B", 1).warehouse("W2"), closed("R1"));
        assertThat(order.locks()).isEmpty();
        assertThat(order.count("RELEASE R1@W1")).isEqualTo(1);
        assertThat(order.count("RELEASE R1@W2")).isEqualTo(1);
    }

    @Test
    @DisplayName("42 releases the locks of the closed refund alone")
    void releasesTheLocksOfTheClosedRefundAlone() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        refund("R2").line("A", 1).ordered(2),
                        closed("R1"))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R2@* A×1");
                    assertThat(it.count("RELEASE R2")).isZero();
                    assertThat(it.count("RELEASE R1@*")).isEqualTo(it.count("LOCK R1@*"));
                });
    }

    @ParameterizedTest
    @DisplayName("43 takes nothing back when only the payment failed, or nobody knows why")
    @EnumSource(names = {"PAYMENT_FAILED", "UNKNOWN"})
    void takesNothingBackWhenOnlyThePaymentFailed(RefundClosed.Outcome outcome) {
        inEveryOrder(theRefund(), closed("R1").outcome(outcome))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
        inEveryOrder(theRefund(), theParcel(), closed("R1").outcome(outcome)).then(it -> {
            isCalledBack(it, "S1");
            assertThat(it.count("CANCEL") + it.count("RELEASE")).isZero();
        });
    }

    @ParameterizedTest
    @DisplayName("43 closes a refund that is closed again because it was withdrawn")
    @CsvSource({"10:50", "11:10"})
    void closesARefundThatIsClosedAgainBecauseItWasWithdrawn(String withdrawnAt) {
        inEveryOrder(
                        theRefund(),
                        closed("R1")
                                .outcome(RefundClosed.Outcome.PAYMENT_FAILED)
                                .event("f"),
                        closed("R1").version(2).at(withdrawnAt))
                .then(it -> assertThat(it.locks()).isEmpty());
    }

    @Test
    @DisplayName("44 cancels, releases, resolves and closes when the refund is withdrawn")
    void cancelsWhenTheRefundIsWithdrawn() {
        inEveryOrder(theRefund(), theParcel(), closed("R1")).then(it -> {
            isOver(it);
            assertThat(it.locks()).isEmpty();
        });
        Scenario named = inThisOrder(theRefund(), theParcel());
        assertThat(named.caseIs()).isEqualTo("INTERCEPTING");
        named.tell(closed("R1"));
        assertThat(named.sent).contains("RELEASE R1@*", "CANCEL S1", "RESOLVED REFUNDED_BUT_SHIPPED S1");
        assertThat(named.caseIs()).isEqualTo("CLOSED REFUND_CLOSED");
    }

    @Test
    @DisplayName("45 cancels and closes when the parcel is void")
    void cancelsWhenTheParcelIsVoid() {
        inEveryOrder(theRefund(), theParcel(), voided("S1")).then(ClosesAndVoidsTest::isOver);
        Scenario named = inThisOrder(theRefund(), theParcel(), voided("S1"));
        assertThat(named.sent).contains("CANCEL S1", "RESOLVED REFUNDED_BUT_SHIPPED S1");
        assertThat(named.locks()).containsExactly("LOCK R1@* A×1");
        assertThat(named.caseIs()).isEqualTo("CLOSED VOIDED");
    }

    @ParameterizedTest
    @DisplayName("45 releases the PULL_PARCEL of a void parcel")
    @EnumSource(names = {"LABEL_CREATED", "UNKNOWN"})
    void releasesThePullOfAVoidParcel(ParcelStage stage) {
        inEveryOrder(theRefund(), theParcel().stage(stage), voided("S1")).then(it -> {
            isOver(it);
            assertThat(it.count("RELEASE_PARCEL")).isEqualTo(it.count("PULL_PARCEL"));
        });
        Scenario named = inThisOrder(theRefund(), theParcel().stage(stage), voided("S1"));
        assertThat(named.count("RELEASE_PARCEL S1")).isEqualTo(1);
        assertThat(named.count("CANCEL S1")).isEqualTo(stage == UNKNOWN ? 1 : 0);
        assertThat(named.caseIs()).isEqualTo("CLOSED VOIDED");
    }

    @ParameterizedTest
    @DisplayName("45 calls a void parcel back that left all the same")
    @EnumSource(names = {"PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY"})
    void callsAVoidParcelBackThatLeftAllTheSame(ParcelStage stage) {
        inEveryOrder(theRefund(), theParcel(), voided("S1"), scan("S1", stage).at("11:10"))
                .then(it -> isCalledBack(it, "S1"));
        Scenario named = inThisOrder(theRefund(), theParcel(), voided("S1"));
        named.tell(scan("S1", stage).at("11:10"));
        assertThat(named.intercept("S1").generation()).isEqualTo(2);
        assertThat(named.caseStates).containsExactly("INTERCEPTING", "CLOSED VOIDED", "INTERCEPTING");
    }

    @Test
    @DisplayName("45 asks back what was delivered although it was void")
    void asksBackWhatWasDeliveredAlthoughItWasVoid() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        voided("S1"),
                        scan("S1", DELIVERED).at("11:10"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @ParameterizedTest
    @DisplayName("45 leaves a parcel void that was scanned no later than it was made void, or only labelled")
    @CsvSource({"IN_TRANSIT, 10:59:59.999", "IN_TRANSIT, 11:00", "LABEL_CREATED, 11:10", "UNKNOWN, 11:10"})
    void leavesAParcelVoid(ParcelStage stage, String at) {
        inEveryOrder(theRefund(), theParcel(), voided("S1"), scan("S1", stage).at(at))
                .then(ClosesAndVoidsTest::isOver);
    }

    @Test
    @DisplayName("47 passes over a close of a lower version")
    void passesOverACloseOfALowerVersion() {
        inEveryOrder(theRefund().version(3), closed("R1").version(2)).then(it -> {
            assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
            assertThat(it.count("RELEASE")).isZero();
        });
        Scenario order = inThisOrder(theRefund().version(3));
        Decision stale = order.tell(closed("R1").version(2));
        assertThat(stale.outcome()).isEqualTo(Decision.Outcome.STALE);
        assertThat(stale.effects()).isEmpty();
    }

    @Test
    @DisplayName("47 passes over a refund of a version that was closed")
    void passesOverARefundOfAVersionThatWasClosed() {
        for (long version : new long[] {1, 2}) {
            Scenario order = inThisOrder(closed("R1").version(2));
            Decision stale = order.tell(theRefund().version(version));
            assertThat(stale.effects()).isEmpty();
            assertThat(order.sent).isEmpty();
        }
    }

    @Test
    void lockAnewWhenAHigherVersionThanTheClosedOneIsTold() {
        inEveryOrder(
                        theRefund(),
                        closed("R1"),
                        refund("R1").version(2).line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                    assertThat(it.command("LOCK R1@*").generation()).isEqualTo(2);
                });
    }

    @Test
    void callBackWhenAHigherVersionThanTheClosedOneIsTold() {
        inEveryOrder(theRefund(), theParcel(), closed("R1"), theRefund().version(2))
                .then(it -> isCalledBack(it, "S1"));
    }

    @Test
    void holdAgainstLaterTellingsOfTheirOwnVersion() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        closed("R1"),
                        theRefund().approvedAt("11:50").event("z"))
                .then(ClosesAndVoidsTest::isOver);
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        voided("S1"),
                        theParcel().stage(LABEL_CREATED).createdAt("11:50").event("z"))
                .then(ClosesAndVoidsTest::isOver);
    }

    @Test
    void holdAgainstLowerVersionsWhicheverComesFirst() {
        inEveryOrder(theRefund(), theParcel(), closed("R1").version(5)).then(ClosesAndVoidsTest::isOver);
        inEveryOrder(theRefund(), theParcel(), voided("S1").version(5)).then(ClosesAndVoidsTest::isOver);
    }

    @Test
    void callBackTheParcelOfAHigherVersionMadeAfterItWasVoid() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        voided("S1"),
                        theParcel().version(2).createdAt("11:10"))
                .then(it -> isCalledBack(it, "S1"));
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        voided("S1"),
                        theParcel().version(2).stage(LABEL_CREATED).createdAt("11:10"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
                    assertThat(it.caseIs()).isEqualTo("PULLING");
                });
    }

    @Test
    @DisplayName("A void parcel left all the same when the stage of any version says so, at its createdAt")
    void callBackAVoidParcelOfWhichAStageSaysThatItLeft() {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        voided("S1"),
                        theParcel().stage(PICKED_UP).createdAt("11:50").event("z"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    void reckonWithTheNewLinesOfAParcelPackedAnew() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        voided("S1"),
                        parcel("S1").version(2).line("B", 1).ordered(1).createdAt("11:10"))
                .then(ClosesAndVoidsTest::isOver);
    }

    @Test
    void leaveAParcelVoidThatIsToldAnewAsMadeBeforeIt() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        voided("S1"),
                        theParcel().version(2).createdAt("10:50"))
                .then(ClosesAndVoidsTest::isOver);
    }

    @Test
    void leaveAParcelVoidInTheVersionThatIsVoid() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        voided("S1").version(2),
                        theParcel().version(2).stage(LABEL_CREATED).createdAt("11:10"))
                .then(ClosesAndVoidsTest::isOver);
    }

    @Test
    void countTheUnitsOrderedOfClosedRefundsAndVoidParcels() {
        inEveryOrder(
                        refund("R2").line("A", 1).ordered(3).approvedAt("09:50"),
                        closed("R2"),
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
        inEveryOrder(
                        parcel("S2").line("A", 1).ordered(3),
                        voided("S2"),
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void takeUnitsBoundToAVoidParcelAsNotBound() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).of("S1"),
                        theParcel(),
                        voided("S1"),
                        parcel("S2").line("A", 1).ordered(1))
                .then(it -> isCalledBack(it, "S2"));
    }

    @Test
    @DisplayName("Of two scans of one moment the later symbol says where the parcel is")
    void takeTheLaterSymbolOfTwoScansOfOneMoment() {
        inEveryOrder(theRefund(), theParcel(), scan("S1", DELIVERED), scan("S1", IN_TRANSIT))
                .then(it -> assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN"));
    }

    @Test
    void takeTheLatestScanWhicheverCameLast() {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        scan("S1", DELIVERED).at("11:20"),
                        scan("S1", OUT_FOR_DELIVERY).at("11:10"),
                        scan("S1", PICKED_UP).at("11:00"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    void replaceNoKnownStageByAnUnknownOne() {
        inEveryOrder(theRefund(), theParcel().stage(DELIVERED), scan("S1", UNKNOWN))
                .then(it -> assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN"));
    }

    @Test
    void takeTheStageOfAnyVersionAsAScan() {
        inEveryOrder(
                        theRefund(),
                        theParcel().version(2).stage(IN_TRANSIT).createdAt("10:50"),
                        theParcel().stage(DELIVERED).createdAt("11:00"),
                        scan("S1", PICKED_UP).at("10:55"))
                .then(it -> assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN"));
    }

    @Test
    void countNothingForAScanOfAParcelNotSeen() {
        inEveryOrder(theRefund(), scan("S1", IN_TRANSIT)).then(it -> {
            assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
            assertThat(it.recalls()).isEmpty();
            assertThat(it.firing()).isEmpty();
        });
    }

    @Test
    void passOverWhatIsToldTwice() {
        Scenario order = inThisOrder(theRefund(), theParcel(), closed("R1"), voided("S1"), scan("S1", LABEL_CREATED));
        assertThat(order.tell(closed("R1")).outcome()).isEqualTo(Decision.Outcome.REPEATED);
        assertThat(order.tell(voided("S1")).outcome()).isEqualTo(Decision.Outcome.REPEATED);
        assertThat(order.tell(scan("S1", LABEL_CREATED)).outcome()).isEqualTo(Decision.Outcome.REPEATED);
    }

    @Test
    void keepNothingOfAScanThatSaysNothing() {
        Decision decision = inThisOrder().tell(scan("S9", ParcelStage.UNKNOWN));

        assertThat(Objects.requireNonNull(decision.next()).facts()).isEqualTo(OrderFacts.NONE);
        assertThat(decision.outcome()).isEqualTo(Decision.Outcome.STALE);
    }
}
