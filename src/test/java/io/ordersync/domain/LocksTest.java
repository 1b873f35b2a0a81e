package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What must not leave a warehouse any more. */
class LocksTest {

    @Test
    void areOneForEachWarehouseThatTheLinesName() {
        inEveryOrder(refund("R1")
                        .line("A", 1)
                        .warehouse("W1")
                        .line("B", 2)
                        .warehouse("W2")
                        .line("C", 3)
                        .line("D", 4)
                        .warehouse("W1"))
                .then(it -> assertThat(it.locks())
                        .containsExactly("LOCK R1@* C×3", "LOCK R1@W1 A×1 D×4", "LOCK R1@W2 B×2"));
    }

    @Test
    void areOneForEveryWarehouseWhenTheWholeOrderIsRefunded() {
        inEveryOrder(refund("R1").wholeOrder().line("A", 1).warehouse("W1")).then(it -> {
            assertThat(it.locks()).containsExactly("LOCK R1@* all");
            assertThat(it.count("LOCK")).isEqualTo(1);
        });
    }

    @Test
    void addUpOverSeveralRefunds() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(3),
                        refund("R2").line("A", 2).ordered(3))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×1", "LOCK R2@* A×2"));
    }

    @Test
    void areNotReducedByWhatShipped() {
        inEveryOrder(
                        parcel("S1").line("A", 4).ordered(5),
                        refund("R1").line("A", 3).ordered(5))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×3"));
    }

    @Test
    void holdAllLinesOfARefundWhileOneHasUnitsThere() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1),
                        refund("R1").line("A", 1).ordered(1).line("B", 1).ordered(1))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×1 B×1"));
    }

    @Test
    void areNotSentWhenAllShippedAlready() {
        assertThat(inThisOrder(
                                parcel("S1").line("A", 1).ordered(1),
                                refund("R1").line("A", 1))
                        .locks())
                .isEmpty();
    }

    @Test
    void areNotTakenBackWhenAShipmentOvertakesThem() {
        Scenario order =
                inThisOrder(refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1));
        assertThat(order.locks()).containsExactly("LOCK R1@* A×1");
        assertThat(order.count("RELEASE")).isZero();
    }

    @Test
    void areReplacedByANewerVersionEvenWhenAllShipped() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 2),
                refund("R1").version(2).line("A", 1).ordered(2));
        assertThat(order.locks()).containsExactly("LOCK R1@* A×1");
        assertThat(order.command("LOCK R1@*").generation()).isEqualTo(2);
        assertThat(order.count("RELEASE")).isZero();
    }

    @Test
    void moveToAnotherWarehouseWithTheRefund() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1).warehouse("W1"),
                refund("R1").version(2).line("A", 1).ordered(1).warehouse("W2"),
                refund("R1").version(5).line("A", 1).ordered(1).warehouse("W1"));
        assertThat(order.sent)
                .containsExactlyInAnyOrder(
                        "LOCK R1@W1 A×1", "LOCK R1@W2 A×1", "RELEASE R1@W1", "LOCK R1@W1 A×1", "RELEASE R1@W2");
        assertThat(order.locks()).containsExactly("LOCK R1@W1 A×1");
        assertThat(order.command("LOCK R1@W1").generation()).isEqualTo(5);

        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).warehouse("W1"),
                        refund("R1").version(2).line("A", 1).ordered(1).warehouse("W2"),
                        refund("R1").version(5).line("A", 1).ordered(1))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    void sayThatARefundChanged() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(2),
                refund("R1").version(2).line("A", 2).ordered(2));
        assertThat(order.command("LOCK R1@*").reason()).isEqualTo(LockCommand.Reason.REFUND_CHANGED);
    }

    @Test
    void areSentForARefundOfAnUnknownKind() {
        inEveryOrder(refund("R1").kind(RefundApproved.Kind.UNKNOWN).line("A", 1))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    void areNotSentForUnitsTheBuyerKeeps() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(3).stage(DELIVERED),
                refund("R1").kind(REFUND_ONLY).line("A", 1).ordered(3).approvedAt("11:30"));
        assertThat(order.sent).isEmpty();
    }

    @Test
    void areSentForTheUnitsBeyondThoseTheBuyerKeeps() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(3).stage(DELIVERED),
                refund("R1").kind(REFUND_ONLY).line("A", 2).ordered(3).approvedAt("11:30"));
        assertThat(order.sent).containsExactly("LOCK R1@* A×1");
    }

    @Test
    void areNotSentForBoundUnitsBesideOthers() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(5),
                        refund("R1").line("A", 1).ordered(5).of("S1").line("A", 2))
                .then(it -> {
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×2");
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                });
    }

    @Test
    void waitForAnAnswerWhereThatIsConfigured() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        parcel("S1").line("A", 1).ordered(2).stage(ParcelStage.LABEL_CREATED),
                        refund("R2").line("A", 1).ordered(2))
                .under(policy().lockAnswerWithin(Duration.ofMinutes(10)))
                .then(it -> {
                    assertThat(it.command("LOCK R1@*").answerBy()).isEqualTo(at("12:10"));
                    assertThat(it.command("PULL_PARCEL S1").answerBy()).isEqualTo(at("12:10"));
                });
    }

    @Test
    @DisplayName("89 refuse an order's 201st refund and parcel, and go on with the others")
    void refuseAnOrders201stRefundAndParcel() {
        Scenario order = new Scenario(policy());
        for (int i = 1; i <= 200; i++) {
            order.tell(refund("R" + i).kind(RefundApproved.Kind.REPAIR).line("A", 1), Scenario.NOON);
            order.tell(parcel("S" + i).line("A", 1), Scenario.NOON);
        }
        assertThatThrownBy(() -> order.tell(refund("SECRET-201").line("A", 1), Scenario.NOON))
                .isInstanceOfSatisfying(
                        Rejection.class, it -> assertThat(it.reason()).isEqualTo(Rejection.Reason.TOO_MANY))
                .hasMessageContaining("refundId")
                .hasMessageNotContaining("SECRET-201");
        assertThatThrownBy(() -> order.tell(parcel("SECRET-201").line("A", 1), Scenario.NOON))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("shipmentId")
                .hasMessageNotContaining("SECRET-201");
        assertThat(order.tell(refund("R7").version(2).line("A", 1), Scenario.NOON)
                        .outcome())
                .isEqualTo(Decision.Outcome.NEWS);
    }

    @Test
    void areNotSentForAnOrderRefundedWholeOfWhichAllShipped() {
        assertThat(inThisOrder(
                                parcel("S1").line("A", 1).ordered(1),
                                refund("R1").wholeOrder())
                        .locks())
                .isEmpty();
        assertThat(inThisOrder(
                                parcel("S1")
                                        .line("A", 1)
                                        .ordered(1)
                                        .line("B", 1)
                                        .ordered(2),
                                refund("R1").wholeOrder())
                        .locks())
                .containsExactly("LOCK R1@* all");
    }

    @Test
    void areReleasedInEveryWarehouseWhenTheRefundNamesOne() {
        Scenario order = inThisOrder(
                refund("R1").wholeOrder(),
                refund("R1").version(2).line("A", 1).ordered(1).warehouse("W1"));
        assertThat(order.sent).containsExactlyInAnyOrder("LOCK R1@* all", "RELEASE R1@*", "LOCK R1@W1 A×1");
    }

    @Test
    void areSentToEveryWarehouseOfARefundWhileOneLineHasUnitsThere() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1),
                refund("R1")
                        .line("A", 1)
                        .ordered(1)
                        .warehouse("W1")
                        .line("B", 1)
                        .ordered(1)
                        .warehouse("W2"));
        assertThat(order.locks()).containsExactly("LOCK R1@W1 A×1", "LOCK R1@W2 B×1");
    }
}
