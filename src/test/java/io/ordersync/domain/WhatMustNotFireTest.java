package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.RefundApproved.Kind.EXCHANGE;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static io.ordersync.domain.RefundApproved.Kind.RETURN_AND_REFUND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "What must not fire". */
class WhatMustNotFireTest {

    @Test
    @DisplayName("31 leaves alone what the buyer sends back")
    void leavesAloneWhatTheBuyerSendsBack() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).stage(DELIVERED),
                        refund("R1")
                                .kind(RETURN_AND_REFUND)
                                .line("A", 1)
                                .ordered(1)
                                .approvedAt("11:30"))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    @DisplayName("32 leaves alone what was made cheaper")
    void leavesAloneWhatWasMadeCheaper() {
        inEveryOrder(
                        refund("R1").kind(PRICE_ADJUSTMENT),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @ParameterizedTest
    @DisplayName("32 sends nothing for refunds that let the goods reach the buyer")
    @EnumSource(names = {"RETURN_AND_REFUND", "EXCHANGE", "PRICE_ADJUSTMENT", "RESHIP", "REPAIR"})
    void sendsNothingForRefundsThatLetTheGoodsReachTheBuyer(RefundApproved.Kind kind) {
        inEveryOrder(
                        refund("R1").kind(kind).line("A", 1).ordered(2),
                        refund("R2").kind(kind).wholeOrder(),
                        parcel("S1").line("A", 1).ordered(2))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    @DisplayName("32 takes a refund without lines as money alone")
    void takesARefundWithoutLinesAsMoneyAlone() {
        inEveryOrder(refund("R1").kind(REFUND_ONLY), parcel("S1").line("A", 1).ordered(1), parcel("S2"))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @Test
    @DisplayName("33 tells of goods sent again after a refund, and calls nothing back")
    void tellsOfGoodsSentAgainAfterARefund() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S2")
                                .purpose(ShipmentCreated.Purpose.RESHIP)
                                .line("A", 1)
                                .ordered(1))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("RESHIP_AFTER_REFUND S2 LOW NONE");
                });
    }

    @ParameterizedTest
    @DisplayName("33 is silent about goods sent again that came back or are lost")
    @EnumSource(names = {"RETURNED", "LOST"})
    void isSilentAboutGoodsSentAgainThatCameBackOrAreLost(ParcelStage stage) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S2")
                                .purpose(ShipmentCreated.Purpose.RESHIP)
                                .stage(stage)
                                .line("A", 1)
                                .ordered(1))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    @DisplayName("34 leaves an exchange alone")
    void leavesAnExchangeAlone() {
        inEveryOrder(
                        refund("R1").kind(EXCHANGE).line("A", 1).ordered(1),
                        parcel("S2")
                                .purpose(ShipmentCreated.Purpose.EXCHANGE)
                                .line("A", 1)
                                .ordered(1))
                .then(it -> assertThat(it.sent).isEmpty());
    }

    @ParameterizedTest
    @DisplayName("34 counts no parcel that replaces or was repaired")
    @EnumSource(names = {"EXCHANGE", "REPAIR_RETURN"})
    void countsNoParcelThatReplacesOrWasRepaired(ShipmentCreated.Purpose purpose) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S2").purpose(purpose).line("A", 1).ordered(1))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @ParameterizedTest
    @DisplayName("35 calls nothing back for a refund that followed a parcel coming back")
    @EnumSource(names = {"DELIVERY_REFUSED", "INTERCEPT_SUCCEEDED", "PARCEL_LOST"})
    void callsNothingBackForARefundThatFollowedAParcelComingBack(RefundApproved.Cause cause) {
        for (RefundApproved.Kind kind : List.of(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT, REFUND_ONLY)) {
            inEveryOrder(
                            parcel("S1").line("A", 1).ordered(1),
                            refund("R1")
                                    .kind(kind)
                                    .cause(cause)
                                    .line("A", 1)
                                    .ordered(1)
                                    .approvedAt("11:30"))
                    .then(it -> {
                        assertThat(it.recalls()).isEmpty();
                        assertThat(it.count("INTERCEPT")).isZero();
                        assertThat(it.firing()).isEmpty();
                        if (it.came("S1@1", "R1@1")) {
                            assertThat(it.sent).isEmpty();
                        }
                    });
        }
    }

    @Test
    @DisplayName("35 claims nothing for a lost parcel whose loss was the refund's cause")
    void claimsNothingForALostParcelWhoseLossWasTheRefundsCause() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.LOST),
                        refund("R1")
                                .cause(RefundApproved.Cause.PARCEL_LOST)
                                .line("A", 1)
                                .ordered(1)
                                .approvedAt("11:30"))
                .then(it -> assertThat(it.firing()).isEmpty());
    }

    @Test
    @DisplayName("35 calls back a parcel made after the refund for one that was refused")
    void callsBackAParcelMadeAfterTheRefundForOneThatWasRefused() {
        inEveryOrder(
                        refund("R1")
                                .cause(RefundApproved.Cause.DELIVERY_REFUSED)
                                .line("A", 1)
                                .ordered(1)
                                .approvedAt("10:30"),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.recalls()).containsExactly("INTERCEPT S1"));
    }

    @Test
    @DisplayName("35b calls back only what was made after a refusal that refunded the whole order")
    void callsBackOnlyWhatWasMadeAfterARefusal() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        refund("R1")
                                .wholeOrder()
                                .cause(RefundApproved.Cause.DELIVERY_REFUSED)
                                .line("A", 1)
                                .ordered(1)
                                .line("B", 1)
                                .ordered(1)
                                .approvedAt("11:00"),
                        parcel("S2").line("B", 1).ordered(1).createdAt("11:30"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S2");
                    assertThat(it.count("INTERCEPT S2")).isEqualTo(1);
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S2 HIGH INTERCEPT");
                    if (!it.cameLast("R1@1")) {
                        assertThat(it.locks()).containsExactly("LOCK R1@* all");
                    }
                });
    }

    @Test
    @DisplayName("36 leaves alone digital goods delivered before the refund")
    void leavesAloneDigitalGoodsDeliveredBeforeTheRefund() {
        inEveryOrder(
                        parcel("S1").digital().line("A", 1).ordered(1),
                        refund("R1").line("A", 1).ordered(1).approvedAt("10:50"))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).isEmpty();
                });
    }

    @ParameterizedTest
    @DisplayName("36 tells of digital goods delivered after the refund")
    @EnumSource(names = {"IN_TRANSIT", "UNKNOWN", "LABEL_CREATED", "DELIVERED"})
    void tellsOfDigitalGoodsDeliveredAfterTheRefund(ParcelStage stage) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").digital().stage(stage).line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.recalls()).isEmpty();
                    assertThat(it.count("INTERCEPT") + it.count("PULL_PARCEL")).isZero();
                    assertThat(it.firing()).containsExactly("DIGITAL_DELIVERED_AFTER_REFUND S1 MEDIUM NONE");
                });
    }

    @Test
    @DisplayName("36 is silent about digital goods delivered at the moment of the refund")
    void isSilentAboutDigitalGoodsDeliveredAtTheMomentOfTheRefund() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).approvedAt("10:40"),
                        parcel("S1").digital().line("A", 1).ordered(1))
                .then(it -> assertThat(it.firing()).isEmpty());
    }
}
