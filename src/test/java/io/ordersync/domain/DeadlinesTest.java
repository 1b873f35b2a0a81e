package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.InterceptResult.Status.ACCEPTED;
import static io.ordersync.domain.InterceptResult.Status.FAILED;
import static io.ordersync.domain.InterceptResult.Status.NOT_APPLIED;
import static io.ordersync.domain.InterceptResult.Status.REJECTED;
import static io.ordersync.domain.InterceptResult.Status.SUCCEEDED;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ALREADY_SHIPPED;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ORDER_UNKNOWN;
import static io.ordersync.domain.WarehouseLockResult.Status.LOCKED;
import static io.ordersync.domain.WarehouseLockResult.Status.PULLED;
import static io.ordersync.domain.WarehouseLockResult.Status.REFUSED;
import static io.ordersync.domain.WarehouseLockResult.Status.RELEASED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What time does: all commands are sent at noon, and a deadline passes only when all input was taken in. */
class DeadlinesTest {
    private static final String INTERCEPT = "INTERCEPT|S1|1";
    private static final String RACE = "REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT";
    private static final String UNANSWERED = "INTERCEPT_UNANSWERED INTERCEPT|S1|1 MEDIUM REVIEW";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    private static GivenPolicy locksAnswered() {
        return policy().lockAnswerWithin(Duration.ofMinutes(10));
    }

    @Test
    void areNoneWhereNothingIsWaitedFor() {
        assertThat(inThisOrder(theRefund()).due()).isNull();
        assertThat(inThisOrder(theParcel()).due()).isNull();
        Scenario order = inThisOrder(theRefund()).timePasses(at("23:59"));
        assertThat(order.sent).containsExactly("LOCK R1@* A×1");
    }

    @Test
    @DisplayName("51 calls back a parcel that may have been picked up by now")
    void callBackAParcelThatMayHaveBeenPickedUpByNow() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED));
        assertThat(order.due()).isEqualTo(at("12:30"));
        order.timePasses(at("12:29:59.999"));
        assertThat(order.count("INTERCEPT")).isZero();
        order.timePasses(at("12:30"));
        assertThat(order.recalls()).containsExactly("INTERCEPT S1", "PULL_PARCEL S1 A×1");
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        assertThat(order.intercept("S1").issuedAt()).isEqualTo(at("12:30"));
        assertThat(order.intercept("S1").answerBy()).isEqualTo(at("12:45"));
        assertThat(order.intercept("S1").stage()).isEqualTo(LABEL_CREATED);
        assertThat(order.due()).isEqualTo(at("12:45"));
        assertThat(order.firing()).hasSize(1).allMatch(text -> text.startsWith("REFUNDED_BUT_SHIPPED S1 HIGH"));
    }

    @Test
    @DisplayName("51 calls it back one millisecond late as well, and once")
    void callItBackLateAsWellAndOnce() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:30:00.001"));
        assertThat(order.count("INTERCEPT")).isEqualTo(1);
        order.looksAtDeadlines(at("12:31"));
        order.tell(scan("S1", PICKED_UP).at("12:32"));
        assertThat(order.count("INTERCEPT")).isEqualTo(1);
    }

    @Test
    @DisplayName("51 waits as long as is configured")
    void waitAsLongAsIsConfigured() {
        Scenario order = inThisOrder(
                policy().pickupGrace(Duration.ofMinutes(5)),
                theRefund(),
                theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:04:59.999"));
        assertThat(order.count("INTERCEPT")).isZero();
        order.timePasses(at("12:05"));
        assertThat(order.count("INTERCEPT")).isEqualTo(1);
    }

    @Test
    @DisplayName("51 calls back nothing after the grace that its row does not allow")
    void callBackNothingAfterTheGraceThatItsRowDoesNotAllow() {
        Scenario mixed =
                inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED).mergedWith("Y"));
        Scenario untracked =
                inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED).untracked());
        mixed.timePasses(at("23:59"));
        untracked.timePasses(at("23:59"));
        assertThat(mixed.count("INTERCEPT")).isZero();
        assertThat(untracked.count("INTERCEPT")).isZero();
    }

    @Test
    @DisplayName("51 calls back nothing after the grace that was taken back before")
    void callBackNothingAfterTheGraceThatWasTakenBack() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED), closed("R1"));
        order.timePasses(at("23:59"));
        assertThat(order.count("INTERCEPT")).isZero();
        assertThat(order.firing()).isEmpty();
        assertThat(order.due()).isNull();
    }

    @Test
    @DisplayName("51 counts the grace from the PULL_PARCEL that first stood")
    void callBackAMixedParcelAfterTheGraceWhereThatIsAllowed() {
        Scenario order = inThisOrder(
                policy().recallMixed(),
                theRefund(),
                theParcel().stage(LABEL_CREATED).mergedWith("Y"));
        order.timePasses(at("12:30"));
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
    }

    @Test
    @DisplayName("73 calls back anew what was picked up after the courier had not found it")
    void callBackAnewWhatWasPickedUpAfterTheCourierHadNotFoundIt() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:30"));
        order.tell(courier(INTERCEPT, REJECTED)
                .because(InterceptResult.Reason.NOT_PICKED_UP)
                .at("12:31"));
        assertThat(order.firing()).contains("INTERCEPT_FAILED INTERCEPT|S1|1 HIGH REVIEW");
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
        order.clock(at("12:40")).tell(scan("S1", PICKED_UP).at("12:39"));
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
        assertThat(order.count("INTERCEPT S1")).isEqualTo(2);
        assertThat(order.count("CANCEL")).isZero();
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
        assertThat(order.firing()).contains(RACE);
    }

    @Test
    @DisplayName("73 calls back anew also when the scan comes in before the answer")
    void callBackAnewAlsoWhenTheScanComesInBeforeTheAnswer() {
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:30"));
        order.clock(at("12:40")).tell(scan("S1", PICKED_UP).at("12:39"));
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
        order.tell(courier(INTERCEPT, REJECTED)
                .because(InterceptResult.Reason.NOT_PICKED_UP)
                .at("12:31"));
        assertThat(order.intercept("S1").generation()).isEqualTo(2);
    }

    @Test
    @DisplayName("71 tells once that a courier did not answer, until it does")
    void tellOnceThatACourierDidNotAnswer() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        assertThat(order.due()).isEqualTo(at("12:15"));
        order.timePasses(at("12:14:59.999"));
        assertThat(order.firing()).containsExactly(RACE);
        order.timePasses(at("12:15"));
        assertThat(order.firing()).containsExactly(UNANSWERED, RACE);
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
        Alert alert = order.alert("INTERCEPT_UNANSWERED INTERCEPT|S1|1");
        assertThat(alert.occurredAt()).isEqualTo(at("12:15"));
        assertThat(alert.detectedAt()).isEqualTo(at("12:15"));
        assertThat(alert.details().shipmentIds()).containsExactly("S1");

        order.looksAtDeadlines(at("12:16"));
        order.timePasses(at("23:00"));
        assertThat(order.count("FIRING INTERCEPT_UNANSWERED")).isEqualTo(1);
        order.tell(courier(INTERCEPT, SUCCEEDED).at("22:59"));
        assertThat(order.firing()).containsExactly(RACE);
        assertThat(order.caseIs()).isEqualTo("RETURNING");
        assertThat(order.count("RESOLVED INTERCEPT_UNANSWERED")).isEqualTo(1);
        assertThat(order.due()).isNull();
    }

    @Test
    @DisplayName("71 tells it also late")
    void tellItAlsoLate() {
        Scenario order = inThisOrder(theRefund(), theParcel()).timePasses(at("12:15:00.001"));
        assertThat(order.firing()).containsExactly(UNANSWERED, RACE);
        assertThat(order.alert("INTERCEPT_UNANSWERED INTERCEPT|S1|1").occurredAt())
                .isEqualTo(at("12:15"));
    }

    @ParameterizedTest
    @DisplayName("71 tells no more of it once there is any answer")
    @EnumSource(names = {"ACCEPTED", "SUCCEEDED", "FAILED", "REJECTED", "NOT_APPLIED", "UNKNOWN"})
    void tellNoMoreOfItOnceThereIsAnyAnswer(InterceptResult.Status status) {
        Scenario order = inThisOrder(theRefund(), theParcel()).timePasses(at("12:20"));
        order.tell(courier(INTERCEPT, status).at("12:19"));
        assertThat(order.firing()).doesNotContain(UNANSWERED);
    }

    @ParameterizedTest
    @DisplayName("71 does not tell it of what was answered in time")
    @EnumSource(names = {"ACCEPTED", "SUCCEEDED", "FAILED", "REJECTED", "UNKNOWN"})
    void doNotTellItOfWhatWasAnsweredInTime(InterceptResult.Status status) {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, status));
        order.timePasses(at("23:00"));
        assertThat(order.count("FIRING INTERCEPT_UNANSWERED")).isZero();
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
    }

    @Test
    @DisplayName("71 waits for the answer to what was sent anew")
    void waitForTheAnswerToWhatWasSentAnew() {
        Scenario order = inThisOrder(theRefund(), theParcel()).timePasses(at("12:10"));
        order.tell(courier(INTERCEPT, NOT_APPLIED).at("12:09"));
        assertThat(order.due()).isEqualTo(at("12:25"));
        order.timePasses(at("12:24:59.999"));
        assertThat(order.firing()).containsExactly(RACE);
        order.timePasses(at("12:25"));
        assertThat(order.firing()).containsExactly("INTERCEPT_UNANSWERED INTERCEPT|S1|2 MEDIUM REVIEW", RACE);
    }

    @Test
    @DisplayName("71 tells nothing of an INTERCEPT whose parcel left the case")
    void tellNothingOfAnInterceptWhoseParcelLeftTheCase() {
        Scenario order = inThisOrder(theRefund(), theParcel(), scan("S1", ParcelStage.RETURNED));
        order.timePasses(at("23:00"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.isCaseOpen()).isFalse();
    }

    @Test
    @DisplayName("72 is silent when the answer waited in the backlog")
    void areSilentWhenTheAnswerWaitedInTheBacklog() {
        Scenario order = inThisOrder(theRefund(), theParcel()).clock(at("13:00"));
        order.tell(refund("R2").kind(RefundApproved.Kind.REPAIR).line("B", 1));
        order.tell(scan("S1", PICKED_UP).at("12:10"));
        assertThat(order.firing()).containsExactly(RACE);
        order.tell(courier(INTERCEPT, ACCEPTED).at("12:05"));
        order.timePasses(at("13:00"));
        assertThat(order.count("FIRING INTERCEPT_UNANSWERED")).isZero();
    }

    @Test
    @DisplayName("72 waits out a backlog for the grace, for a CANCEL and for a lock as well")
    void waitOutABacklogForEveryDeadline() {
        Scenario pull =
                inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED)).clock(at("13:00"));
        pull.tell(refund("R2").kind(RefundApproved.Kind.REPAIR).line("B", 1));
        assertThat(pull.count("INTERCEPT")).isZero();
        pull.tell(warehouse("PULL_PARCEL|S1|1", PULLED).at("12:20"));
        pull.timePasses(at("13:00"));
        assertThat(pull.count("INTERCEPT")).isZero();
        assertThat(pull.caseIs()).isEqualTo("CLOSED PREVENTED");

        Scenario cancel = inThisOrder(theRefund(), theParcel(), closed("R1")).clock(at("13:00"));
        cancel.tell(refund("R2").kind(RefundApproved.Kind.REPAIR).line("B", 1));
        assertThat(cancel.firing()).isEmpty();
        cancel.tell(courier("CANCEL|S1|1", InterceptResult.Status.CANCELLED).at("12:05"));
        cancel.timePasses(at("13:00"));
        assertThat(cancel.firing()).isEmpty();

        Scenario lock = inThisOrder(locksAnswered(), theRefund()).clock(at("13:00"));
        lock.tell(refund("R2").kind(RefundApproved.Kind.REPAIR).line("B", 1));
        assertThat(lock.firing()).isEmpty();
        lock.tell(warehouse("LOCK|R1@*|1", LOCKED).at("12:05"));
        lock.timePasses(at("13:00"));
        assertThat(lock.firing()).isEmpty();
    }

    @Test
    @DisplayName("72 counts an answer given after its time, but taken in before the deadline was looked at")
    void countAnAnswerGivenLateButTakenInBefore() {
        Scenario order = inThisOrder(theRefund(), theParcel()).clock(at("13:00"));
        order.tell(courier(INTERCEPT, SUCCEEDED).at("12:50"));
        order.timePasses(at("13:00"));
        assertThat(order.firing()).containsExactly(RACE);
    }

    @Test
    void ofLocksAreOffUnlessSet() {
        Scenario order = inThisOrder(theRefund());
        assertThat(order.command("LOCK R1@*").answerBy()).isNull();
        assertThat(order.due()).isNull();
    }

    @Test
    void tellOfALockNotAnsweredInTime() {
        Scenario order = inThisOrder(locksAnswered(), theRefund());
        assertThat(order.due()).isEqualTo(at("12:10"));
        order.timePasses(at("12:09:59.999"));
        assertThat(order.firing()).isEmpty();
        order.timePasses(at("12:10"));
        assertThat(order.firing()).containsExactly("LOCK_UNANSWERED LOCK|R1@*|1 MEDIUM REVIEW");
        assertThat(order.alert("LOCK_UNANSWERED LOCK|R1@*|1").occurredAt()).isEqualTo(at("12:10"));
        assertThat(order.caseIs()).isEqualTo("NONE");
        order.tell(warehouse("LOCK|R1@*|1", LOCKED).at("12:11"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.count("FIRING LOCK_UNANSWERED")).isEqualTo(1);
    }

    @Test
    void tellOfALockUntilAllHasShippedOrTheRefundIsClosed() {
        Scenario shipped = inThisOrder(locksAnswered(), theRefund()).timePasses(at("12:10"));
        shipped.tell(theParcel());
        assertThat(shipped.firing()).containsExactly(RACE);
        Scenario closed = inThisOrder(locksAnswered(), theRefund()).timePasses(at("12:10"));
        closed.tell(closed("R1"));
        assertThat(closed.firing()).isEmpty();
    }

    @Test
    void tellNothingOfALockWhenAllHasShippedInTime() {
        Scenario order = inThisOrder(locksAnswered(), theRefund(), theParcel());
        order.timePasses(at("12:14"));
        assertThat(order.firing()).containsExactly(RACE);
    }

    @Test
    void tellOfAReleaseNotAnsweredInTime() {
        Scenario order =
                inThisOrder(locksAnswered(), theRefund(), theRefund().version(2).kind(RefundApproved.Kind.REPAIR));
        order.timePasses(at("12:09:59.999"));
        assertThat(order.firing()).isEmpty();
        order.timePasses(at("12:10"));
        assertThat(order.firing()).containsExactly("LOCK_UNANSWERED RELEASE|R1@*|1 MEDIUM REVIEW");
        order.tell(warehouse("RELEASE|R1@*|1", RELEASED).at("12:11"));
        assertThat(order.firing()).isEmpty();
    }

    @Test
    void tellNothingOfALockThatWasTakenBackInTime() {
        Scenario order =
                inThisOrder(locksAnswered(), theRefund(), theRefund().version(2).kind(RefundApproved.Kind.REPAIR));
        order.tell(warehouse("RELEASE|R1@*|1", RELEASED));
        order.timePasses(at("23:00"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.due()).isNull();
    }

    @Test
    void tellOfAPullNotAnsweredInTime() {
        Scenario order = inThisOrder(locksAnswered(), theRefund(), theParcel().stage(LABEL_CREATED));
        order.tell(warehouse("LOCK|R1@*|1", LOCKED));
        order.timePasses(at("12:09:59.999"));
        assertThat(order.count("FIRING LOCK_UNANSWERED")).isZero();
        order.timePasses(at("12:10"));
        assertThat(order.firing()).contains("LOCK_UNANSWERED PULL_PARCEL|S1|1 MEDIUM REVIEW");
        order.tell(warehouse("PULL_PARCEL|S1|1", PULLED).at("12:11"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.caseIs()).isEqualTo("CLOSED PREVENTED");
    }

    @Test
    void tellOfAPullUntilItIsRefused() {
        Scenario order = inThisOrder(locksAnswered(), theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:10"));
        order.tell(
                warehouse("PULL_PARCEL|S1|1", REFUSED).because(ALREADY_SHIPPED).at("12:11"));
        assertThat(order.firing()).noneMatch(text -> text.startsWith("LOCK_UNANSWERED PULL"));
        assertThat(order.recalls()).contains("INTERCEPT S1");
    }

    @Test
    @DisplayName("61 tells of an unknown order at answerBy")
    void tellOfAnUnknownOrderAtAnswerBy() {
        Scenario order = inThisOrder(
                locksAnswered(), theRefund(), warehouse("LOCK|R1@*|1", REFUSED).because(ORDER_UNKNOWN));
        assertThat(order.firing()).isEmpty();
        order.timePasses(at("12:09:59.999"));
        assertThat(order.firing()).isEmpty();
        order.timePasses(at("12:10"));
        assertThat(order.firing()).containsExactly("LOCK_UNANSWERED LOCK|R1@*|1 MEDIUM REVIEW");
    }

    @Test
    @DisplayName("61 tells of an unknown order after half an hour where no answer is waited for")
    void tellOfAnUnknownOrderAfterHalfAnHour() {
        Scenario order = inThisOrder(
                theRefund(),
                warehouse("LOCK|R1@*|1", REFUSED).because(ORDER_UNKNOWN).at("12:00"));
        assertThat(order.due()).isNotNull();
        order.timePasses(at("12:29:59.999"));
        assertThat(order.firing()).isEmpty();
        order.timePasses(at("12:30"));
        assertThat(order.firing()).containsExactly("LOCK_UNANSWERED LOCK|R1@*|1 MEDIUM REVIEW");
        order.tell(warehouse("LOCK|R1@*|1", LOCKED).at("12:31"));
        assertThat(order.firing()).isEmpty();
    }

    @Test
    @DisplayName("61 tells nothing of an unknown order that is locked in time")
    void tellNothingOfAnUnknownOrderThatIsLockedInTime() {
        Scenario order = inThisOrder(
                theRefund(),
                warehouse("LOCK|R1@*|1", REFUSED).because(ORDER_UNKNOWN),
                warehouse("LOCK|R1@*|1", LOCKED).at("12:02"));
        order.timePasses(at("23:00"));
        assertThat(order.sent).containsExactly("LOCK R1@* A×1");
        assertThat(order.due()).isNull();
    }

    @Test
    @DisplayName("Without intercept-results no answer is waited for")
    void areNoneOfCouriersWithoutTheirAnswers() {
        Scenario order = inThisOrder(policy().withoutInterceptAnswers(), theRefund(), theParcel());
        order.looksAtDeadlines(at("23:00"));
        assertThat(order.firing()).containsExactly(RACE);
        order.tell(closed("R1"));
        assertThat(order.count("CANCEL S1")).isEqualTo(1);
        order.looksAtDeadlines(at("23:59"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.isCaseOpen()).isFalse();
    }

    @Test
    @DisplayName("Without intercept-results a paid parcel that comes back is told of all the same")
    void failACancelByScansWithoutAnswers() {
        Scenario order = inThisOrder(policy().withoutInterceptAnswers(), theRefund(), theParcel(), closed("R1"));
        order.tell(scan("S1", ParcelStage.RETURNING).at("12:02"));
        assertThat(order.firing()).containsExactly("CANCEL_FAILED INTERCEPT|S1|1 HIGH REVIEW");
    }

    @Test
    @DisplayName("Without warehouse-lock-results no lock is told to be unanswered, and the grace runs all the same")
    void areNoneOfWarehousesWithoutTheirAnswers() {
        Scenario order = inThisOrder(
                locksAnswered().withoutLockAnswers(), theRefund(), theParcel().stage(LABEL_CREATED));
        order.timePasses(at("12:29:59.999"));
        assertThat(order.count("FIRING LOCK_UNANSWERED")).isZero();
        assertThat(order.count("INTERCEPT")).isZero();
        order.timePasses(at("12:30"));
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
        assertThat(order.count("FIRING LOCK_UNANSWERED")).isZero();
    }

    @Test
    @DisplayName("Without warehouse-lock-results no warehouse is told by when to answer")
    void areToldToNoWarehouseThatCannotAnswer() {
        Scenario order = new Scenario(locksAnswered().withoutLockAnswers());
        List<Effect> sent = new ArrayList<>(order.tell(theRefund()).effects());
        sent.addAll(order.tell(theParcel().stage(LABEL_CREATED)).effects());
        sent.addAll(order.tell(closed("R1")).effects());
        assertThat(sent)
                .filteredOn(LockCommand.class::isInstance)
                .map(LockCommand.class::cast)
                .hasSize(4)
                .allMatch(command -> command.answerBy() == null);
    }

    @Test
    void saySoonestWhatIsDueNext() {
        Scenario order = inThisOrder(
                locksAnswered(),
                refund("R1").line("A", 1).ordered(1).line("B", 1).ordered(1),
                parcel("S1").line("A", 1).ordered(1),
                parcel("S2").line("B", 1).ordered(1).stage(LABEL_CREATED));
        assertThat(order.due()).isEqualTo(at("12:10"));
        order.timePasses(at("12:10"));
        assertThat(order.due()).isEqualTo(at("12:15"));
        order.timePasses(at("12:15"));
        assertThat(order.due()).isEqualTo(at("12:30"));
        order.timePasses(at("12:30"));
        assertThat(order.due()).isEqualTo(at("12:45"));
        order.timePasses(at("12:45"));
        assertThat(order.due()).isNull();
    }

    @Test
    void passWithoutEffectWhenLookedAtTooSoonOrAgain() {
        Scenario order = inThisOrder(theRefund(), theParcel());
        int before = order.sent.size();
        order.looksAtDeadlines(at("12:14"));
        assertThat(order.sent).hasSize(before);
        order.looksAtDeadlines(at("12:15"));
        order.looksAtDeadlines(at("12:15"));
        assertThat(order.sent).hasSize(before + 1);
    }

    @Test
    @DisplayName("An INTERCEPT that failed in time is not told to be unanswered")
    void areMetByAFailure() {
        Scenario order = inThisOrder(theRefund(), theParcel(), courier(INTERCEPT, FAILED));
        assertThat(order.due()).isNull();
    }
}
