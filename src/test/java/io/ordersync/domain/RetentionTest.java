package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long an order is kept: the hour of its last arrival is rounded up. */
class RetentionTest {

    private static Instant afterDays(long days) {
        return Scenario.NOON.plus(Duration.ofDays(days));
    }

    private static void forgets(Scenario order, Instant now) {
        Decision expiry = order.expire(now);
        assertThat(expiry).isNotNull();
        assertThat(expiry).extracting(Decision::next).isNull();
    }

    @Test
    void forgetsAnOrderWithNothingOpenAfterTheRetention() {
        Scenario order = inThisOrder(parcel("S1").line("A", 1).ordered(1));
        assertThat(order.expire(afterDays(45).minusMillis(1))).isNull();
        forgets(order, afterDays(45).plus(Duration.ofHours(1)).plusMillis(1));
        assertThat(order.sent).isEmpty();
    }

    @Test
    void countsFromTheLastArrivalBeItARepetition() {
        Scenario order = inThisOrder(parcel("S1").line("A", 1).ordered(1));
        order.tell(parcel("S1").line("A", 1).ordered(1), afterDays(30));
        assertThat(order.expire(afterDays(75).minusMillis(1))).isNull();
        forgets(order, afterDays(75).plus(Duration.ofHours(2)));
    }

    @Test
    void forgetsARefundThatNeverCounted() {
        Scenario order = inThisOrder(refund("R1")
                .kind(RefundApproved.Kind.PRICE_ADJUSTMENT)
                .line("A", 1)
                .ordered(1));
        forgets(order, afterDays(46));
    }

    @Test
    void keepsRefundedUnitsThatHaveNotShippedForTheLockRetention() {
        Scenario order = inThisOrder(refund("R1").line("A", 1).ordered(1));
        assertThat(order.expire(afterDays(46))).isNull();
        assertThat(order.expire(afterDays(180).minusMillis(1))).isNull();
        forgets(order, afterDays(180).plus(Duration.ofHours(1)).plusMillis(1));
    }

    @Test
    void keepsAnOrderRefundedWholeForTheLockRetention() {
        Scenario order = inThisOrder(refund("R1").wholeOrder());
        assertThat(order.expire(afterDays(179))).isNull();
        forgets(order, afterDays(181));
    }

    @Test
    void keepsRefundedUnitsThatShippedInPartForTheLockRetention() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 2).ordered(5), refund("R1").line("A", 1).ordered(5));
        assertThat(order.expire(afterDays(179))).isNull();
        forgets(order, afterDays(181));
    }

    @Test
    void keepsAnOpenCaseForTheLockRetentionAndResolvesItsAlerts() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1), refund("R1").line("A", 1).ordered(1));
        assertThat(order.expire(afterDays(46))).isNull();
        assertThat(order.expire(afterDays(180).minusMillis(1))).isNull();
        forgets(order, afterDays(181));
        assertThat(order.firing()).isEmpty();
        assertThat(order.sent).endsWith("RESOLVED REFUNDED_BUT_SHIPPED S1");
        assertThat(order.count("CANCEL")).isZero();
    }

    @Test
    void keepsACaseThatAwaitsAReturningParcelForTheLockRetention() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.RETURNING),
                refund("R1").line("A", 1).ordered(1));
        assertThat(order.expire(afterDays(46))).isNull();
        forgets(order, afterDays(181));
    }

    @Test
    void startsAfreshWhenAForgottenOrderIsHeardOfAgain() {
        Scenario order = inThisOrder(parcel("S1").line("A", 1).ordered(1));
        forgets(order, afterDays(46));
        Decision again = Decision.on(
                new Arrival(Scenario.ORDER, refund("R1").line("A", 1).ordered(1).build()),
                OrderRecord.NEW,
                GivenPolicy.policy().build(),
                afterDays(47));
        assertThat(again.effects()).singleElement().isInstanceOf(LockCommand.class);
    }

    @Test
    void forgetsGoodsTheBuyerKeepsAfterTheRetention() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(1).stage(ParcelStage.DELIVERED),
                refund("R1")
                        .kind(RefundApproved.Kind.REFUND_ONLY)
                        .line("A", 1)
                        .ordered(1)
                        .approvedAt("11:30"));
        forgets(order, afterDays(46));
    }

    @Test
    void forgetsDigitalGoodsAfterTheRetentionAndResolvesTheirAlert() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1), parcel("S1").digital().line("A", 1));
        forgets(order, afterDays(46));
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void keepsUnitsBoundToAnUnseenParcelForTheLockRetention() {
        Scenario order = inThisOrder(refund("R1").line("A", 1).ordered(1).of("S9"));
        assertThat(order.expire(afterDays(179))).isNull();
        forgets(order, afterDays(181));
    }
}
