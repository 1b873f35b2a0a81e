package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static io.ordersync.domain.RefundApproved.Kind.UNKNOWN;
import static io.ordersync.domain.ShipmentCreated.Purpose.RESHIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What commands and alerts rest on: the facts they name are those that count, and all of them. */
class EvidenceTest {

    @Test
    void namesTheFactsAndTheCommandOfARace() {
        Scenario order =
                inThisOrder(refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().evidence())
                .extracting(Effect.Evidence::kind, Effect.Evidence::id)
                .containsExactly(
                        tuple(Effect.Evidence.Kind.REFUND, "R1@1"),
                        tuple(Effect.Evidence.Kind.SHIPMENT, "S1@1"),
                        tuple(
                                Effect.Evidence.Kind.LOCK,
                                order.command("LOCK R1@*").id().toString()),
                        tuple(
                                Effect.Evidence.Kind.INTERCEPT,
                                order.intercept("S1").id().toString()));
    }

    @Test
    void ofAReshipNamesTheRefundsThatCount() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        refund("R2").line("A", 1).kind(PRICE_ADJUSTMENT),
                        parcel("S2").line("A", 1).purpose(RESHIP))
                .then(order -> {
                    Alert alert = order.alert("RESHIP_AFTER_REFUND S2");
                    assertThat(alert.details().refundIds()).containsExactly("R1");
                    assertThat(alert.details().shipmentIds()).containsExactly("S2");
                    assertThat(alert.details().evidence())
                            .extracting(Effect.Evidence::id)
                            .containsExactly("R1@1", "S2@1");
                });
    }

    @Test
    void isNoReshipAfterARefundOfGoodsThatTheBuyerKeeps() {
        inEveryOrder(
                        parcel("S1")
                                .line("A", 1)
                                .ordered(1)
                                .stage(ParcelStage.DELIVERED)
                                .createdAt("09:00"),
                        refund("R1").line("A", 1).kind(REFUND_ONLY).wholeOrder(),
                        parcel("S2").line("A", 1).purpose(RESHIP))
                .then(order -> assertThat(order.firing()).isEmpty());
    }

    @Test
    void ofAWholeOrderIsEveryLineThatIsKnown() {
        Scenario order = inThisOrder(
                parcel("S1").line("B", 1).ordered(2),
                refund("R1").line("A", 1).ordered(3).line("C", 1).wholeOrder());
        assertThat(order.command("LOCK R1@*").lines())
                .containsExactly(
                        new Effect.LineUnits("A", "SKU-A", 3),
                        new Effect.LineUnits("B", "SKU-B", 2),
                        new Effect.LineUnits("C", "SKU-C", 1));
    }

    @Test
    void inUnknownSymbolsOfOtherLinesIsNoReasonToDoubt() {
        inEveryOrder(
                        refund("R1").line("A", 1),
                        refund("R2").line("B", 1).kind(UNKNOWN),
                        parcel("S1").line("A", 1))
                .under(policy().recallSuspected())
                .then(order -> assertThat(order.recalls()).containsExactly("INTERCEPT S1"));
        inEveryOrder(
                        refund("R1").line("A", 1),
                        parcel("S1").line("A", 1),
                        parcel("S2").line("B", 1).purpose(ShipmentCreated.Purpose.UNKNOWN))
                .under(policy().recallSuspected())
                .then(order -> assertThat(order.recalls()).containsExactly("INTERCEPT S1"));
    }

    @Test
    void ofTimesThatNoClockShowsOverflowsNothing() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1).approvedAt(Instant.ofEpochMilli(Long.MIN_VALUE)),
                parcel("S1").line("A", 1).createdAt(Instant.ofEpochMilli(Long.MAX_VALUE)));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::gapMillis)
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void isOfAtMost500Lines() {
        Given.Refund refund = refund("R1");
        for (int i = 0; i < 500; i++) {
            refund.line("L" + i, 1);
        }
        assertThat(inThisOrder(refund).command("LOCK R1@*").lines()).hasSize(500);
        refund.line("L500", 1);
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(refund::build)
                .withMessage("lines has more than 500 entries");
    }
}
