package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.voided;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In shadow all is reckoned, and no command sent: not then, and not later. */
class ShadowTest {
    private static final String RACE = "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    private static Given.Refund another() {
        return refund("R9").kind(RefundApproved.Kind.REPAIR).line("Z", 1);
    }

    @Test
    void tellsAsUsualAndWithholdsTheCommands() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel());
        assertThat(order.sent).containsExactly("FIRING REFUNDED_BUT_SHIPPED S1");
        assertThat(order.firing()).containsExactly(RACE);
        assertThat(order.isCaseOpen()).isTrue();
        assertThat(order.caseIs()).isEqualTo("DETECTED");
        assertThat(order.withheld).containsExactly("LOCK R1@* A×1", "INTERCEPT S1");
    }

    @Test
    void withholdsWhatIsTakenBackAndClosesTheCase() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel(), closed("R1"));
        assertThat(order.sent).containsExactly("FIRING REFUNDED_BUT_SHIPPED S1", "RESOLVED REFUNDED_BUT_SHIPPED S1");
        assertThat(order.caseIs()).isEqualTo("CLOSED REFUND_CLOSED");
    }

    @Test
    void followsTheParcelByItsScans() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel(), scan("S1", ParcelStage.RETURNING));
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        order.tell(scan("S1", RETURNED).at("11:30"));
        assertThat(order.caseIs()).isEqualTo("CLOSED RETURNED");
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void doesNotTakeAParcelForInterceptedThatItDidNotIntercept() {
        Scenario order = inThisOrder(
                policy().shadow(),
                theRefund(),
                theParcel(),
                scan("S1", ParcelStage.REFUSED),
                scan("S1", RETURNED).at("11:30"));
        assertThat(order.caseIs()).isEqualTo("CLOSED REFUSED_BY_BUYER");
    }

    @Test
    void asksForTheReturnOfWhatWasDeliveredAfterItTurnedRoundByItself() {
        Scenario order = inThisOrder(
                policy().shadow(),
                theRefund(),
                theParcel(),
                scan("S1", ParcelStage.RETURNING),
                scan("S1", ParcelStage.DELIVERED).at("11:30"));
        assertThat(order.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
    }

    @Test
    void waitsForNoAnswer() {
        Scenario order = inThisOrder(
                policy().shadow().lockAnswerWithin(Duration.ofMinutes(10)),
                theRefund(),
                theParcel(),
                parcel("S2").line("A", 1).ordered(1).stage(LABEL_CREATED));
        order.looksAtDeadlines(at("12:16")).timePasses(at("23:00")).looksAtDeadlines(at("23:00"));
        assertThat(order.sent).noneMatch(text -> text.contains("ANSWERED"));
        order.tell(closed("R1"));
        order.looksAtDeadlines(at("23:30"));
        assertThat(order.sent).noneMatch(text -> text.contains("CANCEL_FAILED"));
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void sendsNothingLaterOfWhatFellDueInShadow() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel());
        order.under(policy());
        order.tell(another());
        order.tell(scan("S1", ParcelStage.OUT_FOR_DELIVERY));
        order.looksAtDeadlines(at("12:20")).timePasses(at("23:00"));
        assertThat(order.count("LOCK") + order.count("INTERCEPT")).isZero();
        assertThat(order.firing()).containsExactly(RACE);
    }

    @Test
    void sendsNothingLaterThatWouldTakeBackWhatWasNeverSent() {
        Scenario refund = inThisOrder(policy().shadow(), theRefund(), theParcel());
        refund.under(policy()).tell(closed("R1"));
        assertThat(refund.count("RELEASE") + refund.count("CANCEL")).isZero();
        refund.timePasses(at("23:00"));
        assertThat(refund.firing()).isEmpty();

        Scenario parcel =
                inThisOrder(policy().shadow(), theRefund(), theParcel().stage(ParcelStage.UNKNOWN));
        parcel.under(policy()).tell(voided("S1"));
        assertThat(parcel.count("RELEASE") + parcel.count("CANCEL")).isZero();
    }

    @Test
    void waitsForNoAnswerLaterToWhatWasNeverSent() {
        GivenPolicy live = policy().lockAnswerWithin(Duration.ofMinutes(10));
        GivenPolicy shadow = policy().shadow().lockAnswerWithin(Duration.ofMinutes(10));

        Scenario lock = inThisOrder(shadow, theRefund()).under(live);
        lock.tell(another());
        lock.timePasses(at("12:30"));
        assertThat(lock.firing()).isEmpty();
        lock.tell(closed("R1"));
        lock.timePasses(at("23:00"));
        assertThat(lock.sent).isEmpty();

        Scenario pull = inThisOrder(shadow, theRefund(), theParcel().stage(LABEL_CREATED))
                .under(live);
        pull.tell(voided("S1"));
        pull.timePasses(at("23:00"));
        assertThat(pull.firing()).isEmpty();

        Scenario intercept = inThisOrder(shadow, theRefund(), theParcel()).under(live);
        intercept.tell(closed("R1"));
        intercept.timePasses(at("23:00"));
        assertThat(intercept.firing()).isEmpty();
        assertThat(intercept.isCaseOpen()).isFalse();
    }

    @Test
    void sendsWhatFallsDueLater() {
        Scenario order = inThisOrder(
                policy().shadow(),
                refund("R1").line("A", 2).ordered(2),
                parcel("S1").line("A", 1).ordered(2));
        order.under(policy());
        order.tell(parcel("S2").line("A", 1).ordered(2));
        assertThat(order.recalls()).containsExactly("INTERCEPT S2");
        order.tell(refund("R1").version(2).line("A", 2).line("B", 1).ordered(1));
        assertThat(order.locks()).containsExactly("LOCK R1@* A×2 B×1");
        assertThat(order.count("LOCK")).isEqualTo(1);
    }

    @Test
    void callsBackAParcelPickedUpLater() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel().stage(LABEL_CREATED));
        assertThat(order.withheld).containsExactly("LOCK R1@* A×1", "PULL_PARCEL S1 A×1");
        order.under(policy()).tell(scan("S1", PICKED_UP));
        assertThat(order.sent).contains("INTERCEPT S1");
        assertThat(order.count("PULL_PARCEL")).isZero();
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
    }

    @Test
    void callsBackNothingForAGraceThatEndedInShadow() {
        Scenario order = inThisOrder(policy().shadow(), theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:30")).looksAtDeadlines(at("12:31"));
        order.under(policy());
        order.looksAtDeadlines(at("12:40")).timePasses(at("23:00"));
        order.tell(another());
        assertThat(order.count("INTERCEPT") + order.count("PULL_PARCEL")).isZero();
    }

    @Test
    void takesBackNothingThatWasSentBefore() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        order.under(policy().shadow()).tell(closed("R1"));
        assertThat(order.withheld).containsExactlyInAnyOrder("RELEASE R1@*", "CANCEL S1");
        assertThat(order.count("RELEASE") + order.count("CANCEL")).isZero();
        order.under(policy()).tell(another());
        order.timePasses(at("12:10"));
        assertThat(order.count("RELEASE") + order.count("CANCEL")).isZero();
    }
}
