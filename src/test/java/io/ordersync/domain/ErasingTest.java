package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.resolved;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How an order is forgotten: because someone asks, or because nobody was heard of it for long. */
class ErasingTest {

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    private static Instant afterDays(long days) {
        return Scenario.NOON.plus(Duration.ofDays(days));
    }

    @Test
    @DisplayName("85 forgets an order of which nothing is open")
    void forgetsAnOrderOfWhichNothingIsOpen() {
        Scenario order = inThisOrder(theParcel());
        order.erase();
        assertThat(order.isForgotten()).isTrue();
        assertThat(order.sent).isEmpty();
    }

    @Test
    @DisplayName("85 forgets an order that was never heard of: there may be a case of it")
    void forgetsAnOrderThatWasNeverHeardOf() {
        Scenario order = new Scenario(policy());
        Decision decision = order.erase();
        assertThat(order.isForgotten()).isTrue();
        assertThat(decision.effects()).isEmpty();
    }

    @Test
    @DisplayName("85 forgets a closed case")
    void forgetsAClosedCase() {
        Scenario order = inThisOrder(theRefund(), theParcel(), resolved(CaseResolved.Resolution.WRITTEN_OFF));
        order.tell(courier("CANCEL|S1|1", InterceptResult.Status.CANCELLED));
        assertThat(order.isForgotten()).isFalse();
        order.erase();
        assertThat(order.isForgotten()).isTrue();
    }

    @Test
    @DisplayName("85 forgets an open case as soon as it closes")
    void forgetsAnOpenCaseAsSoonAsItCloses() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.erase();
        assertThat(order.isForgotten()).isFalse();
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        order.tell(courier("INTERCEPT|S1|1", InterceptResult.Status.FAILED));
        assertThat(order.isForgotten()).isFalse();
        assertThat(order.caseIs()).isEqualTo("MANUAL");
        order.tell(resolved(CaseResolved.Resolution.WRITTEN_OFF).at("12:02"));
        assertThat(order.isForgotten()).isTrue();
        assertThat(order.firing()).isEmpty();
        assertThat(order.caseStates).endsWith("CLOSED WRITTEN_OFF");
    }

    @Test
    @DisplayName("85 forgets a refund as soon as it is closed")
    void forgetsARefundAsSoonAsItIsClosed() {
        Scenario order = inThisOrder(theRefund());
        order.erase();
        assertThat(order.isForgotten()).isFalse();
        order.tell(closed("R1"));
        assertThat(order.isForgotten()).isTrue();
        assertThat(order.sent).containsExactly("LOCK R1@* A×1", "RELEASE R1@*");
    }

    @Test
    @DisplayName("85 still sees the race of an order that is to be forgotten")
    void stillSeesTheRaceOfAnOrderThatIsToBeForgotten() {
        Scenario order = inThisOrder(theRefund());
        order.erase();
        order.tell(theParcel());
        assertThat(order.isForgotten()).isFalse();
        assertThat(order.recalls()).containsExactly("INTERCEPT S1");
        order.erase();
        assertThat(order.isForgotten()).isFalse();
        order.timePasses(at("12:15"));
        assertThat(order.firing()).contains("INTERCEPT_UNANSWERED INTERCEPT|S1|1 MEDIUM REVIEW");
    }

    @Test
    @DisplayName("85 starts afresh after it")
    void startsAfreshAfterIt() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(ParcelStage.RETURNING));
        order.erase();
        order.tell(resolved(CaseResolved.Resolution.BUYER_RETURNED));
        assertThat(order.isForgotten()).isTrue();
        Scenario again = inThisOrder(theRefund(), theParcel());
        assertThat(again.theCase().version()).isEqualTo(1);
        order.tell(theParcel());
        assertThat(order.due()).isNull();
        assertThat(order.count("INTERCEPT")).isZero();
    }

    @Test
    @DisplayName("85 leaves no alert FIRING that came with what closed the order")
    void leavesNoAlertFiringThatCameWithWhatClosedTheOrder() {
        Scenario order = inThisOrder(theRefund());
        order.erase();
        order.tell(theParcel().digital());
        assertThat(order.isForgotten()).isTrue();
        assertThat(order.firing()).isEmpty();
        assertThat(order.count("RESOLVED DIGITAL_DELIVERED_AFTER_REFUND"))
                .isEqualTo(order.count("FIRING DIGITAL_DELIVERED_AFTER_REFUND"));
    }

    @Test
    @DisplayName("85 resolves once what ended with what closed the order")
    void resolvesOnceWhatEndedWithWhatClosedTheOrder() {
        Scenario order = inThisOrder(theRefund(), Given.warehouse("LOCK|R1@*|1", WarehouseLockResult.Status.REFUSED));
        order.erase();
        assertThat(order.firing()).hasSize(1);
        order.tell(closed("R1"));
        assertThat(order.isForgotten()).isTrue();
        assertThat(order.count("RESOLVED LOCK_TOO_LATE")).isEqualTo(1);
    }

    @Test
    @DisplayName("85 waits for the answer to a CANCEL")
    void waitsForTheAnswerToACancel() {
        Scenario answered = inThisOrder(theRefund(), theParcel(), closed("R1"));
        answered.erase();
        assertThat(answered.isCaseOpen()).isFalse();
        assertThat(answered.isForgotten()).isFalse();
        answered.tell(courier("CANCEL|S1|1", InterceptResult.Status.CANCELLED));
        assertThat(answered.isForgotten()).isTrue();

        Scenario overdue = inThisOrder(theRefund(), theParcel(), closed("R1"));
        overdue.erase();
        overdue.timePasses(at("12:15"));
        assertThat(overdue.isForgotten()).isFalse();
        assertThat(overdue.firing()).containsExactly("CANCEL_FAILED INTERCEPT|S1|1 HIGH REVIEW");
    }

    @Test
    void closesAnOpenCaseOfWhichNobodyWasHeardForLong() {
        Scenario order = inThisOrder(theRefund(), theParcel(), scan("S1", DELIVERED));
        assertThat(order.caseIs()).isEqualTo("MANUAL");
        assertThat(order.expire(afterDays(180).minusMillis(1))).isNull();
        Decision expiry = order.expire(afterDays(181));
        assertThat(expiry).isNotNull().extracting(Decision::next).isNull();
        assertThat(order.caseIs()).isEqualTo("CLOSED UNKNOWN");
        assertThat(order.theCase().updatedAt()).isEqualTo(afterDays(181));
        assertThat(order.firing()).isEmpty();
        assertThat(order.count("CANCEL") + order.count("RELEASE")).isZero();
    }

    @Test
    void resolvesTheAlertsOfCommandsAsWell() {
        Scenario order =
                inThisOrder(theRefund(), theParcel(), courier("INTERCEPT|S1|1", InterceptResult.Status.FAILED));
        assertThat(order.firing()).hasSize(2);
        assertThat(order.expire(afterDays(181))).isNotNull();
        assertThat(order.firing()).isEmpty();
        Scenario refused = inThisOrder(theRefund(), Given.warehouse("LOCK|R1@*|1", WarehouseLockResult.Status.REFUSED));
        assertThat(refused.firing()).hasSize(1);
        assertThat(refused.expire(afterDays(181))).isNotNull();
        assertThat(refused.firing()).isEmpty();
        assertThat(refused.caseIs()).isEqualTo("NONE");
    }

    @Test
    void saysNothingMoreOfACaseThatWasClosed() {
        Scenario order = inThisOrder(
                theParcel(), theRefund(), courier("INTERCEPT|S1|1", InterceptResult.Status.SUCCEEDED), closed("R1"));
        order.tell(scan("S1", DELIVERED).at("12:03"));
        assertThat(order.isCaseOpen()).isFalse();
        long version = order.theCase().version();
        Decision expiry = order.expire(afterDays(46));
        assertThat(expiry).isNotNull();
        assertThat(expiry.effects()).isEmpty();
        assertThat(order.theCase().version()).isEqualTo(version);
    }

    @Test
    void keepsAPaidParcelThatComesBackForTheLockRetention() {
        Scenario order = inThisOrder(
                theRefund(), theParcel(), courier("INTERCEPT|S1|1", InterceptResult.Status.SUCCEEDED), closed("R1"));
        assertThat(order.expire(afterDays(46))).isNull();
        assertThat(order.expire(afterDays(179))).isNull();
        assertThat(order.expire(afterDays(181))).isNotNull();
        assertThat(order.firing()).isEmpty();
        assertThat(order.caseIs()).isEqualTo("CLOSED UNKNOWN");
    }

    @Test
    void countsAnAnswerAsAnArrivalAndADeadlineAsNone() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.tell(courier("INTERCEPT|S1|1", InterceptResult.Status.ACCEPTED), afterDays(100));
        assertThat(order.expire(afterDays(181))).isNull();
        assertThat(order.expire(afterDays(281))).isNotNull();
        Scenario due = inThisOrder(theRefund(), theParcel());
        due.timePasses(afterDays(100));
        assertThat(due.expire(afterDays(181))).isNotNull();
    }

    @Test
    void keepsARefundClosedForTheRetentionOnly() {
        Scenario order = inThisOrder(theRefund(), closed("R1"));
        assertThat(order.expire(afterDays(45).minusMillis(1))).isNull();
        assertThat(order.expire(afterDays(46))).isNotNull();
    }

    @Test
    void forgetsACaseOfAParcelThatReturned() {
        Scenario order = inThisOrder(theRefund(), theParcel(), scan("S1", RETURNED));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        assertThat(order.expire(afterDays(181))).isNotNull();
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
    }
}
