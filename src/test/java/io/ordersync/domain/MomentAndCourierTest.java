package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.IN_TRANSIT;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.OUT_FOR_DELIVERY;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCENARIOS.md, "Moment and courier". */
class MomentAndCourierTest {

    @Test
    @DisplayName("51 only pulls a parcel off the bench that has but a label")
    void onlyPullsAParcelOffTheBenchThatHasButALabel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
                    LockCommand pull = it.command("PULL_PARCEL S1");
                    assertThat(pull.generation()).isEqualTo(1);
                    assertThat(pull.refundId()).isEqualTo("R1");
                    assertThat(pull.trackingNumber()).isEqualTo("SF1234567890");
                    assertThat(pull.warehouseId()).isEqualTo("W1");
                    assertThat(pull.caseId()).isEqualTo(ContractId.of("DOUYIN:shop-1:X|CASE"));
                    assertThat(pull.answerBy()).isNull();
                });
    }

    @Test
    @DisplayName("51 calls a parcel back once the courier has it")
    void callsAParcelBackOnceTheCourierHasIt() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(PICKED_UP)
                                .createdAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.count("PULL_PARCEL")).isEqualTo(it.cameLast("S1@2") ? 1 : 0);
                    assertThat(it.count("RELEASE_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("51 takes a stale version's later stage as a scan")
    void takesAStaleVersionsLaterStageAsAScan() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").version(2).line("A", 1).ordered(1).stage(LABEL_CREATED),
                        parcel("S1").line("A", 1).ordered(1).stage(PICKED_UP).createdAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("51 passes over a stage that is older than the one known")
    void passesOverAStageThatIsOlderThanTheOneKnown() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1")
                                .line("A", 1)
                                .ordered(1)
                                .stage(OUT_FOR_DELIVERY)
                                .createdAt("11:00"),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(LABEL_CREATED)
                                .createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    if (it.cameLast("R1@1")) {
                        assertThat(it.intercept("S1").stage()).isEqualTo(OUT_FOR_DELIVERY);
                        assertThat(it.count("PULL_PARCEL")).isZero();
                    }
                });
    }

    @Test
    @DisplayName("51 lets no unknown stage replace a known one")
    void letsNoUnknownStageReplaceAKnownOne() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(ParcelStage.UNKNOWN)
                                .createdAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).contains("PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
                    if (!it.cameLast("S1@1")) {
                        assertThat(it.count("INTERCEPT")).isZero();
                    }
                });
    }

    @Test
    @DisplayName("51 takes the later symbol of two stages of one moment")
    void takesTheLaterSymbolOfTwoStagesOfOneMoment() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(DELIVERED),
                        parcel("S1").version(2).line("A", 1).ordered(1).stage(PICKED_UP))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
                });
    }

    @Test
    @DisplayName("51 pulls anew, one generation higher, when other units are in excess")
    void pullsAnewWhenOtherUnitsAreInExcess() {
        Scenario named = inThisOrder(
                parcel("S1").line("A", 2).ordered(2).stage(LABEL_CREATED),
                refund("R2").line("A", 1).ordered(2),
                refund("R1").line("A", 1).ordered(2));
        assertThat(named.sent)
                .containsExactlyInAnyOrder(
                        "PULL_PARCEL S1 A×1",
                        "FIRING MIXED_PARCEL S1",
                        "PULL_PARCEL S1 A×2",
                        "RESOLVED MIXED_PARCEL S1",
                        "FIRING REFUNDED_BUT_SHIPPED S1");
        assertThat(named.command("PULL_PARCEL S1").generation()).isEqualTo(2);
        assertThat(named.command("PULL_PARCEL S1").refundId()).isEqualTo("R1");

        inEveryOrder(
                        parcel("S1").line("A", 2).ordered(2).stage(LABEL_CREATED),
                        refund("R2").line("A", 1).ordered(2),
                        refund("R1").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×2");
                    assertThat(it.count("RELEASE_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
                });
    }

    @Test
    @DisplayName("51 pulls fewer units off the bench when fewer are in excess")
    void pullsFewerUnitsOffTheBenchWhenFewerAreInExcess() {
        inEveryOrder(
                        parcel("S1").line("A", 2).ordered(2).stage(LABEL_CREATED),
                        refund("R1").line("A", 2).ordered(2),
                        refund("R1").version(2).line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.count("RELEASE_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("51 calls nothing back through the courier when a mixed parcel has but a label")
    void pullsTheUnitsInExcessOutOfAMixedParcel() {
        inEveryOrder(
                        parcel("S1").line("A", 1).line("B", 1).ordered(1).stage(LABEL_CREATED),
                        refund("R1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("53 pulls and calls back a parcel of which nobody knows where it is")
    void pullsAndCallsBackAParcelOfUnknownStage() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.UNKNOWN))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1", "PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("54 asks the buyer to send back what was delivered after the refund")
    void asksTheBuyerToSendBackWhatWasDelivered() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(DELIVERED)
                                .createdAt("12:00"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
                    assertThat(it.count("INTERCEPT")).isEqualTo(it.cameLast("S1@2") ? 1 : 0);
                    assertThat(it.count("CANCEL")).isZero();
                });
    }

    @Test
    @DisplayName("54b leaves the buyer what was delivered before a refund without return")
    void leavesTheBuyerWhatWasDeliveredBeforeARefundWithoutReturn() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).stage(DELIVERED).createdAt("12:00"),
                        refund("R1").kind(REFUND_ONLY).line("A", 1).ordered(1).approvedAt("14:00"))
                .now(at("15:00"))
                .then(it -> {
                    assertThat(it.count("INTERCEPT") + it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).isEmpty();
                    if (it.came("S1@1", "R1@1")) {
                        assertThat(it.sent).isEmpty();
                    }
                });
    }

    @Test
    @DisplayName("54b leaves the buyer a parcel of unknown contents that was delivered before the refund")
    void leavesTheBuyerAParcelOfUnknownContentsThatWasDelivered() {
        inEveryOrder(
                        parcel("S1").stage(DELIVERED),
                        refund("R1").kind(REFUND_ONLY).wholeOrder().approvedAt("11:30"))
                .then(it -> assertThat(it.firing()).isEmpty());
    }

    @Test
    @DisplayName("54b asks back what was delivered before a cancellation")
    void asksBackWhatWasDeliveredBeforeACancellation() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).stage(DELIVERED),
                        refund("R1").line("A", 1).ordered(1).approvedAt("11:30"))
                .then(it -> assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN"));
    }

    @ParameterizedTest
    @DisplayName("54c asks a person about a parcel not heard of for long")
    @EnumSource(names = {"UNKNOWN", "PICKED_UP", "LABEL_CREATED"})
    void asksAPersonAboutAParcelNotHeardOfForLong(ParcelStage stage) {
        inEveryOrder(
                        parcel("S1")
                                .line("A", 1)
                                .ordered(1)
                                .stage(stage)
                                .createdAt(Scenario.NOON.minus(Duration.ofDays(30))),
                        refund("R1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.count("INTERCEPT") + it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 LOW REVIEW");
                });
    }

    @ParameterizedTest
    @DisplayName("54c calls back what was heard of within ten days")
    @CsvSource({"-1, 1", "1, 0"})
    void callsBackWhatWasHeardOfWithinTenDays(long millisBeyond, long intercepts) {
        inEveryOrder(
                        parcel("S1")
                                .line("A", 1)
                                .ordered(1)
                                .createdAt(
                                        Scenario.NOON.minus(Duration.ofDays(10)).minusMillis(millisBeyond)),
                        refund("R1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.count("INTERCEPT")).isEqualTo(intercepts));
    }

    @Test
    @DisplayName("54c counts from the latest scan")
    void countsFromTheLatestScan() {
        Scenario order = inThisOrder(
                parcel("S1")
                        .version(2)
                        .line("A", 1)
                        .ordered(1)
                        .stage(PICKED_UP)
                        .createdAt(Scenario.NOON.minus(Duration.ofDays(30))),
                parcel("S1")
                        .line("A", 1)
                        .ordered(1)
                        .stage(IN_TRANSIT)
                        .createdAt(Scenario.NOON.minus(Duration.ofDays(9))),
                refund("R1").line("A", 1).ordered(1));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
    }

    @Test
    @DisplayName("54c counts to the moment the parcel was found in excess")
    void countsToTheMomentTheParcelWasFoundInExcess() {
        Scenario order = new Scenario(policy());
        order.tell(parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED), Scenario.NOON);
        order.tell(refund("R1").line("A", 1).ordered(1), Scenario.NOON);
        order.tell(refund("R2").line("B", 1).ordered(1), Scenario.NOON.plus(Duration.ofDays(20)));
        assertThat(order.recalls()).containsExactly("PULL_PARCEL S1 A×1");
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
    }

    @ParameterizedTest
    @DisplayName("55 follows a parcel that comes back anyway in silence")
    @EnumSource(names = {"RETURNING", "REFUSED"})
    void followsAParcelThatComesBackAnywayInSilence(ParcelStage stage) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(stage))
                .then(it -> {
                    assertThat(it.count("INTERCEPT") + it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    @DisplayName("56 tells of a courier that can't call back")
    void tellsOfACourierThatCantCallBack() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .under(policy().courierWithoutIntercept("SF"))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("56 tells of a parcel without a courier")
    void tellsOfAParcelWithoutACourier() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).courier(null))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("56 pulls a parcel off the bench whatever its courier can do")
    void pullsAParcelOffTheBenchWhateverItsCourierCanDo() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED))
                .under(policy().courierWithoutIntercept("SF"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("57 suggests to write off what is worth less than the call back")
    void suggestsToWriteOffWhatIsWorthLessThanTheCallBack() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).price(800L),
                        parcel("S1").line("A", 1).ordered(1).price(800L))
                .under(policy().interceptFee("CNY", 1000))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("WRITE_OFF_SUGGESTED S1 HIGH WRITE_OFF");
                    assertThat(it.alert("WRITE_OFF_SUGGESTED S1").details().exposureMinor())
                            .isEqualTo(800);
                });
    }

    @ParameterizedTest
    @DisplayName("57 calls back what may be worth the fee")
    @CsvSource({"999, CNY, false", "1000, CNY, true", "1001, CNY, true", ", CNY, true", "800, USD, true"})
    void callsBackWhatMayBeWorthTheFee(@Nullable Long price, String currency, boolean calledBack) {
        inEveryOrder(
                        refund("R1").currency(currency).line("A", 1).ordered(1).price(price),
                        parcel("S1").line("A", 1).ordered(1).price(price))
                .under(policy().interceptFee("CNY", 1000))
                .then(it -> {
                    assertThat(it.recalls().contains("INTERCEPT S1")).isEqualTo(calledBack);
                    assertThat(it.firing())
                            .containsExactly(
                                    calledBack
                                            ? "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT"
                                            : "WRITE_OFF_SUGGESTED S1 HIGH WRITE_OFF");
                });
    }

    @Test
    @DisplayName("57 calls back goods refunded in several currencies")
    void callsBackGoodsRefundedInSeveralCurrencies() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).price(100L),
                        refund("R2").currency("USD").line("B", 1).ordered(1).price(100L),
                        parcel("S1").line("A", 1).ordered(1).line("B", 1).ordered(1))
                .under(policy().interceptFee("CNY", 1000).interceptFee("USD", 1000))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("57 reckons with the refund's price before the parcel's")
    void reckonsWithTheRefundsPriceBeforeTheParcels() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).price(800L),
                        parcel("S1").line("A", 1).ordered(1).price(5000L))
                .then(it -> assertThat(it.intercept("S1").goodsValueMinor()).isEqualTo(800));
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).price(null),
                        parcel("S1").line("A", 1).ordered(1).price(5000L))
                .then(it -> assertThat(it.intercept("S1").goodsValueMinor()).isEqualTo(5000));
    }

    @ParameterizedTest
    @DisplayName("57 limits the fee as configured for the currency")
    @CsvSource({"CNY, 1500", "EUR,"})
    void limitsTheFeeAsConfiguredForTheCurrency(String currency, @Nullable Long limit) {
        inEveryOrder(
                        refund("R1").currency(currency).line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .under(policy().maxInterceptFee("CNY", 1500).maxInterceptFee("USD", 300))
                .then(it -> {
                    assertThat(it.intercept("S1").maxFeeMinor()).isEqualTo(limit);
                    assertThat(it.intercept("S1").currency()).isEqualTo(currency);
                });
    }

    @Test
    @DisplayName("58 locks only in the warehouse of the refunded line")
    void locksOnlyInTheWarehouseOfTheRefundedLine() {
        inEveryOrder(refund("R1").line("A", 1).ordered(1).warehouse("W1"))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@W1 A×1"));
    }

    @Test
    @DisplayName("59 names the other order in a merged parcel")
    void namesTheOtherOrderInAMergedParcel() {
        inEveryOrder(
                        refund("R1").wholeOrder(),
                        parcel("S1").line("A", 1).ordered(1).mergedWith("Y"))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.alert("MIXED_PARCEL S1").details().collateral())
                            .containsExactly(new Effect.Collateral("Y", "*", "*", 0));
                });
    }

    @Test
    @DisplayName("60 calls back once the tracking number is known")
    void callsBackOnceTheTrackingNumberIsKnown() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).untracked(),
                        parcel("S1").version(2).line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.count("INTERCEPT S1")).isEqualTo(1);
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
        Scenario named = inThisOrder(
                refund("R1").line("A", 1).ordered(1),
                parcel("S1").line("A", 1).untracked(),
                parcel("S1").version(2).line("A", 1));
        assertThat(named.sent)
                .containsSubsequence("FIRING INTERCEPT_UNSUPPORTED S1", "INTERCEPT S1")
                .contains("RESOLVED INTERCEPT_UNSUPPORTED S1", "FIRING REFUNDED_BUT_SHIPPED S1");
    }

    @ParameterizedTest
    @DisplayName("A mixed parcel is called back only if the rows below allow it too")
    @ValueSource(strings = {"suspected", "untracked", "courier", "fee"})
    void callsBackAMixedParcelOnlyIfTheRowsBelowAllowItToo(String obstacle) {
        GivenPolicy policy = policy().recallMixed();
        Given.Refund refund = refund("R1").line("A", 1);
        Given.Shipment parcel = parcel("S1").line("B", 1).line("A", 1);
        switch (obstacle) {
            case "untracked" -> parcel.ordered(1).untracked();
            case "courier" -> {
                parcel.ordered(1);
                policy.courierWithoutIntercept("SF");
            }
            case "fee" -> {
                parcel.ordered(1);
                policy.interceptFee("CNY", 12901);
            }
            default -> assertThat(obstacle).isEqualTo("suspected");
        }
        inEveryOrder(refund, parcel).under(policy).then(it -> {
            assertThat(it.count("INTERCEPT")).isZero();
            assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
        });
    }

    @Test
    void callsBackAMixedAndSuspectedParcelWhereBothIsAllowed() {
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1).mergedWith("Y"))
                .under(policy().recallMixed().recallSuspected())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").certainty()).isEqualTo(Effect.Certainty.SUSPECTED);
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    void waitsForTheCourierToHaveAMixedParcelThatHasButALabel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).line("B", 1).stage(LABEL_CREATED))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.count("INTERCEPT")).isZero();
                });
    }

    @Test
    void callsBackNoSuspectedParcelWhenMoreShippedThanWasRefunded() {
        inEveryOrder(
                        parcel("S1").line("A", 1),
                        parcel("S2").line("A", 1),
                        refund("R1").line("A", 1))
                .under(policy().recallSuspected())
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isEqualTo(it.cameLast("R1@1") ? 0 : 1);
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).hasSize(1);
                });
    }

    @Test
    void callsBackNothingForARefundOfAnUnknownKind() {
        inEveryOrder(
                        refund("R1")
                                .kind(RefundApproved.Kind.UNKNOWN)
                                .line("A", 1)
                                .ordered(1),
                        parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN))
                .under(policy().recallSuspected().recallMixed())
                .then(it -> {
                    assertThat(it.count("INTERCEPT") + it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
                });
    }

    @Test
    void callsBackNoParcelOfAnUnknownPurpose() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1")
                                .purpose(ShipmentCreated.Purpose.UNKNOWN)
                                .line("A", 1)
                                .ordered(1))
                .under(policy().recallSuspected())
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
                });
    }

    @Test
    void callsBackNoSuspectedParcelWhileARefundOfItsLineIsOfUnknownKind() {
        inEveryOrder(
                        refund("R1").line("A", 1),
                        refund("R2").kind(RefundApproved.Kind.UNKNOWN).line("A", 1),
                        parcel("S1").line("A", 1))
                .under(policy().recallSuspected())
                .then(it -> {
                    if (!it.cameLast("R2@1")) {
                        assertThat(it.count("INTERCEPT")).isZero();
                    }
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH REVIEW");
                });
    }

    @Test
    void callsBackNoSuspectedParcelWhileAParcelOfItsLineIsOfUnknownPurpose() {
        inEveryOrder(
                        refund("R1").line("A", 2),
                        parcel("S2").purpose(ShipmentCreated.Purpose.UNKNOWN).line("A", 1),
                        parcel("S1").line("A", 1))
                .under(policy().recallSuspected())
                .then(it -> {
                    if (!it.cameLast("S2@1")) {
                        assertThat(it.count("INTERCEPT")).isZero();
                    }
                    assertThat(it.count("INTERCEPT S2")).isZero();
                    assertThat(it.firing())
                            .containsExactly(
                                    "REFUNDED_BUT_SHIPPED S1 HIGH REVIEW", "REFUNDED_BUT_SHIPPED S2 HIGH REVIEW");
                });
    }

    @Test
    void callsBackWhatIsInExcessAlsoWithoutTheRefundOfUnknownKind() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        refund("R2")
                                .kind(RefundApproved.Kind.UNKNOWN)
                                .line("A", 1)
                                .ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
    }

    @Test
    @DisplayName("59 sees no race in the order that is merged into another's parcel")
    void seesNoRaceInTheOrderThatIsMergedIntoAnothersParcel() {
        inEveryOrder(parcel("S1").line("A", 1).ordered(1).mergedWith("Y"))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    void pullsAMixedAndSuspectedParcelOnlyWhereBothIsAllowed() {
        Given.Refund refund = refund("R1").line("A", 1);
        Given.Shipment parcel = parcel("S1").line("A", 1).mergedWith("Y").stage(LABEL_CREATED);
        inEveryOrder(refund, parcel)
                .under(policy().recallSuspected())
                .then(it -> assertThat(it.count("PULL_PARCEL")).isZero());
        inEveryOrder(refund, parcel)
                .under(policy().recallMixed())
                .then(it -> assertThat(it.count("PULL_PARCEL")).isZero());
        inEveryOrder(refund, parcel)
                .under(policy().recallSuspected().recallMixed())
                .then(it -> assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1"));
    }

    @Test
    void takesNoSuspectedParcelWithALineOfWhichMoreShippedThanWasRefunded() {
        inEveryOrder(
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1).line("B", 1).stage(ParcelStage.UNKNOWN))
                .under(policy().recallSuspected().recallMixed())
                .then(it -> {
                    assertThat(it.count("PULL_PARCEL") + it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    @DisplayName("54c calls back nothing not heard of for ten days to the millisecond")
    void callsBackNothingNotHeardOfForTenDaysToTheMillisecond() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).createdAt(Scenario.NOON.minus(Duration.ofDays(10))),
                        refund("R1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 LOW REVIEW");
                });
    }
}
