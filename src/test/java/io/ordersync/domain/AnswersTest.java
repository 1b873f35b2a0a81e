package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.InterceptResult.Status.ACCEPTED;
import static io.ordersync.domain.InterceptResult.Status.CANCELLED;
import static io.ordersync.domain.InterceptResult.Status.FAILED;
import static io.ordersync.domain.InterceptResult.Status.NOT_APPLIED;
import static io.ordersync.domain.InterceptResult.Status.REJECTED;
import static io.ordersync.domain.InterceptResult.Status.SUCCEEDED;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.IN_TRANSIT;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "Answers": what a courier said of an INTERCEPT, and what became of the parcel. */
class AnswersTest {
    private static final String INTERCEPT = "INTERCEPT|S1|1";
    private static final String RACE = "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT";
    private static final String ASK_BACK = "DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    @Test
    @DisplayName("54 asks back what was delivered after the refund, and calls it back no more")
    void asksBackWhatWasDeliveredAfterTheRefund() {
        inEveryOrder(theParcel(), theRefund(), scan("S1", DELIVERED).at("12:00"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(ASK_BACK);
                    assertThat(it.count("INTERCEPT")).isEqualTo(it.cameLast("S1 DELIVERED") ? 1 : 0);
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("65 asks back what was delivered although the courier accepted")
    void asksBackWhatWasDeliveredAlthoughTheCourierAccepted() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, ACCEPTED),
                        scan("S1", DELIVERED).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(ASK_BACK);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("66 follows a parcel that is called back until it has returned")
    void followsAParcelThatIsCalledBackUntilItHasReturned() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(courier(INTERCEPT, ACCEPTED));
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(courier(INTERCEPT, SUCCEEDED).at("12:02"));
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        order.tell(scan("S1", RETURNING).at("12:03"));
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        order.tell(scan("S1", RETURNED).at("12:04"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        assertThat(order.firing()).isEmpty();
        assertThat(order.count("RESOLVED REFUNDED_BUT_SHIPPED S1")).isEqualTo(1);
        assertThat(order.count("CANCEL")).isZero();

        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, ACCEPTED),
                        courier(INTERCEPT, SUCCEEDED).at("12:02"),
                        scan("S1", RETURNED).at("12:04"))
                .then(it -> {
                    assertThat(it.isCaseOpen()).isFalse();
                    assertThat(it.firing()).isEmpty();
                    if (it.count("INTERCEPT") > 0) {
                        assertThat(it.caseIs()).isEqualTo("CLOSED RETURNED");
                        assertThat(it.count("CANCEL")).isZero();
                    }
                });
    }

    @Test
    @DisplayName("66 is RETURNING whichever of the answers came first")
    void isReturningWhicheverOfTheAnswersCameFirst() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, ACCEPTED),
                        courier(INTERCEPT, SUCCEEDED).at("12:02"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("RETURNING");
                });
    }

    @Test
    @DisplayName("66 is RETURNING in silence when scans say so")
    void isReturningInSilenceWhenScansSaySo() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        scan("S1", RETURNING).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.caseIs()).isEqualTo("RETURNING");
                });
    }

    @ParameterizedTest
    @DisplayName("67 claims for a parcel that was lost or damaged on the way back")
    @EnumSource(names = {"LOST", "DAMAGED"})
    void claimsForAParcelThatWasLostOnTheWayBack(ParcelStage stage) {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        scan("S1", stage).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                    assertThat(it.count("CANCEL")).isZero();
                });
    }

    @Test
    @DisplayName("68 never sends anew on doubt")
    void neverSendsAnewOnDoubt() {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, InterceptResult.Status.UNKNOWN))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("INTERCEPT_UNKNOWN INTERCEPT|S1|1 MEDIUM REVIEW", RACE);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
        Scenario order = inThisOrder(
                theRefund(), theParcel(), courier(INTERCEPT, InterceptResult.Status.UNKNOWN), scan("S1", IN_TRANSIT));
        order.timePasses(Given.at("23:59"));
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
    }

    @Test
    @DisplayName("68 sends anew when the courier knows that it was not applied")
    void sendsAnewWhenTheCourierKnowsThatItWasNotApplied() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, InterceptResult.Status.UNKNOWN),
                        courier(INTERCEPT, NOT_APPLIED).at("12:02"))
                .then(it -> {
                    assertThat(it.intercept("S1").generation()).isEqualTo(2);
                    assertThat(it.count("INTERCEPT S1")).isEqualTo(2);
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @ParameterizedTest
    @DisplayName("68 doubts no more once there is an answer")
    @EnumSource(names = {"ACCEPTED", "SUCCEEDED"})
    void doubtsNoMoreOnceThereIsAnAnswer(InterceptResult.Status status) {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, InterceptResult.Status.UNKNOWN),
                        courier(INTERCEPT, status).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                });
    }

    @Test
    @DisplayName("69 sends anew once what was not applied")
    void sendsAnewOnceWhatWasNotApplied() {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, NOT_APPLIED)).then(it -> {
            assertThat(it.intercept("S1").generation()).isEqualTo(2);
            assertThat(it.count("INTERCEPT S1")).isEqualTo(2);
            assertThat(it.count("CANCEL")).isZero();
            assertThat(it.firing()).containsExactly(RACE);
            assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
        });
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, NOT_APPLIED),
                        courier("INTERCEPT|S1|2", NOT_APPLIED).at("12:02"))
                .then(it -> {
                    assertThat(it.count("INTERCEPT S1")).isEqualTo(2);
                    assertThat(it.firing()).containsExactly("INTERCEPT_FAILED INTERCEPT|S1|2 HIGH REVIEW", RACE);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("70 lets the earliest of several final answers stand")
    void letsTheEarliestOfSeveralFinalAnswersStand() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        courier(INTERCEPT, FAILED).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("RETURNING");
                });
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED).at("12:02"), courier(INTERCEPT, FAILED))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("INTERCEPT_FAILED INTERCEPT|S1|1 HIGH REVIEW", RACE);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED));
        Decision second = order.tell(courier(INTERCEPT, FAILED).at("12:02"));
        assertThat(second.effects()).isEmpty();
        assertThat(second.outcome()).isEqualTo(Decision.Outcome.CONTRADICTED);
    }

    @ParameterizedTest
    @DisplayName("70 passes over what is said after the end")
    @EnumSource(names = {"ACCEPTED", "UNKNOWN"})
    void passesOverWhatIsSaidAfterTheEnd(InterceptResult.Status later) {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        courier(INTERCEPT, later).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("RETURNING");
                });
    }

    @Test
    @DisplayName("75 asks back what was delivered although it was called back")
    void asksBackWhatWasDeliveredAlthoughItWasCalledBack() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        scan("S1", DELIVERED).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(ASK_BACK);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("75 has a person look at what was delivered on its way back: the sender may have signed")
    void hasAPersonLookAtWhatWasDeliveredOnItsWayBack() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, SUCCEEDED),
                        scan("S1", RETURNING).at("12:02"),
                        scan("S1", DELIVERED).at("12:03"))
                .then(it -> {
                    assertThat(it.firing()).hasSize(1);
                    assertThat(it.firing().getFirst()).startsWith("DELIVERED_AFTER_REFUND S1 HIGH");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                    if (it.count("INTERCEPT") > 0) {
                        assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REVIEW");
                    }
                });
    }

    @ParameterizedTest
    @DisplayName("An INTERCEPT that failed is for a person")
    @CsvSource({
        "FAILED, TOO_LATE", "FAILED, ", "REJECTED, NOT_LABEL_OWNER", "REJECTED, NOT_FOUND",
        "REJECTED, COURIER_ERROR", "FAILED, OTHER", "FAILED, UNKNOWN", "CANCELLED, "
    })
    void tellsAPersonOfAnInterceptThatFailed(InterceptResult.Status status, InterceptResult.@Nullable Reason reason) {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, status).because(reason))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("INTERCEPT_FAILED INTERCEPT|S1|1 HIGH REVIEW", RACE);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @ParameterizedTest
    @DisplayName("A courier that can't intercept after all is as one that never could")
    @EnumSource(names = {"FAILED", "REJECTED"})
    void tellsOfACourierThatCantInterceptAfterAll(InterceptResult.Status status) {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, status).because(InterceptResult.Reason.UNSUPPORTED))
                .then(it -> {
                    assertThat(it.firing())
                            .contains("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW")
                            .noneMatch(text -> text.startsWith("INTERCEPT_FAILED"));
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("A courier that can't intercept after all is told of beside paid goods as well")
    void tellsOfACourierThatCantInterceptAMixedParcelAfterAll() {
        inEveryOrder(
                        theRefund(),
                        theParcel().line("B", 1).ordered(1),
                        courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.UNSUPPORTED))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.firing())
                            .containsExactly("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW", "MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    void takesACouriersDeliveredAsOne() {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.DELIVERED))
                .then(it -> {
                    assertThat(it.firing()).contains(ASK_BACK).noneMatch(text -> text.startsWith("INTERCEPT_FAILED"));
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    void suggestsToWriteOffWhatTheCourierWouldChargeTooMuchFor() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.FEE_EXCEEDED))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("INTERCEPT_FAILED INTERCEPT|S1|1 HIGH WRITE_OFF", RACE);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @ParameterizedTest
    @DisplayName("A parcel that comes back already is as one that was called back")
    @EnumSource(names = {"ALREADY_RETURNING", "ALREADY_INTERCEPTED"})
    void takesAParcelThatComesBackAlreadyAsCalledBack(InterceptResult.Reason reason) {
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, REJECTED).because(reason))
                .then(it -> {
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("RETURNING");
                });
    }

    @Test
    void recallsNoSecondParcelInThePlaceOfOneWhoseRecallFailed() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2),
                        courier(INTERCEPT, FAILED),
                        courier("INTERCEPT|S2|1", FAILED))
                .then(it -> {
                    assertThat(it.recalls()).hasSize(1);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.firing()).hasSize(2);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                parcel("S2").line("A", 1).ordered(2),
                refund("R1").line("A", 1).ordered(2),
                courier(INTERCEPT, FAILED),
                scan("S1", ParcelStage.OUT_FOR_DELIVERY).at("12:02"),
                scan("S1", DELIVERED).at("12:03"));
        assertThat(order.count("INTERCEPT S2")).isZero();
        assertThat(order.firing()).contains(ASK_BACK);
    }

    @Test
    void isReturnedWithoutAnAnswer() {
        Scenario order = inThisOrder(theRefund(), theParcel(), scan("S1", RETURNED));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        assertThat(order.firing()).isEmpty();
        assertThat(order.count("CANCEL")).isZero();
    }

    @Test
    void isRefusedByTheBuyerWhenItCameBackAndWasNeverCalledBack() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(ParcelStage.REFUSED));
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        assertThat(order.firing()).isEmpty();
        order.tell(scan("S1", RETURNED));
        assertThat(order.caseIs()).isEqualTo("CLOSED REFUSED_BY_BUYER");
    }

    @Test
    void isReturnedWhenItWasCalledBackAndRefused() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel(),
                scan("S1", ParcelStage.REFUSED),
                scan("S1", RETURNED).at("11:30"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
    }

    @Test
    void isReturnedWhenItCameBackByItself() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(RETURNING), scan("S1", RETURNED));
        assertThat(order.count("INTERCEPT")).isZero();
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
    }

    @Test
    void isNotReturnedOnceItWentOutAgain() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel(),
                courier(INTERCEPT, SUCCEEDED).at("11:00"),
                scan("S1", RETURNED).at("11:10"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        order.tell(theParcel().version(2).tracking("SF2").createdAt("11:20"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
        assertThat(order.intercept("S1").trackingNumber()).isEqualTo("SF2");
        assertThat(order.firing()).containsExactly(RACE);
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
    }

    /** As in a catch-up: the case tells what followed from all of them, at once. */
    @Test
    void waitForThreeCommandsThatWereNotSentYet() {
        Scenario order = inThisOrder(
                theParcel(),
                scan("S1", PICKED_UP).at("12:00"),
                courier(INTERCEPT, NOT_APPLIED),
                courier("INTERCEPT|S1|2", REJECTED)
                        .because(InterceptResult.Reason.NOT_PICKED_UP)
                        .at("11:00"),
                courier("INTERCEPT|S1|3", SUCCEEDED),
                theRefund());
        assertThat(order.count("INTERCEPT")).isEqualTo(3);
        assertThat(order.caseIs()).isEqualTo("RETURNING");
    }

    @Test
    void waitForACommandThatWasNotSentYet() {
        Scenario order = inThisOrder(courier(INTERCEPT, SUCCEEDED), theRefund());
        assertThat(order.sent).containsExactly("LOCK R1@* A×1");
        order.tell(theParcel());
        assertThat(order.caseIs()).isEqualTo("RETURNING");
    }

    @Test
    void keepTheLatestTwoHundredThatWait() {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(courier(INTERCEPT, SUCCEEDED).at("09:00"));
        for (int i = 2; i <= 200; i++) {
            assertThat(order.tell(courier("INTERCEPT|T" + i + "|1", FAILED).at("10:00"))
                            .dropped())
                    .isZero();
        }
        assertThat(order.tell(courier("INTERCEPT|T201|1", FAILED).at("10:00")).dropped())
                .isEqualTo(1);
        order.tell(theRefund());
        order.tell(theParcel());
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(parcel("T201").line("B", 1).ordered(1));
        order.tell(refund("R2").line("B", 1).ordered(1));
        assertThat(order.firing()).contains("INTERCEPT_FAILED INTERCEPT|T201|1 HIGH REVIEW");
    }

    @Test
    void dropNoAnswerToACommandThatWasSent() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.tell(courier(INTERCEPT, SUCCEEDED).at("09:00"));
        for (int i = 1; i <= 200; i++) {
            assertThat(order.tell(warehouse("LOCK|T" + i + "@*|1", WarehouseLockResult.Status.LOCKED)
                                    .at("10:00"))
                            .dropped())
                    .isZero();
        }
        assertThat(order.tell(courier("INTERCEPT|T201|1", FAILED).at("10:00")).dropped())
                .isEqualTo(1);
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        order.tell(theRefund());
        assertThat(order.caseIs()).isEqualTo("RETURNING");
    }

    @ParameterizedTest
    @DisplayName("73 calls back anew, once, a parcel that was picked up after the courier had not found it")
    @CsvSource({"PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY"})
    void callsBackAnewAParcelThatWasPickedUpLater(ParcelStage stage) {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(ParcelStage.UNKNOWN),
                        courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.NOT_PICKED_UP),
                        scan("S1", stage).at("12:02"))
                .then(it -> {
                    assertThat(it.intercept("S1").generation()).isEqualTo(2);
                    assertThat(it.count("INTERCEPT S1")).isEqualTo(2);
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    @DisplayName("73 calls back anew only once")
    void callsBackAnewOnlyOnce() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel().stage(ParcelStage.UNKNOWN),
                courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.NOT_PICKED_UP),
                scan("S1", PICKED_UP).at("12:02"),
                courier("INTERCEPT|S1|2", REJECTED)
                        .because(InterceptResult.Reason.NOT_PICKED_UP)
                        .at("12:03"),
                scan("S1", IN_TRANSIT).at("12:04"));
        assertThat(order.count("INTERCEPT S1")).isEqualTo(2);
        assertThat(order.firing()).contains("INTERCEPT_FAILED INTERCEPT|S1|2 HIGH REVIEW", RACE);
        assertThat(order.caseIs()).isEqualTo("MANUAL");
    }

    @ParameterizedTest
    @DisplayName("73 leaves to a person a parcel not scanned after the courier had not found it")
    @CsvSource({"PICKED_UP, 12:01", "PICKED_UP, 12:00:59.999", "LABEL_CREATED, 12:02", "UNKNOWN, 12:02"})
    void leavesToAPersonAParcelNotScannedLater(ParcelStage stage, String at) {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(ParcelStage.UNKNOWN),
                        courier(INTERCEPT, REJECTED).because(InterceptResult.Reason.NOT_PICKED_UP),
                        scan("S1", stage).at(at))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isLessThan(2);
                    if (it.count("INTERCEPT") == 1) {
                        assertThat(it.firing()).contains("INTERCEPT_FAILED INTERCEPT|S1|1 HIGH REVIEW");
                    }
                });
    }

    @Test
    @DisplayName("An alert about an answer occurred when the answer was given")
    void occurredWhenTheAnswerWasGiven() {
        Scenario order =
                inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, FAILED).at("11:58"));
        Alert alert = order.alert("INTERCEPT_FAILED INTERCEPT|S1|1");
        assertThat(alert.occurredAt()).isEqualTo(Given.at("11:58"));
        assertThat(alert.detectedAt()).isEqualTo(Scenario.NOON);
        assertThat(alert.details().shipmentIds()).containsExactly("S1");
    }

    @Test
    @DisplayName("The alerts of answers end when the parcel leaves the case")
    void endWhenTheParcelLeavesTheCase() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, FAILED),
                        scan("S1", RETURNED).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.isCaseOpen()).isFalse();
                });
        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, FAILED), Given.closed("R1"))
                .then(it -> {
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.isCaseOpen()).isFalse();
                });
    }

    @Test
    void followsAParcelThatWasScannedOnAfterItsLabel() {
        inEveryOrder(theRefund(), theParcel().stage(LABEL_CREATED), scan("S1", PICKED_UP))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly(RACE);
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    @DisplayName("A CANCELLED after a CANCEL of ours is no failure")
    void isNoFailureWhenWeCancelled() {
        Scenario order = inThisOrder(theRefund(), theParcel(), Given.closed("R1"), courier(INTERCEPT, CANCELLED));
        assertThat(order.firing()).isEmpty();
        assertThat(order.caseIs()).isEqualTo("CLOSED REFUND_CLOSED");
    }

    @ParameterizedTest
    @DisplayName("75 asks back what was delivered, whatever the courier said")
    @EnumSource(names = {"FAILED", "REJECTED", "UNKNOWN", "ACCEPTED", "SUCCEEDED"})
    void asksBackWhatWasDeliveredWhateverTheCourierSaid(InterceptResult.Status status) {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        courier(INTERCEPT, status),
                        scan("S1", DELIVERED).at("12:02"))
                .then(it -> {
                    assertThat(it.firing()).contains(ASK_BACK).doesNotContain(RACE);
                    assertThat(it.count("INTERCEPT")).isLessThan(2);
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }
}
