package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.resolved;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.InterceptResult.Status.ACCEPTED;
import static io.ordersync.domain.InterceptResult.Status.CANCELLED;
import static io.ordersync.domain.InterceptResult.Status.FAILED;
import static io.ordersync.domain.InterceptResult.Status.NOT_APPLIED;
import static io.ordersync.domain.InterceptResult.Status.SUCCEEDED;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCENARIOS.md, "Taking back": an INTERCEPT of a parcel that is paid for after all, and what the courier makes of it. */
class CancelsTest {
    private static final String INTERCEPT = "INTERCEPT|S1|1";
    private static final String CANCEL = "CANCEL|S1|1";
    private static final String CANCEL_FAILED = "CANCEL_FAILED INTERCEPT|S1|1 HIGH REVIEW";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    /** INTERCEPTed at noon, and CANCELled at noon. */
    private static Scenario cancelled() {
        Scenario order = inThisOrder(theRefund(), theParcel(), closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        assertThat(order.caseIs()).isEqualTo("CLOSED REFUND_CLOSED");
        return order;
    }

    private static void isComingBackThoughPaid(Scenario it) {
        assertThat(it.firing()).containsExactly(CANCEL_FAILED);
        assertThat(it.caseIs()).isEqualTo("MANUAL");
    }

    private static void isOver(Scenario it) {
        assertThat(it.firing()).isEmpty();
        assertThat(it.isCaseOpen()).isFalse();
    }

    @Test
    void sayWhatTheyTakeBack() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        InterceptCommand intercept = order.intercept("S1");
        Decision decision = order.tell(closed("R1"));
        assertThat(decision.effects())
                .filteredOn(InterceptCommand.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(InterceptCommand.class, cancel -> {
                    assertThat(cancel.action()).isEqualTo(InterceptCommand.Action.CANCEL);
                    assertThat(cancel.targetId()).isEqualTo(intercept.id());
                    assertThat(cancel.generation()).isEqualTo(1);
                    assertThat(cancel.trackingNumber()).isEqualTo("SF1234567890");
                    assertThat(cancel.courier()).isEqualTo("SF");
                    assertThat(cancel.issuedAt()).isEqualTo(Scenario.NOON);
                    assertThat(cancel.answerBy()).isEqualTo(at("12:15"));
                });
    }

    @Test
    @DisplayName("48 tells of a paid parcel that is coming back")
    void tellOfAPaidParcelThatIsComingBack() {
        Scenario named = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED), closed("R1"));
        isComingBackThoughPaid(named);
        assertThat(named.count("CANCEL S1")).isZero();
        assertThat(named.count("RESOLVED REFUNDED_BUT_SHIPPED S1")).isEqualTo(1);
        Alert alert = named.alert("CANCEL_FAILED INTERCEPT|S1|1");
        assertThat(alert.details().shipmentIds()).containsExactly("S1");
        assertThat(alert.details().trackingNumbers()).containsExactly("SF1234567890");

        inEveryOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED), closed("R1"))
                .then(it -> {
                    if (it.count("INTERCEPT") > 0) {
                        isComingBackThoughPaid(it);
                    } else {
                        isOver(it);
                    }
                });
    }

    @ParameterizedTest
    @DisplayName("48 tells of a paid parcel that was said to come back already")
    @EnumSource(names = {"ALREADY_RETURNING", "ALREADY_INTERCEPTED"})
    void tellOfAPaidParcelThatWasSaidToComeBackAlready(InterceptResult.Reason reason) {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel(),
                courier(INTERCEPT, InterceptResult.Status.REJECTED).because(reason),
                closed("R1"));
        isComingBackThoughPaid(order);
    }

    @Test
    @DisplayName("49 cancels when a closed refund leaves a paid unit in the parcel")
    void cancelWhenAClosedRefundLeavesAPaidUnitInTheParcel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3),
                        refund("R2").line("A", 1).ordered(3),
                        refund("R3").line("A", 1).ordered(3),
                        parcel("S1").line("A", 3).ordered(3),
                        closed("R1"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("CANCEL S1")).isEqualTo(it.count("INTERCEPT S1"));
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.isCaseOpen()).isTrue();
                    assertThat(it.alert("MIXED_PARCEL S1").details().refundIds())
                            .containsExactly("R2", "R3");
                    assertThat(it.alert("MIXED_PARCEL S1").details().lines())
                            .containsExactly(new Effect.LineUnits("A", "SKU-A", 2));
                    assertThat(it.alert("MIXED_PARCEL S1").details().collateral())
                            .containsExactly(new Effect.Collateral("X", "A", "SKU-A", 1));
                });
    }

    @Test
    @DisplayName("50 closes the case as a false alarm when it is learnt that more was ordered")
    void closeTheCaseAsAFalseAlarm() {
        Scenario order = inThisOrder(
                policy().recallSuspected(),
                refund("R1").line("A", 1),
                parcel("S1").line("A", 1),
                parcel("S2").line("A", 1).ordered(5));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        assertThat(order.caseIs()).isEqualTo("CLOSED FALSE_ALARM");
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void failWhenTheParcelComesBackAllTheSame() {
        for (ParcelStage stage : new ParcelStage[] {RETURNING, RETURNED}) {
            Scenario order = cancelled();
            order.tell(scan("S1", stage).at("12:02"));
            isComingBackThoughPaid(order);
        }
    }

    @Test
    void failWhenTheParcelComesBackAlthoughTheCourierCancelled() {
        Scenario order = cancelled();
        order.tell(courier(CANCEL, CANCELLED));
        isOver(order);
        order.tell(scan("S1", RETURNING).at("12:02"));
        isComingBackThoughPaid(order);
    }

    @Test
    void failWhenTheInterceptSucceededAllTheSame() {
        Scenario order = cancelled();
        order.tell(courier(INTERCEPT, SUCCEEDED));
        isComingBackThoughPaid(order);
    }

    @ParameterizedTest
    @ValueSource(strings = {INTERCEPT, CANCEL})
    void areDoneWhenTheCourierCancelled(String command) {
        Scenario order = cancelled();
        order.tell(courier(command, CANCELLED));
        order.timePasses(at("23:59"));
        isOver(order);
        assertThat(order.count("FIRING CANCEL_FAILED")).isZero();
        inEveryOrder(theRefund(), theParcel(), closed("R1"), courier(command, CANCELLED))
                .then(it -> {
                    if (it.came("closed R1@1", command + " CANCELLED") || command.equals(CANCEL)) {
                        isOver(it);
                    }
                });
    }

    @Test
    void failWhenTheyAreNotAnsweredInTime() {
        Scenario order = cancelled();
        order.timePasses(at("12:14:59.999"));
        isOver(order);
        order.timePasses(at("12:15"));
        isComingBackThoughPaid(order);
        assertThat(order.alert("CANCEL_FAILED INTERCEPT|S1|1").occurredAt()).isEqualTo(at("12:15"));
        order.timePasses(at("12:16"));
        assertThat(order.count("FIRING CANCEL_FAILED")).isEqualTo(1);
    }

    @Test
    void failOnTheirOwnDeadlineNotTheIntercepts() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.timePasses(at("12:10"));
        order.tell(closed("R1"));
        order.timePasses(at("12:24:59.999"));
        isOver(order);
        order.timePasses(at("12:25"));
        isComingBackThoughPaid(order);
    }

    @Test
    void failWhenTheOneOfAFormerTrackingNumberIsNotAnsweredInTime() {
        Scenario order =
                inThisOrder(theRefund(), theParcel(), theParcel().version(2).tracking("SF2"), closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(2);
        order.tell(courier("CANCEL|S1|2", CANCELLED));
        order.timePasses(at("12:14:59.999"));
        isOver(order);
        order.timePasses(at("12:15"));
        assertThat(order.firing()).containsExactly("CANCEL_FAILED INTERCEPT|S1|2 HIGH REVIEW");
        assertThat(order.caseIs()).isEqualTo("MANUAL");
        order.tell(courier(CANCEL, CANCELLED).at("12:16"));
        isOver(order);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCEPTED", "UNKNOWN", "FAILED", "REJECTED"})
    void failWhenTheyAreAnsweredOtherwise(InterceptResult.Status status) {
        Scenario order = cancelled();
        order.tell(courier(CANCEL, status));
        order.timePasses(at("12:15"));
        isComingBackThoughPaid(order);
    }

    @Test
    void endWhenCancelledLater() {
        for (String command : new String[] {INTERCEPT, CANCEL}) {
            Scenario order = cancelled().timePasses(at("12:15"));
            order.tell(courier(command, CANCELLED).at("12:20"));
            isOver(order);
            assertThat(order.count("RESOLVED CANCEL_FAILED")).isEqualTo(1);
        }
    }

    @Test
    void endWhenTheParcelIsDelivered() {
        Scenario order = cancelled().timePasses(at("12:15"));
        order.tell(scan("S1", DELIVERED).at("12:10"));
        isOver(order);
    }

    @Test
    void endWhenACalledBackParcelIsDelivered() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED), closed("R1"));
        isComingBackThoughPaid(order);
        order.tell(scan("S1", DELIVERED).at("12:03"));
        isOver(order);
    }

    @Test
    void doNotEndWhenTheParcelHasReturned() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED), closed("R1"));
        order.tell(scan("S1", RETURNED).at("12:03"));
        isComingBackThoughPaid(order);
    }

    @Test
    void endWhenResolved() {
        Scenario order = cancelled().timePasses(at("12:20"));
        order.tell(resolved(CaseResolved.Resolution.FALSE_ALARM).at("12:19"));
        isOver(order);
        assertThat(order.caseIs()).isEqualTo("CLOSED FALSE_ALARM");
    }

    @Test
    void endOnlyForTheParcelsThatAreResolved() {
        Scenario order = cancelled().timePasses(at("12:20"));
        order.tell(resolved(CaseResolved.Resolution.FALSE_ALARM).of("S9").at("12:18"));
        isComingBackThoughPaid(order);
        order.tell(resolved(CaseResolved.Resolution.FALSE_ALARM).of("S1").at("12:19"));
        isOver(order);
    }

    @Test
    void areOverOnceResolvedWhateverIsScannedLater() {
        Scenario order = cancelled();
        order.tell(courier(CANCEL, CANCELLED));
        order.tell(scan("S1", RETURNING).at("12:02"));
        isComingBackThoughPaid(order);
        order.tell(resolved(CaseResolved.Resolution.BUYER_RETURNED).at("12:03"));
        isOver(order);
        order.tell(scan("S1", RETURNED).at("12:04"));
        isOver(order);
        assertThat(order.count("FIRING CANCEL_FAILED")).isEqualTo(1);
    }

    @Test
    void areOverOnceResolvedAlsoWhenTheParcelIsToldAnewLater() {
        Scenario order = inThisOrder(
                theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED).at("11:20"), closed("R1"));
        isComingBackThoughPaid(order);
        order.tell(resolved(CaseResolved.Resolution.BUYER_RETURNED));
        isOver(order);
        order.tell(theParcel().version(2).createdAt("11:40"));
        isOver(order);
        assertThat(order.count("FIRING CANCEL_FAILED")).isEqualTo(1);
    }

    @Test
    @DisplayName("46 fail when the courier does not say that it keeps what was paid for again from coming back")
    void failWhenWhatWasPaidForAgainIsNotKeptFromComingBack() {
        Scenario order = inThisOrder(theRefund(), theParcel(), resolved(CaseResolved.Resolution.KEPT_AND_REPAID));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        order.timePasses(at("12:15"));
        isComingBackThoughPaid(order);
        order.timePasses(at("12:20"));
        order.tell(resolved(CaseResolved.Resolution.KEPT_AND_REPAID).at("12:19"));
        isOver(order);
    }

    @Test
    void areNotSentForAnInterceptThatFailed() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, FAILED), closed("R1"));
        assertThat(order.count("CANCEL")).isZero();
        order.timePasses(at("23:59"));
        isOver(order);
    }

    @Test
    void areSentForAnInterceptThatWasAccepted() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, ACCEPTED), closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        isOver(order);
    }

    @Test
    void areSentForAnInterceptOfWhichNobodyKnows() {
        Scenario order =
                inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, InterceptResult.Status.UNKNOWN), closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        isOver(order);
    }

    @Test
    void areSentForAnInterceptNotAnsweredInTime() {
        Scenario order = inThisOrder(theRefund(), theParcel()).timePasses(at("12:15"));
        order.tell(closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        isOver(order);
    }

    @Test
    void areSentForTheInterceptThatWasSentAnew() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, NOT_APPLIED), closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        assertThat(order.recalls()).isEmpty();
        order.timePasses(at("12:15"));
        assertThat(order.firing()).containsExactly("CANCEL_FAILED INTERCEPT|S1|2 HIGH REVIEW");
    }

    @Test
    void failForAVoidParcelWhoseInterceptSucceeded() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED), voided("S1"));
        isComingBackThoughPaid(order);
    }

    @Test
    void areReleasesForAParcelStillOnTheBench() {
        inEveryOrder(theRefund(), theParcel().stage(ParcelStage.LABEL_CREATED), closed("R1"))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.count("RELEASE_PARCEL S1")).isEqualTo(it.count("PULL_PARCEL S1"));
                });
    }

    @Test
    void releaseAPullOnlyWhenNothingOfTheParcelIsInExcess() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        refund("R2").line("A", 1).ordered(2),
                        parcel("S1").line("A", 2).ordered(2).stage(ParcelStage.LABEL_CREATED),
                        closed("R1"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.command("PULL_PARCEL S1").refundId()).isEqualTo("R2");
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    void keepTheInterceptOfAMixedParcelWhereThatIsAllowed() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        refund("R2").line("A", 1).ordered(2),
                        parcel("S1").line("A", 2).ordered(2),
                        closed("R1"))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
        Scenario order = inThisOrder(
                policy().recallMixed(),
                refund("R1").line("A", 1).ordered(2),
                refund("R2").line("A", 1).ordered(2),
                parcel("S1").line("A", 2).ordered(2),
                closed("R1"));
        assertThat(order.count("CANCEL")).isZero();
        order.tell(closed("R2"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
    }

    @Test
    void areNotFollowedByCancelFailedWhenTheParcelIsCalledBackAnew() {
        Scenario order = cancelled();
        order.tell(theRefund().version(2));
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
        order.tell(courier("INTERCEPT|S1|2", SUCCEEDED));
        order.timePasses(at("12:15"));
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
        assertThat(order.caseIs()).isEqualTo("RETURNING");
    }

    @Test
    void failForAParcelThatComesBackWhicheverIsKnownFirst() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        closed("R1"),
                        scan("S1", RETURNING).at("12:02"))
                .then(CancelsTest::isComingBackIfItWasCalledBack);
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        closed("R1"),
                        courier(CANCEL, CANCELLED),
                        scan("S1", RETURNING).at("12:02"))
                .then(CancelsTest::isComingBackIfItWasCalledBack);
    }

    private static void isComingBackIfItWasCalledBack(Scenario it) {
        if (it.count("INTERCEPT") > 0) {
            isComingBackThoughPaid(it);
        } else {
            isOver(it);
        }
    }

    @Test
    void areDoneWhenTheCourierCancelledAfterIt() {
        for (ParcelStage stage : new ParcelStage[] {RETURNING, DELIVERED}) {
            inEveryOrder(
                            theRefund(),
                            theParcel(),
                            closed("R1"),
                            scan("S1", stage).at("12:01"),
                            courier(CANCEL, CANCELLED).at("12:02"))
                    .then(CancelsTest::isOver);
        }
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        closed("R1"),
                        courier(INTERCEPT, SUCCEEDED),
                        courier(CANCEL, CANCELLED).at("12:02"))
                .then(it -> {
                    if (it.count("CANCEL S1") > 0) {
                        isOver(it);
                    }
                });
    }

    @Test
    void takeBackLastWhatComesBackAnyway() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 1).ordered(2).stage(ParcelStage.PICKED_UP),
                parcel("S2").line("A", 1).ordered(2).stage(ParcelStage.OUT_FOR_DELIVERY),
                courier("INTERCEPT|S2|1", SUCCEEDED),
                refund("R1").version(2).line("A", 1).ordered(2));
        assertThat(order.recalls()).containsExactly("INTERCEPT S2");
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
        assertThat(order.caseIs()).isEqualTo("RETURNING");
    }

    @Test
    void areNotSentForAParcelThatReturnedBeforeTheRefundWasClosed() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, SUCCEEDED));
        order.tell(scan("S1", RETURNED).at("12:02"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        assertThat(order.count("CANCEL")).isZero();
    }

    @Test
    void doNotFailForAParcelRightlyCalledBackWhenAnotherComesBackToo() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).createdAt("09:00"),
                refund("R1").line("A", 1).ordered(2),
                parcel("S2").line("A", 1).ordered(2),
                courier("INTERCEPT|S2|1", SUCCEEDED),
                scan("S2", RETURNING).at("12:02"),
                scan("S2", RETURNED).at("12:03"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        order.tell(scan("S1", ParcelStage.REFUSED).at("12:02"));
        isOver(order);
        order.tell(scan("S1", RETURNED).at("12:04"));
        isOver(order);
        assertThat(order.count("FIRING CANCEL_FAILED")).isZero();
    }
}
