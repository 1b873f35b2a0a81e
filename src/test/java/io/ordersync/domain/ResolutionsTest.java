package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.CaseResolved.Resolution.BUYER_RETURNED;
import static io.ordersync.domain.CaseResolved.Resolution.CLAIMED;
import static io.ordersync.domain.CaseResolved.Resolution.FALSE_ALARM;
import static io.ordersync.domain.CaseResolved.Resolution.KEPT_AND_REPAID;
import static io.ordersync.domain.CaseResolved.Resolution.WRITTEN_OFF;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.resolved;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.LOST;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person settles. */
class ResolutionsTest {

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    private static void isOver(Scenario it) {
        assertThat(it.firing()).isEmpty();
        assertThat(it.isCaseOpen()).isFalse();
    }

    @Test
    @DisplayName("46 takes all back when the goods are kept and repaid")
    void takeAllBackWhenTheGoodsAreKeptAndRepaid() {
        inEveryOrder(theRefund(), theParcel(), resolved(KEPT_AND_REPAID)).then(it -> {
            isOver(it);
            assertThat(it.recalls()).isEmpty();
            assertThat(it.locks()).isEmpty();
            assertThat(it.count("CANCEL S1")).isEqualTo(it.count("INTERCEPT S1"));
            assertThat(it.count("RELEASE R1@*")).isEqualTo(it.count("LOCK R1@*"));
        });
        Scenario named = inThisOrder(theRefund(), theParcel());
        Decision decision = named.tell(resolved(KEPT_AND_REPAID));
        assertThat(named.sent).contains("CANCEL S1", "RELEASE R1@*", "RESOLVED REFUNDED_BUT_SHIPPED S1");
        assertThat(named.caseIs()).isEqualTo("CLOSED KEPT_AND_REPAID");
        assertThat(decision.effects())
                .filteredOn(LockCommand.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        LockCommand.class,
                        release -> assertThat(release.reason()).isEqualTo(LockCommand.Reason.CASE_RESOLVED));
    }

    @ParameterizedTest
    @EnumSource(value = CaseResolved.Resolution.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void closeTheCaseAndAreItsOutcome(CaseResolved.Resolution resolution) {
        boolean frees = resolution == KEPT_AND_REPAID || resolution == FALSE_ALARM;
        Scenario order = inThisOrder(theRefund(), theParcel(), resolved(resolution));
        assertThat(order.caseIs()).isEqualTo("CLOSED " + resolution);
        assertThat(order.recalls()).isEmpty();
        assertThat(order.firing()).isEmpty();
        assertThat(order.locks()).isEqualTo(frees ? List.of() : List.of("LOCK R1@* A×1"));
        inEveryOrder(theRefund(), theParcel(), resolved(resolution)).then(it -> {
            isOver(it);
            assertThat(it.recalls()).isEmpty();
            if (frees) {
                assertThat(it.locks()).isEmpty();
            }
        });
    }

    @Test
    void areRejectedWhenUnknown() {
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> resolved(CaseResolved.Resolution.UNKNOWN).build())
                .withMessageContaining("resolution");
    }

    @Test
    void releaseOnlyLocksOfRefundsAllOfWhoseUnitsAreSettled() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        refund("R2").line("B", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").line("B", 1).ordered(2),
                        resolved(KEPT_AND_REPAID))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.locks()).singleElement().asString().startsWith("LOCK R2@* B×");
                });
    }

    @Test
    void settleOnlyTheParcelsTheyName() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2),
                        resolved(WRITTEN_OFF).of("S1"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    void settleEveryParcelMadeUntilThenWhenTheyNameNone() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2).createdAt("11:30"),
                        parcel("S2").line("A", 1).ordered(2).createdAt("11:30:00.001"),
                        resolved(WRITTEN_OFF))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    void settleAParcelWithoutLinesWhole() {
        inEveryOrder(refund("R1").wholeOrder(), parcel("S1"), resolved(WRITTEN_OFF))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                });
        inEveryOrder(theRefund(), parcel("S1").line("B", 1).ordered(1), parcel("S2"), resolved(WRITTEN_OFF))
                .then(ResolutionsTest::isOver);
    }

    @Test
    void settleNothingOfARefundApprovedLater() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        parcel("S1").line("A", 2).ordered(2),
                        resolved(KEPT_AND_REPAID),
                        refund("R2").line("A", 1).ordered(2).approvedAt("11:40"))
                .then(it -> {
                    // The settled unit leaves O, R and S: of one ordered, one refunded, one shipped.
                    assertThat(it.isCaseOpen()).isTrue();
                    assertThat(it.firing()).hasSize(1);
                    Alert alert = it.firing().getFirst().startsWith("MIXED")
                            ? it.alert("MIXED_PARCEL S1")
                            : it.alert("REFUNDED_BUT_SHIPPED S1");
                    assertThat(alert.details().lines()).containsExactly(new Effect.LineUnits("A", "SKU-A", 1));
                    assertThat(alert.details().refundIds()).contains("R2");
                });
    }

    @Test
    void settleOnceAndForAllWhatALaterRefundIsFor() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        resolved(WRITTEN_OFF),
                        refund("R2").line("A", 1).ordered(1).approvedAt("11:40"))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                });
    }

    @Test
    void lookAtNoLaterScan() {
        for (ParcelStage stage : new ParcelStage[] {DELIVERED, LOST}) {
            inEveryOrder(
                            theRefund(),
                            theParcel(),
                            resolved(BUYER_RETURNED),
                            scan("S1", stage).at("11:40"))
                    .then(it -> {
                        isOver(it);
                        assertThat(it.recalls()).isEmpty();
                    });
        }
    }

    @Test
    void leaveASettledParcelOutOfWhatIsReckonedLater() {
        // S1 is settled, so S2 is in excess alone, although S1 returned after it.
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2),
                        resolved(WRITTEN_OFF).of("S1"),
                        scan("S1", RETURNED).at("11:40"),
                        parcel("S2").line("A", 1).ordered(2).createdAt("11:50"))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S2"));
    }

    @Test
    void settleUnitsThatLeaveTheOrderAlsoWhenTheirParcelIsVoidLater() {
        // One of two units is settled: of the other one, ordered, refunded and shipped, all is in excess.
        inEveryOrder(
                        refund("R1").line("A", 1).of("S1").ordered(2),
                        parcel("S1").line("A", 1).ordered(2),
                        resolved(KEPT_AND_REPAID).of("S1"),
                        voided("S1").at("11:40"),
                        refund("R2").line("A", 1).ordered(2).approvedAt("11:45"),
                        parcel("S2").line("A", 1).ordered(2).createdAt("11:50"))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S2"));
    }

    @Test
    void settleAParcelThatIsToldAnewLater() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        resolved(KEPT_AND_REPAID),
                        theParcel().version(2).createdAt("11:40"))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                });
    }

    @Test
    void settleUnitsOfARefundThatIsToldAnewLater() {
        inEveryOrder(
                        theRefund(),
                        theParcel(),
                        resolved(KEPT_AND_REPAID),
                        theRefund().version(2).approvedAt("11:40"))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                });
    }

    @Test
    void settleInTurn() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2),
                        resolved(WRITTEN_OFF).of("S1").at("11:00"),
                        parcel("S2").line("A", 1).ordered(2),
                        resolved(CLAIMED).of("S2"))
                .then(it -> {
                    isOver(it);
                    assertThat(it.recalls()).isEmpty();
                });
        Scenario order = inThisOrder(
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 1).ordered(2),
                parcel("S2").line("A", 1).ordered(2),
                resolved(WRITTEN_OFF).of("S1").at("11:00"));
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(resolved(CLAIMED).of("S2"));
        assertThat(order.caseIs()).isEqualTo("CLOSED CLAIMED");
        assertThat(order.caseStates).containsExactly("INTERCEPTING", "CLOSED CLAIMED");
    }

    @Test
    void openTheCaseAgainForAParcelMadeLater() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 1).ordered(2),
                resolved(WRITTEN_OFF),
                parcel("S2").line("A", 1).ordered(2).createdAt("11:40"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S2");
        assertThat(order.caseStates).containsExactly("INTERCEPTING", "CLOSED WRITTEN_OFF", "INTERCEPTING");
    }

    @Test
    void releaseThePullOfASettledParcel() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED), resolved(FALSE_ALARM));
        assertThat(order.recalls()).isEmpty();
        assertThat(order.count("RELEASE_PARCEL S1")).isEqualTo(1);
        assertThat(order.count("RELEASE R1@*")).isEqualTo(1);
        assertThat(order.caseIs()).isEqualTo("CLOSED FALSE_ALARM");
    }

    @Test
    void cancelNothingThatHasEndedAndTellOfWhatComesBack() {
        Scenario failed = inThisOrder(
                theRefund(),
                theParcel(),
                courier("INTERCEPT|S1|1", InterceptResult.Status.FAILED),
                resolved(WRITTEN_OFF).at("12:02"));
        assertThat(failed.count("CANCEL")).isZero();
        isOver(failed);
    }

    @Test
    void settleNothingWhenNothingIsInExcess() {
        inEveryOrder(theParcel(), resolved(FALSE_ALARM), theRefund().approvedAt("11:40"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    void areRepeatedWithoutEffect() {
        Scenario order = inThisOrder(theRefund(), theParcel(), resolved(WRITTEN_OFF));
        Decision again = order.tell(resolved(WRITTEN_OFF));
        assertThat(again.effects()).isEmpty();
        assertThat(again.outcome()).isEqualTo(Decision.Outcome.REPEATED);
    }

    @Test
    void nameTheResolutionAsEvidence() {
        Scenario order = inThisOrder(theRefund(), theParcel(), resolved(WRITTEN_OFF));
        assertThat(order.theCase().evidence())
                .extracting(Effect.Evidence::kind)
                .contains(
                        Effect.Evidence.Kind.REFUND,
                        Effect.Evidence.Kind.SHIPMENT,
                        Effect.Evidence.Kind.INTERCEPT,
                        Effect.Evidence.Kind.RESOLUTION);
    }
}
