package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.InterceptResult.Status.FAILED;
import static io.ordersync.domain.InterceptResult.Status.SUCCEEDED;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.LOST;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an order's case says, and when. That each version follows the one before is checked wherever one is sent. */
class CasesTest {

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    private static Given.Refund wholeRefund() {
        return refund("R1").line("A", 2).ordered(2);
    }

    private static Given.Shipment one(String shipmentId) {
        return parcel(shipmentId).line("A", 1).ordered(2);
    }

    @Test
    void saysWhatItIsAbout() {
        inEveryOrder(theRefund().category("shoes"), theParcel().operator("op-7"))
                .then(it -> {
                    OrderCase orderCase = it.theCase();
                    assertThat(orderCase.state()).isEqualTo(OrderCase.State.INTERCEPTING);
                    assertThat(orderCase.outcome()).isNull();
                    assertThat(orderCase.race())
                            .isEqualTo(it.alert("REFUNDED_BUT_SHIPPED S1")
                                    .details()
                                    .race());
                    assertThat(orderCase.exposureMinor()).isEqualTo(12_900);
                    assertThat(orderCase.currency()).isEqualTo("CNY");
                    assertThat(orderCase.refundIds()).containsExactly("R1");
                    assertThat(orderCase.shipmentIds()).containsExactly("S1");
                    assertThat(orderCase.trackingNumbers()).containsExactly("SF1234567890");
                    assertThat(orderCase.warehouseId()).isEqualTo("W1");
                    assertThat(orderCase.operatorId()).isEqualTo("op-7");
                    assertThat(orderCase.courier()).isEqualTo("SF");
                    assertThat(orderCase.categories()).containsExactly("shoes");
                    assertThat(orderCase.openedAt()).isEqualTo(at("10:40"));
                    assertThat(orderCase.updatedAt()).isEqualTo(Scenario.NOON);
                    assertThat(orderCase.closedAt()).isNull();
                    assertThat(orderCase.version()).isEqualTo(1);
                });
    }

    @Test
    void opensForNoParcelThatIsDigital() {
        inEveryOrder(theRefund(), theParcel().digital())
                .then(it -> assertThat(it.caseIs()).isEqualTo("NONE"));
        inEveryOrder(wholeRefund(), one("S1").digital(), one("S2"))
                .then(it -> assertThat(it.theCase().shipmentIds()).containsExactly("S2"));
    }

    @Test
    void opensForNoReshipAndForNoLock() {
        inEveryOrder(theRefund(), theParcel().purpose(ShipmentCreated.Purpose.RESHIP))
                .then(it -> {
                    assertThat(it.firing()).hasSize(1);
                    assertThat(it.caseIs()).isEqualTo("NONE");
                });
        inEveryOrder(theRefund(), warehouse("LOCK|R1@*|1", WarehouseLockResult.Status.REFUSED))
                .then(it -> assertThat(it.caseIs()).isEqualTo("NONE"));
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERED, MANUAL",
        "LOST, MANUAL",
        "DAMAGED, MANUAL",
        "RETURNING, RETURNING",
        "REFUSED, RETURNING",
        "LABEL_CREATED, PULLING",
        "UNKNOWN, INTERCEPTING",
        "PICKED_UP, INTERCEPTING",
        "OUT_FOR_DELIVERY, INTERCEPTING"
    })
    void isAsItsParcelIs(ParcelStage stage, String state) {
        inEveryOrder(theRefund(), theParcel().stage(stage))
                .then(it -> assertThat(it.caseIs()).isEqualTo(state));
    }

    @Test
    void isManualWhereNothingIsSentAndAPersonIsAsked() {
        inEveryOrder(theRefund(), theParcel().mergedWith("Y"))
                .then(it -> assertThat(it.caseIs()).isEqualTo("MANUAL"));
        inEveryOrder(theRefund(), theParcel().untracked())
                .then(it -> assertThat(it.caseIs()).isEqualTo("MANUAL"));
        inEveryOrder(theRefund(), theParcel().createdAt(Scenario.NOON.minus(Duration.ofDays(30))))
                .then(it -> assertThat(it.caseIs()).isEqualTo("MANUAL"));
        inEveryOrder(theRefund().price(800L), theParcel().price(800L))
                .under(policy().interceptFee("CNY", 1000))
                .then(it -> assertThat(it.caseIs()).isEqualTo("MANUAL"));
        inEveryOrder(refund("R1").line("A", 1), parcel("S1").line("A", 1))
                .then(it -> assertThat(it.caseIs()).isEqualTo("MANUAL"));
    }

    @Test
    @DisplayName("An open INTERCEPT of a mixed parcel may still answer: it is not yet for a person")
    void isInterceptingWhileTheInterceptOfAMixedParcelIsOpen() {
        Scenario order =
                inThisOrder(policy().recallMixed(), theRefund(), theParcel().mergedWith("Y"));
        assertThat(order.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(courier("INTERCEPT|S1|1", FAILED));
        assertThat(order.caseIs()).isEqualTo("MANUAL");
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERED, IN_TRANSIT, MANUAL",
        "DELIVERED, RETURNING, MANUAL",
        "IN_TRANSIT, LABEL_CREATED, INTERCEPTING",
        "IN_TRANSIT, RETURNING, INTERCEPTING",
        "LABEL_CREATED, RETURNING, PULLING",
        "REFUSED, RETURNING, RETURNING"
    })
    void isAsTheFirstStateThatIsTrueOfAParcel(ParcelStage first, ParcelStage second, String state) {
        inEveryOrder(wholeRefund(), one("S1").stage(first), one("S2").stage(second))
                .then(it -> {
                    assertThat(it.caseIs()).isEqualTo(state);
                    assertThat(it.theCase().shipmentIds()).containsExactly("S1", "S2");
                    assertThat(it.theCase().exposureMinor()).isEqualTo(25_800);
                });
    }

    @Test
    void hasTheOutcomeOfTheLastParcelToLeave() {
        Scenario returned = inThisOrder(wholeRefund(), one("S1"), one("S2"), voided("S2"), scan("S1", RETURNED));
        assertThat(returned.caseStates).containsExactly("INTERCEPTING", "CLOSED RETURNED");
        Scenario isVoid = inThisOrder(wholeRefund(), one("S1"), one("S2"), scan("S1", RETURNED), voided("S2"));
        assertThat(isVoid.caseStates).containsExactly("INTERCEPTING", "CLOSED VOIDED");
    }

    @Test
    void isAFalseAlarmWhenAnythingElseTookTheParcelOut() {
        Scenario amended =
                inThisOrder(theRefund(), theParcel(), theRefund().version(2).kind(RefundApproved.Kind.EXCHANGE));
        assertThat(amended.caseIs()).isEqualTo("CLOSED FALSE_ALARM");
        Scenario corrected = inThisOrder(
                theRefund(), theParcel(), parcel("S1").version(2).line("B", 1).ordered(1));
        assertThat(corrected.caseIs()).isEqualTo("CLOSED FALSE_ALARM");
    }

    @Test
    void staysOpenWhenOneOfTwoRefundsIsClosed() {
        inEveryOrder(theRefund(), refund("R2").line("A", 1).ordered(1), theParcel(), closed("R1"))
                .then(it -> {
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                    assertThat(it.theCase().refundIds()).containsExactly("R2");
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                });
    }

    @Test
    void opensAgainAndKeepsWhenItOpenedFirst() {
        Scenario order = inThisOrder(theRefund(), theParcel(), closed("R1"));
        long version = order.theCase().version();
        assertThat(order.theCase().closedAt()).isEqualTo(at("11:00"));
        order.tell(theRefund().version(2).approvedAt("11:20"));
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        assertThat(order.theCase().version()).isEqualTo(version + 1);
        assertThat(order.theCase().openedAt()).isEqualTo(at("10:40"));
        assertThat(order.theCase().outcome()).isNull();
        assertThat(order.theCase().closedAt()).isNull();
    }

    @Test
    void isClosedAtTheTimeOfWhatClosedItAndUpdatedByTheWallClock() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.clock(at("13:00")).tell(scan("S1", RETURNED).at("12:40"));
        assertThat(order.theCase().closedAt()).isEqualTo(at("12:40"));
        assertThat(order.theCase().updatedAt()).isEqualTo(at("13:00"));
        assertThat(order.theCase().openedAt()).isEqualTo(at("10:40"));
    }

    @Test
    void hasTheRaceOfItsGravestParcel() {
        inEveryOrder(
                        wholeRefund(),
                        one("S1").createdAt("09:00"),
                        one("S2").createdAt("10:40").courier("YTO").warehouse("W2"))
                .then(it -> {
                    RaceTiming race = it.theCase().race();
                    assertThat(race).isNotNull();
                    assertThat(race.type()).isEqualTo(RaceTiming.Type.REFUND_FIRST);
                    assertThat(race.gapMillis()).isEqualTo(40 * 60_000);
                });
        inEveryOrder(wholeRefund(), one("S1").createdAt("09:00"), one("S2").createdAt("10:01"))
                .then(it -> {
                    RaceTiming race = it.theCase().race();
                    assertThat(race).isNotNull();
                    assertThat(race.type()).isEqualTo(RaceTiming.Type.AMBIGUOUS);
                    assertThat(race.gapMillis()).isEqualTo(60_000);
                });
        inEveryOrder(wholeRefund(), one("S1").createdAt("10:50"), one("S2").createdAt("10:40"))
                .then(it -> assertThat(it.theCase().race())
                        .isNotNull()
                        .extracting(RaceTiming::gapMillis)
                        .isEqualTo(50 * 60_000L));
    }

    @Test
    void knowsNoExposureWhenAPriceIsUnknown() {
        inEveryOrder(theRefund().price(null), theParcel().price(null))
                .then(it -> assertThat(it.theCase().exposureMinor()).isNull());
    }

    @Test
    void namesFactsAndCommandsAsEvidence() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel(),
                scan("S1", ParcelStage.OUT_FOR_DELIVERY),
                courier("INTERCEPT|S1|1", SUCCEEDED),
                closed("R1").at("12:02"));
        assertThat(order.theCase().evidence())
                .extracting(Effect.Evidence::kind, Effect.Evidence::id)
                .contains(
                        tuple(Effect.Evidence.Kind.REFUND, "R1@1"),
                        tuple(Effect.Evidence.Kind.SHIPMENT, "S1@1"),
                        tuple(Effect.Evidence.Kind.SCAN, "S1 OUT_FOR_DELIVERY"),
                        tuple(
                                Effect.Evidence.Kind.LOCK,
                                ContractId.of("DOUYIN:shop-1:X|LOCK|R1@*|1").toString()),
                        tuple(
                                Effect.Evidence.Kind.INTERCEPT,
                                ContractId.of("DOUYIN:shop-1:X|INTERCEPT|S1|1").toString()),
                        tuple(Effect.Evidence.Kind.INTERCEPT_ANSWER, "INTERCEPT|S1|1 SUCCEEDED"),
                        tuple(Effect.Evidence.Kind.REFUND_CLOSED, "closed R1@1"));
        assertThat(order.theCase().evidence())
                .filteredOn(it -> it.kind() == Effect.Evidence.Kind.SCAN)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.at()).isEqualTo(at("11:00"));
                    assertThat(it.source()).isEqualTo(new Fact.Source(0, 0));
                });
    }

    @Test
    void namesVoidsAndAnswersOfWarehousesAsEvidence() {
        Scenario order = inThisOrder(
                theRefund(),
                warehouse("LOCK|R1@*|1", WarehouseLockResult.Status.LOCKED),
                theParcel().stage(LABEL_CREATED),
                voided("S1"));
        assertThat(order.theCase().evidence())
                .extracting(Effect.Evidence::kind)
                .contains(Effect.Evidence.Kind.LOCK_ANSWER, Effect.Evidence.Kind.VOID);
    }

    @Test
    void keepsTheFirstFiftyFactsAndCommands() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        for (int i = 10; i < 60; i++) {
            order.tell(scan("S1", ParcelStage.IN_TRANSIT).at("11:00:" + i).event(" " + i));
        }
        var evidence = order.theCase().evidence();
        assertThat(evidence).hasSize(50);
        assertThat(evidence)
                .extracting(Effect.Evidence::id)
                .contains("R1@1", "S1@1", "S1 IN_TRANSIT 10")
                .doesNotContain("S1 IN_TRANSIT 59");
        long version = order.theCase().version();
        order.tell(scan("S1", ParcelStage.IN_TRANSIT).at("11:01").event(" 60"));
        assertThat(order.theCase().evidence()).isEqualTo(evidence);
        assertThat(order.theCase().version()).isEqualTo(version);
    }

    @Test
    void isNotToldAnewWhenNothingOfItChanged() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        long version = order.theCase().version();
        order.tell(theRefund());
        order.tell(theParcel(), at("12:05"));
        order.looksAtDeadlines(at("12:06"));
        assertThat(order.theCase().version()).isEqualTo(version);
    }

    @Test
    @DisplayName("A lost parcel that would be in excess is in the case, whichever came first")
    void holdsALostParcelWhicheverCameFirst() {
        inEveryOrder(theRefund(), theParcel(), scan("S1", LOST)).then(it -> {
            assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
            assertThat(it.caseIs()).isEqualTo("MANUAL");
            assertThat(it.count("CANCEL")).isZero();
        });
    }

    @Test
    void saysWhenABusinessTimeIsInTheFutureOnce() {
        Scenario order = inThisOrder(
                theParcel(),
                scan("S1", DELIVERED).at("12:05:00.001"),
                scan("S1", RETURNING).at("12:40"),
                theRefund(),
                closed("R1").at("13:00"));
        assertThat(order.count("FIRING CLOCK_SKEW S1")).isEqualTo(1);
        assertThat(order.count("RESOLVED CLOCK_SKEW S1")).isEqualTo(1);
        assertThat(order.count("FIRING CLOCK_SKEW R1")).isEqualTo(1);
        assertThat(order.count("RESOLVED CLOCK_SKEW R1")).isEqualTo(1);
    }

    @Test
    @DisplayName("54c hears of a parcel by its scans")
    void hearsOfAParcelByItsScans() {
        Scenario order = inThisOrder(
                theParcel().createdAt(Scenario.NOON.minus(Duration.ofDays(30))),
                scan("S1", ParcelStage.IN_TRANSIT).at(Scenario.NOON.minus(Duration.ofDays(9))),
                theRefund());
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        Scenario silent = inThisOrder(
                theParcel().createdAt(Scenario.NOON.minus(Duration.ofDays(30))),
                scan("S1", ParcelStage.IN_TRANSIT).at(Scenario.NOON.minus(Duration.ofDays(11))),
                theRefund());
        assertThat(silent.recalls()).isEmpty();
        assertThat(silent.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 LOW REVIEW");
    }

    @Test
    @DisplayName("A life: detected, called back, doubted, coming back, returned")
    void followsALifeOfAnOrder() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:30"));
        order.tell(courier("INTERCEPT|S1|1", InterceptResult.Status.UNKNOWN).at("12:31"));
        order.clock(at("12:41")).tell(scan("S1", ParcelStage.PICKED_UP).at("12:35"));
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        order.tell(courier("INTERCEPT|S1|1", SUCCEEDED).at("12:40"));
        order.tell(scan("S1", RETURNED).at("12:41"));
        assertThat(order.caseStates).containsExactly("PULLING", "INTERCEPTING", "RETURNING", "CLOSED RETURNED");
        assertThat(order.firing()).isEmpty();
        assertThat(order.due()).isNull();
    }
}
