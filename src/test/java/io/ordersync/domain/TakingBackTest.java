package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.LOST;
import static io.ordersync.domain.ParcelStage.OUT_FOR_DELIVERY;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "Taking back", as far as newer versions of refunds and parcels do it. */
class TakingBackTest {

    @Test
    @DisplayName("47 passes over a stale version")
    void passesOverAStaleVersion() {
        Scenario order = inThisOrder(refund("R1").version(3).line("A", 1).ordered(3));
        Decision stale = order.tell(refund("R1").version(2).line("A", 2).ordered(3), Scenario.NOON);
        assertThat(stale.outcome()).isEqualTo(Decision.Outcome.STALE);
        assertThat(stale.effects()).isEmpty();
        assertThat(order.sent).containsExactly("LOCK R1@* A×1");
        assertThat(order.command("LOCK R1@*").generation()).isEqualTo(3);
    }

    @Test
    @DisplayName("47 tells news from repetitions")
    void tellsNewsFromRepetitions() {
        Scenario order = new Scenario(policy());
        assertThat(order.tell(refund("R1").line("A", 1), Scenario.NOON).outcome())
                .isEqualTo(Decision.Outcome.NEWS);
        assertThat(order.tell(refund("R1").line("A", 1), Scenario.NOON).outcome())
                .isEqualTo(Decision.Outcome.REPEATED);
    }

    @Test
    @DisplayName("47 passes over a stale version of a parcel that was seen at no later stage")
    void passesOverAStaleVersionOfAParcel() {
        Scenario order = inThisOrder(parcel("S1").version(3).line("A", 1).createdAt("11:00"));
        Decision stale = order.tell(parcel("S1").version(2).line("A", 2), Scenario.NOON);
        assertThat(stale.outcome()).isEqualTo(Decision.Outcome.STALE);
        assertThat(stale.effects()).isEmpty();
    }

    @Test
    void releasesTheLocksOfARefundThatNoLongerCounts() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).warehouse("W1").line("B", 1).warehouse("W2"),
                refund("R2").line("A", 1),
                refund("R1").version(2).kind(PRICE_ADJUSTMENT));
        assertThat(order.sent)
                .containsExactlyInAnyOrder(
                        "LOCK R1@W1 A×1", "LOCK R1@W2 B×1", "LOCK R2@* A×1", "RELEASE R1@W1", "RELEASE R1@W2");
        assertThat(order.locks()).containsExactly("LOCK R2@* A×1");
    }

    @Test
    void leavesNothingStandingOfARefundThatBecameAnAdjustment() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        refund("R1")
                                .version(2)
                                .kind(PRICE_ADJUSTMENT)
                                .line("A", 1)
                                .ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.locks()).isEmpty();
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
                    assertThat(it.count("RELEASE")).isEqualTo(it.count("LOCK"));
                });
    }

    @Test
    void takesBackInterceptPullLockAndAlertOfARefundThatBecameAnAdjustment() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1),
                parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN),
                refund("R1").version(2).kind(PRICE_ADJUSTMENT));
        assertThat(order.sent)
                .containsExactlyInAnyOrder(
                        "LOCK R1@* A×1",
                        "PULL_PARCEL S1 A×1",
                        "INTERCEPT S1",
                        "FIRING REFUNDED_BUT_SHIPPED S1",
                        "RELEASE R1@*",
                        "RELEASE_PARCEL S1",
                        "CANCEL S1",
                        "RESOLVED REFUNDED_BUT_SHIPPED S1");
    }

    @Test
    void callsBackAnewOneGenerationHigherWhenTheRefundStandsAgain() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1),
                parcel("S1").line("A", 1).stage(ParcelStage.UNKNOWN),
                refund("R1").version(2).kind(PRICE_ADJUSTMENT),
                refund("R1").version(3).line("A", 1).ordered(1));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1", "PULL_PARCEL S1 A×1");
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
        assertThat(order.command("PULL_PARCEL S1").generation()).isEqualTo(2);
        assertThat(order.count("FIRING REFUNDED_BUT_SHIPPED S1")).isEqualTo(2);
    }

    @Test
    void cancelsWhenALoweredRefundLeavesAPaidUnitInTheParcel() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        refund("R1").version(2).line("A", 1).ordered(2),
                        parcel("S1").line("A", 2).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    void keepsTheInterceptOfAMixedParcelWhereThatIsAllowed() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        refund("R1").version(2).line("A", 1).ordered(2),
                        parcel("S1").line("A", 2).ordered(2))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    void cancelsTheInterceptOfAMixedParcelWhenNothingOfItIsInExcess() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        refund("R1").version(2).kind(PRICE_ADJUSTMENT).line("A", 1),
                        parcel("S1").line("A", 2).ordered(2))
                .under(policy().recallMixed())
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void callsBackMoreForARaisedRefund() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        refund("R1").version(2).line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1", "INTERCEPT S2");
                    assertThat(it.count("INTERCEPT")).isEqualTo(2);
                });
    }

    @Test
    void takesBackWhatIsLastWhenLessIsInExcess() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                parcel("S2").line("A", 1).ordered(2).stage(OUT_FOR_DELIVERY),
                refund("R1").version(2).line("A", 1).ordered(2));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        assertThat(order.count("CANCEL S2")).isEqualTo(1);
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");

        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2),
                        parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                        parcel("S2").line("A", 1).ordered(2).stage(OUT_FOR_DELIVERY),
                        refund("R1").version(2).line("A", 1).ordered(2))
                .then(it -> {
                    assertThat(it.recalls()).hasSize(1);
                    assertThat(it.firing()).hasSize(1);
                });
    }

    @Test
    void cancelsWhenAParcelDoesNotHoldTheLineAfterAll() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1").version(2).line("B", 1).ordered(1).createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
    }

    @Test
    void cancelsWhenAParcelsContentsAreNoLongerTold() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1").version(2).createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                });
    }

    @Test
    void releasesThePullOfAParcelThatDoesNotHoldTheLineAfterAll() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED),
                        parcel("S1")
                                .version(2)
                                .line("B", 1)
                                .ordered(1)
                                .stage(LABEL_CREATED)
                                .createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("RELEASE_PARCEL")).isEqualTo(it.count("PULL_PARCEL"));
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void cancelsWhenAParcelTurnsOutToBeSentAgain() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .purpose(ShipmentCreated.Purpose.RESHIP)
                                .line("A", 1)
                                .ordered(1)
                                .createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).containsExactly("RESHIP_AFTER_REFUND S1 LOW NONE");
                });
    }

    @Test
    void cancelsWhenAnotherOrderTurnsOutToBeInTheParcel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .mergedWith("Y")
                                .createdAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.alert("MIXED_PARCEL S1").details().collateral())
                            .containsExactly(new Effect.Collateral("Y", "*", "*", 0));
                });
    }

    @Test
    void callsBackAnewUnderANewTrackingNumber() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1).tracking("OLD-1"));
        InterceptCommand old = order.intercept("S1");
        Decision decision = order.tell(parcel("S1").version(2).line("A", 1).tracking("NEW-2"), Scenario.NOON);

        InterceptCommand cancel = decision.effects().stream()
                .filter(InterceptCommand.class::isInstance)
                .map(InterceptCommand.class::cast)
                .filter(command -> command.action() == InterceptCommand.Action.CANCEL)
                .findAny()
                .orElseThrow();
        assertThat(cancel.trackingNumber()).isEqualTo("OLD-1");
        assertThat(cancel.courier()).isEqualTo("SF");
        assertThat(cancel.targetId()).isEqualTo(old.id());
        assertThat(cancel.generation()).isEqualTo(1);
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
        assertThat(order.intercept("S1").trackingNumber()).isEqualTo("NEW-2");
        assertThat(order.sent.indexOf("CANCEL S1")).isLessThan(order.sent.lastIndexOf("INTERCEPT S1"));
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
    }

    @Test
    void callsBackUnderTheTrackingNumberThatStands() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).tracking("OLD-1"),
                        parcel("S1").version(2).line("A", 1).ordered(1).tracking("NEW-2"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").trackingNumber()).isEqualTo("NEW-2");
                });
    }

    @Test
    void callsBackThroughTheCourierThatStands() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1").version(2).line("A", 1).ordered(1).courier("YTO"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.intercept("S1").courier()).isEqualTo("YTO");
                });
    }

    @Test
    @DisplayName("50 cancels when it is learnt that more was ordered")
    void cancelsWhenItIsLearntThatMoreWasOrdered() {
        inEveryOrder(
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1),
                        parcel("S2").line("A", 1).ordered(5))
                .under(policy().recallSuspected())
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
                    assertThat(it.firing()).isEmpty();
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
        Scenario named = inThisOrder(
                policy().recallSuspected(),
                refund("R1").line("A", 1),
                parcel("S1").line("A", 1),
                parcel("S2").line("A", 1).ordered(5));
        assertThat(named.count("INTERCEPT S1")).isEqualTo(1);
        assertThat(named.count("CANCEL S1")).isEqualTo(1);
        assertThat(named.count("RESOLVED REFUNDED_BUT_SHIPPED S1")).isEqualTo(1);
    }

    @Test
    void cancelsNothingForAParcelThatCameBack() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(RETURNED)
                                .createdAt("11:30"))
                .then(it -> {
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    /** With both still out one unit would be in excess: that the other came back later undoes nothing. */
    @Test
    void cancelsNothingForAParcelThatCameBackBeforeAnother() {
        Scenario it = inThisOrder(
                refund("R1").line("A", 1).ordered(2),
                parcel("S1").line("A", 1).ordered(2),
                parcel("S2").line("A", 1).ordered(2).createdAt("11:10"),
                parcel("S2").version(2).line("A", 1).ordered(2).stage(RETURNED).createdAt("11:30"),
                parcel("S1").version(2).line("A", 1).ordered(2).stage(RETURNED).createdAt("11:40"));

        assertThat(it.count("INTERCEPT")).isEqualTo(1);
        assertThat(it.count("CANCEL")).isZero();
    }

    @Test
    void cancelsNothingForAParcelThatWasLost() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(LOST)
                                .createdAt("11:30"))
                .then(it -> {
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).containsExactly("CLAIM_COURIER S1 HIGH CLAIM");
                });
    }

    @Test
    void releasesNoPullOfAParcelThatCameBack() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).stage(LABEL_CREATED),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(RETURNED)
                                .createdAt("11:30"))
                .then(it -> {
                    assertThat(it.count("RELEASE_PARCEL")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @Test
    void cancelsWhenTheBuyerTurnsOutToKeepTheGoods() {
        inEveryOrder(
                        refund("R1")
                                .kind(RefundApproved.Kind.REFUND_ONLY)
                                .line("A", 1)
                                .ordered(1)
                                .approvedAt("11:30"),
                        parcel("S1").line("A", 1).ordered(1),
                        parcel("S1")
                                .version(2)
                                .line("A", 1)
                                .ordered(1)
                                .stage(ParcelStage.DELIVERED)
                                .createdAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @ParameterizedTest
    @DisplayName("A refund that is told anew with another kind counts, or not, in every order of arrival")
    @EnumSource(names = {"CANCEL_BEFORE_SHIPMENT", "REFUND_ONLY"})
    void callsBackForAnAdjustmentThatBecameARefund(RefundApproved.Kind kind) {
        inEveryOrder(
                        refund("R1").kind(PRICE_ADJUSTMENT).line("A", 1).ordered(1),
                        refund("R1").version(2).kind(kind).line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
    }

    @Test
    void letsTheLaterBusinessTimeStandOfEqualVersions() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3).event("z").approvedAt("10:00"),
                        refund("R1").line("A", 2).ordered(3).event("a").approvedAt("10:01"),
                        parcel("S1").line("A", 3).ordered(3))
                .then(it -> assertThat(it.alert("MIXED_PARCEL S1").details().lines())
                        .containsExactly(new Effect.LineUnits("A", "SKU-A", 2)));
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).event("z").createdAt("10:40"),
                        parcel("S1").line("B", 1).ordered(1).event("a").createdAt("10:41"))
                .then(it -> assertThat(it.recalls()).isEmpty());
    }

    @Test
    void letsTheGreaterEventIdStandOfEqualVersionsAndTimes() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3).event("b"),
                        refund("R1").line("A", 2).ordered(3).event("a"),
                        parcel("S1").line("A", 3).ordered(3))
                .then(it -> assertThat(it.alert("MIXED_PARCEL S1").details().lines())
                        .containsExactly(new Effect.LineUnits("A", "SKU-A", 1)));
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).event("a"),
                        parcel("S1").line("B", 1).ordered(1).event("b"))
                .then(it -> assertThat(it.recalls()).isEmpty());
    }

    @Test
    void callsBackOnceAnUnknownPurposeOrKindIsKnown() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1")
                                .purpose(ShipmentCreated.Purpose.UNKNOWN)
                                .line("A", 1)
                                .ordered(1),
                        parcel("S1").version(2).line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                });
        inEveryOrder(
                        refund("R1")
                                .kind(RefundApproved.Kind.UNKNOWN)
                                .line("A", 1)
                                .ordered(1),
                        refund("R1").version(2).line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
    }
}
