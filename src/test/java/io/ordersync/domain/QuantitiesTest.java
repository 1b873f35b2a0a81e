package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.IN_TRANSIT;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.OUT_FOR_DELIVERY;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static io.ordersync.domain.ShipmentCreated.Purpose.RESHIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Effect.Certainty;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "Quantities". */
class QuantitiesTest {

    @Test
    @DisplayName("11 leaves alone what shipped while units enough are still there")
    void leavesAloneWhatShippedWhileUnitsEnoughAreStillThere() {
        inEveryOrder(
                        refund("R1").line("A", 5).ordered(12),
                        parcel("S1").line("A", 4).ordered(12))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×5"));
    }

    @Test
    @DisplayName("12 names the paid units of the parcel that holds one too many")
    void namesThePaidUnitsOfTheParcelThatHoldsOneTooMany() {
        inEveryOrder(
                        refund("R1").line("A", 5).ordered(12),
                        parcel("S1").line("A", 4).ordered(12),
                        parcel("S2").line("A", 4).ordered(12))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×5");
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S2 HIGH REVIEW");
                    Alert.Details details = it.alert("MIXED_PARCEL S2").details();
                    assertThat(details.lines()).containsExactly(new Effect.LineUnits("A", "SKU-A", 1));
                    assertThat(details.collateral()).containsExactly(new Effect.Collateral("X", "A", "SKU-A", 3));
                    assertThat(details.exposureMinor()).isEqualTo(12900);
                });
    }

    @Test
    @DisplayName("13 sees no race on another line")
    void seesNoRaceOnAnotherLine() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("B", 1).ordered(1))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    @DisplayName("14 does not call back a parcel that holds a paid line too")
    void doesNotCallBackAParcelThatHoldsAPaidLineToo() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).line("B", 1).ordered(1))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.alert("MIXED_PARCEL S1").details().collateral())
                            .containsExactly(new Effect.Collateral("X", "B", "SKU-B", 1));
                });
    }

    @Test
    @DisplayName("14 calls back a mixed parcel where that is allowed, naming what is paid")
    void callsBackAMixedParcelWhereThatIsAllowed() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).line("B", 1).ordered(1))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").collateral())
                            .containsExactly(new Effect.Collateral("X", "B", "SKU-B", 1));
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("15 calls back the parcel that covers the excess exactly")
    void callsBackTheParcelThatCoversTheExcessExactly() {
        inEveryOrder(
                        parcel("S1").line("A", 2).ordered(3),
                        parcel("S2").line("A", 1).ordered(3),
                        refund("R1").line("A", 1).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("16 calls back the parcel that is least advanced")
    void callsBackTheParcelThatIsLeastAdvanced() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(OUT_FOR_DELIVERY),
                        parcel("S2").line("A", 1).ordered(2).stage(PICKED_UP),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @DisplayName("16 takes parcels of equal size by stage")
    @CsvSource({
        "LABEL_CREATED, UNKNOWN",
        "UNKNOWN, PICKED_UP",
        "PICKED_UP, IN_TRANSIT",
        "IN_TRANSIT, OUT_FOR_DELIVERY",
        "OUT_FOR_DELIVERY, DAMAGED",
        "DAMAGED, DELIVERED"
    })
    void takesParcelsOfEqualSizeByStage(ParcelStage first, ParcelStage second) {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(first).createdAt("10:40"),
                        parcel("S2").line("A", 1).ordered(2).stage(second).createdAt("10:50"),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> assertThat(it.firing()).singleElement().asString().contains(" S1 "));
    }

    @Test
    @DisplayName("16 takes parcels of equal size and stage by the latest making, then by the greatest id")
    void takesParcelsOfEqualSizeAndStageByTheLatestMaking() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).createdAt("10:41"),
                        parcel("S2").line("A", 1).ordered(2).createdAt("10:40"),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S2"));
    }

    @Test
    @DisplayName("16 takes the parcel with the most units first, whatever its stage")
    void takesTheParcelWithTheMostUnitsFirst() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(6).stage(LABEL_CREATED),
                        parcel("S2").line("A", 2).ordered(6).stage(OUT_FOR_DELIVERY),
                        parcel("S3").line("A", 3).ordered(6).stage(LABEL_CREATED),
                        refund("R1").line("A", 2).ordered(6))
                .then(it -> {
                    if (it.cameLast("R1@1")) {
                        assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    }
                });
    }

    @Test
    @DisplayName("17 calls a parcel back once for three refunds")
    void callsAParcelBackOnceForThreeRefunds() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3),
                        refund("R2").line("A", 1).ordered(3),
                        refund("R3").line("A", 1).ordered(3),
                        parcel("S1").line("A", 3).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.intercept("S1").refundIds()).containsExactly("R1", "R2", "R3");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().refundIds())
                            .containsExactly("R1", "R2", "R3");
                });
    }

    @Test
    @DisplayName("18 reckons in units, not in money")
    void reckonsInUnits() {
        inEveryOrder(
                        refund("R1").line("A", 3).ordered(5),
                        parcel("S1").line("A", 2).ordered(5))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×3"));
    }

    @Test
    @DisplayName("19 calls back all that ships of an order refunded whole")
    void callsBackAllThatShipsOfAnOrderRefundedWhole() {
        inEveryOrder(refund("R1").wholeOrder(), parcel("S1").line("A", 2)).then(it -> {
            assertThat(it.recalls()).containsExactly("INTERCEPT S1");
            assertThat(it.intercept("S1").certainty()).isEqualTo(Certainty.CONFIRMED);
            assertThat(it.intercept("S1").goodsValueMinor()).isEqualTo(25800);
            assertThat(it.locks()).containsExactly("LOCK R1@* all");
            assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
            assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().certainty())
                    .isEqualTo(Certainty.CONFIRMED);
        });
    }

    @Test
    @DisplayName("20 asks a person when nobody told how much was ordered")
    void asksAPersonWhenNobodyToldHowMuchWasOrdered() {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1)).then(it -> {
            assertThat(it.count("INTERCEPT")).isZero();
            assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
            assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().certainty())
                    .isEqualTo(Certainty.SUSPECTED);
            assertThat(it.locks()).isEqualTo(it.came("R1@1", "S1@1") ? List.of("LOCK R1@* A×1") : List.of());
        });
    }

    @Test
    @DisplayName("20 calls back a suspected parcel where that is allowed")
    void callsBackASuspectedParcelWhereThatIsAllowed() {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1))
                .under(policy().recallSuspected())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").certainty()).isEqualTo(Certainty.SUSPECTED);
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
                });
    }

    @ParameterizedTest
    @DisplayName("20 does not pull a suspected parcel off the bench either")
    @EnumSource(names = {"UNKNOWN", "LABEL_CREATED"})
    void doesNotPullASuspectedParcelOffTheBenchEither(ParcelStage stage) {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1).stage(stage))
                .then(it -> {
                    assertThat(it.count("PULL_PARCEL") + it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("20 pulls a suspected parcel off the bench where its recall is allowed")
    void pullsASuspectedParcelOffTheBenchWhereItsRecallIsAllowed() {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN))
                .under(policy().recallSuspected())
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1", "PULL_PARCEL S1 A×1"));
    }

    @Test
    @DisplayName("21 suspects a parcel with another line as mixed")
    void suspectsAParcelWithAnotherLineAsMixed() {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1).line("B", 1))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.alert("MIXED_PARCEL S1").details().certainty())
                            .isEqualTo(Certainty.SUSPECTED);
                });
    }

    @Test
    @DisplayName("22 calls back the parcel a refund is bound to, without a lock")
    void callsBackTheParcelARefundIsBoundTo() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(10),
                        refund("R1").line("A", 1).ordered(10).of("S1"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.count("LOCK")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.intercept("S1").certainty()).isEqualTo(Certainty.CONFIRMED);
                });
    }

    @Test
    @DisplayName("23 leaves alone what shipped twice without a refund")
    void leavesAloneWhatShippedTwiceWithoutARefund() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").line("A", 1).ordered(1))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    @DisplayName("24 calls back one parcel for one refunded unit, whatever shipped too many")
    void callsBackOneParcelForOneRefundedUnit() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2),
                        parcel("S3").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).hasSize(1);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.firing()).hasSize(1);
                });
    }

    @Test
    @DisplayName("24 calls back every parcel when all that was ordered is refunded")
    void callsBackEveryParcelWhenAllThatWasOrderedIsRefunded() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").line("A", 1).ordered(1),
                        refund("R1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1", "INTERCEPT S2"));
    }

    @Test
    @DisplayName("25 only locks while nothing shipped")
    void onlyLocksWhileNothingShipped() {
        inEveryOrder(refund("R1").line("A", 1).ordered(1), refund("R2").wholeOrder())
                .then(it -> assertThat(it.sent).containsExactlyInAnyOrder("LOCK R1@* A×1", "LOCK R2@* all"));
    }

    @ParameterizedTest
    @DisplayName("26 lets a parcel that comes back anyway cover the excess")
    @EnumSource(names = {"RETURNING", "REFUSED"})
    void letsAParcelThatComesBackAnywayCoverTheExcess(ParcelStage stage) {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(stage),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    @DisplayName("27 calls back no second parcel when the first is scanned further")
    void callsBackNoSecondParcelWhenTheFirstIsScannedFurther() {
        Scenario named = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                parcel("S2").line("A", 1).ordered(2).stage(PICKED_UP),
                refund("R1").line("A", 1).ordered(2),
                parcel("S2")
                        .version(2)
                        .line("A", 1)
                        .ordered(2)
                        .stage(OUT_FOR_DELIVERY)
                        .createdAt("11:00"));
        assertThat(named.recalls()).containsExactly("INTERCEPT S2");
        assertThat(named.count("INTERCEPT")).isEqualTo(1);
        assertThat(named.count("CANCEL")).isZero();

        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                        parcel("S2").line("A", 1).ordered(2).stage(PICKED_UP),
                        refund("R1").line("A", 1).ordered(2),
                        parcel("S2")
                                .version(2)
                                .line("A", 1)
                                .ordered(2)
                                .stage(OUT_FOR_DELIVERY)
                                .createdAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).hasSize(1);
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.firing()).hasSize(1);
                });
    }

    @Test
    @DisplayName("27 calls back no second parcel in the place of one that was delivered all the same")
    void callsBackNoSecondParcelInThePlaceOfOneThatWasDelivered() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                parcel("S2").line("A", 1).ordered(2).stage(PICKED_UP),
                refund("R1").line("A", 1).ordered(2),
                parcel("S2").version(2).line("A", 1).ordered(2).stage(DELIVERED).createdAt("11:00"));
        assertThat(order.count("INTERCEPT")).isEqualTo(1);
        assertThat(order.firing()).containsExactly("DELIVERED_AFTER_REFUND S2 HIGH REQUEST_RETURN");
    }

    @Test
    @DisplayName("28 locks anew for a refund's newer version")
    void locksAnewForARefundsNewerVersion() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3),
                        refund("R1").version(2).line("A", 2).ordered(3))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×2");
                    assertThat(it.command("LOCK R1@*").generation()).isEqualTo(2);
                    assertThat(it.count("RELEASE")).isZero();
                    assertThat(it.count("LOCK")).isEqualTo(it.came("R1@1", "R1@2") ? 2 : 1);
                });
    }

    @Test
    @DisplayName("29 calls back a parcel of unknown contents of an order refunded whole")
    void callsBackAParcelOfUnknownContentsOfAnOrderRefundedWhole() {
        inEveryOrder(refund("R1").wholeOrder(), parcel("S1")).then(it -> {
            assertThat(it.recalls()).containsExactly("INTERCEPT S1");
            assertThat(it.intercept("S1").certainty()).isEqualTo(Certainty.CONFIRMED);
            assertThat(it.intercept("S1").goodsValueMinor()).isNull();
            assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
            if (it.came("R1@1", "S1@1")) {
                assertThat(it.locks()).containsExactly("LOCK R1@* all");
            }
        });
    }

    @Test
    @DisplayName("29 takes a cancellation without lines as of the whole order")
    void takesACancellationWithoutLinesAsOfTheWholeOrder() {
        inEveryOrder(refund("R1"), parcel("S1").line("A", 2)).then(it -> {
            assertThat(it.recalls()).containsExactly("INTERCEPT S1");
            assertThat(it.locks()).containsExactly("LOCK R1@* all");
        });
    }

    @Test
    @DisplayName("29 suspects that a parcel of unknown contents holds a refunded unit")
    void takesAParcelOfUnknownContentsAsMixed() {
        inEveryOrder(refund("R1").line("A", 1).ordered(2), parcel("S1").stage(LABEL_CREATED))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
    }

    @Test
    @DisplayName("30 calls back the parcel a refund is bound to, and all of the order refunded whole")
    void callsBackBothBoundAndWhole() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").purpose(RESHIP).line("A", 1).ordered(1),
                        refund("R1").line("A", 1).ordered(1).of("S2"),
                        refund("R2").wholeOrder())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1", "INTERCEPT S2");
                    assertThat(it.count("INTERCEPT")).isEqualTo(2);
                    assertThat(it.firing())
                            .containsExactly(
                                    "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT", "REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().refundIds())
                            .containsExactly("R2");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S2").details().refundIds())
                            .containsExactly("R1", "R2");
                });
    }

    @Test
    void countsUnitsBoundToAnUnseenParcelNowhere() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).of("S9"),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    void callsBackAParcelBoundToOnceItIsSeen() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).of("S9"),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S9").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S9");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.count("LOCK")).isZero();
                });
    }

    @Test
    void reckonsUnitsBoundBeyondWhatTheParcelHoldsAsNotBound() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(3).of("S1"),
                        parcel("S1").line("A", 1).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(3).of("S1"),
                        parcel("S1").line("A", 1).ordered(3),
                        parcel("S2").line("A", 2).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing())
                            .containsExactly("MIXED_PARCEL S2 HIGH REVIEW", "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("A lost parcel of unknown purpose and contents is suspected, as it would be were it not lost")
    void suspectsALostParcelOfUnknownPurposeAndContents() {
        inEveryOrder(
                        refund("R1").wholeOrder(),
                        parcel("S1").purpose(ShipmentCreated.Purpose.UNKNOWN).stage(ParcelStage.LOST))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
                    assertThat(it.alert("CLAIM_COURIER S1").details().certainty())
                            .isEqualTo(Certainty.SUSPECTED);
                });
    }

    @Test
    @DisplayName("A parcel without lines that was delivered before every refund is not in excess, bound lines or not")
    void isSilentAboutAParcelWithoutLinesDeliveredBeforeTheRefundThatNamesIt() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).of("S1").approvedAt("14:00"),
                        parcel("S1"),
                        scan("S1", ParcelStage.DELIVERED).at("12:00"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.isCaseOpen()).isFalse();
                });
    }

    @Test
    void claimsALostParcelARefundIsBoundTo() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(5).of("S1"),
                        parcel("S1").line("A", 1).ordered(5).stage(ParcelStage.LOST))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
                    assertThat(it.count("LOCK")).isZero();
                });
    }

    @ParameterizedTest
    @DisplayName("Units bound to a parcel that came back leave what was ordered and refunded")
    @EnumSource(names = {"RETURNED"})
    void forgetsUnitsBoundToAParcelThatCameBack(ParcelStage stage) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2).of("S1"),
                        parcel("S1").line("A", 1).ordered(2).stage(stage),
                        parcel("S2").line("A", 1).ordered(2))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    void claimsALostParcelThatWouldBeInExcess() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.LOST))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
    }

    @Test
    void leavesALostParcelAloneThatWouldNotBeInExcess() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        parcel("S1").line("A", 1).ordered(2).stage(ParcelStage.LOST))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    void takesTheGreatestNumberAnyoneToldAsOrdered() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2").line("A", 1).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
    }

    @Test
    void addsUpTheEntriesOfOneLine() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3).line("A", 2),
                        parcel("S1").line("A", 2).line("A", 1).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").goodsValueMinor()).isEqualTo(3 * 12900);
                });
    }

    @Test
    void countsWhatDidNotReachTheBuyerAsNotShipped() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(RETURNED))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void recallsAnotherParcelThanTheOneTheBuyerKeeps() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(DELIVERED).createdAt("10:40"),
                        parcel("S2").line("A", 1).ordered(2).stage(IN_TRANSIT),
                        refund("R1").kind(REFUND_ONLY).line("A", 2).ordered(2).approvedAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 MEDIUM INTERCEPT");
                });
    }

    @Test
    void leavesAloneWhatShippedWhenTheBuyerKeepsTheRefundedUnits() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(DELIVERED).createdAt("10:40"),
                        parcel("S2").line("A", 1).ordered(2).stage(IN_TRANSIT),
                        refund("R1").kind(REFUND_ONLY).line("A", 1).ordered(2).approvedAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void recallsTheParcelARefundIsBoundToThoughAnotherWasDelivered() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(DELIVERED).createdAt("10:40"),
                        parcel("S2").line("A", 1).ordered(2).stage(IN_TRANSIT),
                        refund("R1")
                                .kind(REFUND_ONLY)
                                .line("A", 1)
                                .ordered(2)
                                .of("S2")
                                .approvedAt("11:00"))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S2"));
    }

    @Test
    void holdsTheExcessInAParcelThatIsReturningBeforeOthers() {
        inEveryOrder(
                        parcel("S1").line("A", 2).ordered(3).stage(RETURNING),
                        parcel("S2").line("A", 1).ordered(3),
                        refund("R1").line("A", 3).ordered(3))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                });
    }

    @Test
    void claimsALostParcelBesideTheOneThatReplacedIt() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.LOST),
                        parcel("S2").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.firing())
                            .containsExactly("CLAIM_COURIER S1 HIGH CLAIM", "REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                });
    }

    @Test
    void leavesTheExcessInTheMixedParcelThatHoldsTheMostOfIt() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2).line("B", 1).ordered(1),
                        parcel("S1")
                                .line("A", 1)
                                .ordered(2)
                                .line("B", 1)
                                .ordered(1)
                                .line("C", 1)
                                .ordered(2),
                        parcel("S2").line("A", 1).ordered(2).line("C", 1).ordered(2))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.alert("MIXED_PARCEL S1").details().lines())
                            .containsExactlyInAnyOrder(
                                    new Effect.LineUnits("A", "SKU-A", 1), new Effect.LineUnits("B", "SKU-B", 1));
                });
    }

    @Test
    void takesWholeParcelsOneByOneWhileTheyFit() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 2).ordered(5),
                parcel("S2").line("A", 2).ordered(5),
                parcel("S3").line("A", 1).ordered(5),
                refund("R1").line("A", 3).ordered(5));
        assertThat(order.recalls()).containsExactly("INTERCEPT S2", "INTERCEPT S3");
        assertThat(order.firing())
                .containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT", "REFUNDED_BUT_SHIPPED S3 HIGH INTERCEPT");
    }

    @Test
    void takesARefusedParcelFirstForARefundThatFollowedTheRefusal() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2).stage(ParcelStage.REFUSED),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1")
                                .cause(RefundApproved.Cause.DELIVERY_REFUSED)
                                .line("A", 1)
                                .ordered(2)
                                .approvedAt("11:30"),
                        refund("R2").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                });
    }

    @Test
    void leavesAParcelOfUnknownContentsThatWasDeliveredBeforeEveryRefund() {
        inEveryOrder(parcel("S1").stage(DELIVERED), refund("R1").wholeOrder().approvedAt("11:30"))
                .then(it -> assertThat(it.firing()).isEmpty());
        inEveryOrder(
                        parcel("S1").stage(DELIVERED),
                        refund("R1").wholeOrder().approvedAt("11:30"),
                        refund("R2").line("A", 1).approvedAt("10:30"))
                .then(it -> assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN"));
    }

    @Test
    @DisplayName("26 takes back its choice when another parcel comes back anyway")
    void takesBackItsChoiceWhenAnotherParcelComesBackAnyway() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(2)
                                .stage(RETURNING)
                                .createdAt("11:00"),
                        parcel("S2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void callsBackTheNextParcelWhenTheFirstCameBack() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(RETURNED)
                                .createdAt("11:00"),
                        parcel("S2").line("A", 1).ordered(1).createdAt("11:30"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S2");
                    assertThat(it.count("INTERCEPT S2")).isEqualTo(1);
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                });
    }

    @Test
    void countsWhatCameBackAsTheRefundedUnitsWhenNobodyToldHowMuchWasOrdered() {
        inEveryOrder(
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1).stage(RETURNED),
                        parcel("S2").line("A", 1))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    @DisplayName("29 leaves a parcel of unknown contents alone when all refunded units are found elsewhere")
    void leavesAParcelOfUnknownContentsAloneWhenAllRefundedUnitsAreFoundElsewhere() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S2"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    void passesOverWhatAStaleVersionToldAsOrdered() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(5),
                        refund("R1").version(2).line("A", 1).ordered(1),
                        parcel("S1").line("A", 1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "MERCHANT", "PLATFORM_AUTO", "ARBITRATION"})
    void countsARefundOfAnyCauseThatBringsNoGoodsBack(RefundApproved.Cause cause) {
        inEveryOrder(
                        refund("R1").cause(cause).line("A", 1).ordered(1).approvedAt("11:00"),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
    }
}
