package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.closed;
import static io.ordersync.domain.Given.courier;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.scan;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.ParcelStage.IN_TRANSIT;
import static io.ordersync.domain.ParcelStage.LABEL_CREATED;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ALREADY_PACKED;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ALREADY_SHIPPED;
import static io.ordersync.domain.WarehouseLockResult.Refusal.LABEL_PRINTED;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ORDER_UNKNOWN;
import static io.ordersync.domain.WarehouseLockResult.Status.LOCKED;
import static io.ordersync.domain.WarehouseLockResult.Status.PULLED;
import static io.ordersync.domain.WarehouseLockResult.Status.REFUSED;
import static io.ordersync.domain.WarehouseLockResult.Status.RELEASED;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SCENARIOS.md, "Answers": what a warehouse did with a LOCK or a PULL_PARCEL. */
class WarehouseAnswersTest {
    private static final String LOCK = "LOCK|R1@*|1";
    private static final String PULL = "PULL_PARCEL|S1|1";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment theParcel() {
        return parcel("S1").line("A", 1).ordered(1);
    }

    /** A case need not have opened when the answer was there before the command. */
    private static void isPrevented(Scenario it) {
        assertThat(it.isCaseOpen()).isFalse();
        assertThat(it.firing()).isEmpty();
        if (it.came("R1@1", PULL + " PULLED") && it.came("S1@1", PULL + " PULLED")) {
            assertThat(it.caseIs()).isEqualTo("CLOSED PREVENTED");
        }
    }

    /** Its units are back on the shelf: they are not to leave again, whether it was said before or after. */
    @Test
    void locksWhatWasPulledOffTheBench() {
        inEveryOrder(theRefund(), theParcel().stage(LABEL_CREATED), warehouse(PULL, PULLED))
                .then(it -> assertThat(it.locks()).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    @DisplayName("52 closes the case of a parcel that was pulled off the bench")
    void closesTheCaseOfAParcelThatWasPulledOffTheBench() {
        inEveryOrder(theRefund(), theParcel().stage(LABEL_CREATED), warehouse(PULL, PULLED))
                .then(it -> {
                    isPrevented(it);
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.count("RELEASE_PARCEL")).isZero();
                });
        Scenario order = inThisOrder(theRefund(), theParcel().stage(LABEL_CREATED), warehouse(PULL, PULLED));
        order.timePasses(Given.at("23:59"));
        assertThat(order.count("INTERCEPT")).isZero();
        assertThat(order.caseIs()).isEqualTo("CLOSED PREVENTED");
    }

    @ParameterizedTest
    @DisplayName("52 calls back a parcel that travels although it was pulled")
    @EnumSource(names = {"PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY"})
    void callsBackAParcelThatTravelsAlthoughItWasPulled(ParcelStage stage) {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, PULLED),
                        scan("S1", stage).at("12:02"))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.count("CANCEL")).isZero();
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @ParameterizedTest
    @DisplayName("52 does not call back a parcel that was pulled and not seen travelling after it")
    @CsvSource({"LABEL_CREATED, 12:02", "UNKNOWN, 12:02"})
    void doesNotCallBackAParcelThatWasPulledAndDoesNotTravel(ParcelStage stage, String at) {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, PULLED),
                        scan("S1", stage).at(at))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    isPrevented(it);
                });
    }

    @Test
    @DisplayName("52 pulls a parcel anew that was packed anew")
    void pullsAParcelAnewThatWasPackedAnew() {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, PULLED),
                        theParcel().version(2).stage(LABEL_CREATED).createdAt("12:02"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH PULL");
                    assertThat(it.caseIs()).isEqualTo("PULLING");
                });
        Scenario order = inThisOrder(
                theRefund(),
                theParcel().stage(LABEL_CREATED),
                warehouse(PULL, PULLED),
                theParcel().version(2).stage(LABEL_CREATED).createdAt("12:02"));
        assertThat(order.command("PULL_PARCEL S1").generation()).isEqualTo(2);
        assertThat(order.caseStates).containsExactly("PULLING", "CLOSED PREVENTED", "PULLING");
    }

    @Test
    @DisplayName("52 pulls a parcel anew that was put back for a RELEASE")
    void pullsAParcelAnewThatWasPutBack() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel().stage(LABEL_CREATED),
                warehouse(PULL, PULLED),
                closed("R1"),
                warehouse("RELEASE_PARCEL|S1|1", RELEASED).at("12:02"));
        assertThat(order.recalls()).isEmpty();
        order.tell(refund("R2").line("A", 1).ordered(1).approvedAt("11:30"));
        assertThat(order.recalls()).containsExactly("PULL_PARCEL S1 A×1");
        assertThat(order.command("PULL_PARCEL S1").generation()).isEqualTo(2);
        assertThat(order.caseIs()).isEqualTo("PULLING");
    }

    @Test
    @DisplayName("52 takes a PULLED that was put back for no answer to the PULL_PARCEL sent anew")
    void takesAPulledThatWasPutBackForNoAnswerToTheNewPull() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel().stage(LABEL_CREATED),
                closed("R1"),
                refund("R2").line("A", 1).ordered(1).approvedAt("11:30"),
                warehouse(PULL, PULLED),
                warehouse("RELEASE_PARCEL|S1|1", RELEASED).at("12:02"));
        assertThat(order.caseIs()).isEqualTo("PULLING");
        order.tell(
                warehouse("PULL_PARCEL|S1|2", REFUSED).because(ALREADY_SHIPPED).at("12:03"));
        assertThat(order.recalls()).contains("INTERCEPT S1");
        assertThat(order.caseIs()).isEqualTo("INTERCEPTING");
    }

    @Test
    @DisplayName("52 leaves a parcel pulled when another one came back too")
    void leavesAParcelPulledWhenAnotherOneCameBackToo() {
        Scenario order = inThisOrder(
                parcel("S1").line("A", 1).ordered(2).stage(LABEL_CREATED),
                parcel("S2").line("A", 1).ordered(2).createdAt("09:00"),
                refund("R1").line("A", 1).ordered(2),
                warehouse(PULL, PULLED),
                scan("S2", ParcelStage.RETURNED).at("12:02"));
        assertThat(order.recalls()).containsExactly("PULL_PARCEL S1 A×1");
        assertThat(order.caseIs()).isEqualTo("CLOSED PREVENTED");
    }

    @Test
    @DisplayName("52 cancels the INTERCEPT of a parcel that was pulled")
    void cancelsTheInterceptOfAParcelThatWasPulled() {
        inEveryOrder(theRefund(), theParcel().stage(ParcelStage.UNKNOWN), warehouse(PULL, PULLED))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("PULL_PARCEL S1 A×1");
                    assertThat(it.count("CANCEL")).isEqualTo(it.count("INTERCEPT"));
                    isPrevented(it);
                });
    }

    @Test
    @DisplayName("52 cancels no INTERCEPT that has ended")
    void cancelsNoInterceptThatHasEnded() {
        Scenario order = inThisOrder(
                theRefund(),
                theParcel().stage(ParcelStage.UNKNOWN),
                courier("INTERCEPT|S1|1", InterceptResult.Status.REJECTED)
                        .because(InterceptResult.Reason.NOT_PICKED_UP),
                warehouse(PULL, PULLED).at("12:02"));
        assertThat(order.count("CANCEL")).isZero();
        assertThat(order.caseIs()).isEqualTo("CLOSED PREVENTED");
        assertThat(order.firing()).isEmpty();
    }

    @Test
    @DisplayName("61 tells that a lock came too late, until the parcel is seen")
    void tellsThatALockCameTooLate() {
        inEveryOrder(theRefund(), warehouse(LOCK, REFUSED).because(ALREADY_SHIPPED))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("LOCK_TOO_LATE LOCK|R1@*|1 HIGH REVIEW");
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                    assertThat(it.caseIs()).isEqualTo("NONE");
                });
        inEveryOrder(theRefund(), warehouse(LOCK, REFUSED).because(ALREADY_SHIPPED), theParcel())
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @ParameterizedTest
    @DisplayName("62 tells what a refusal asks for")
    @CsvSource({
        "ALREADY_SHIPPED, LOCK_TOO_LATE, HIGH REVIEW",
        "OTHER, LOCK_TOO_LATE, HIGH REVIEW",
        "UNKNOWN, LOCK_TOO_LATE, HIGH REVIEW",
        ", LOCK_TOO_LATE, HIGH REVIEW",
        "LABEL_PRINTED, PULL_AT_BENCH, HIGH PULL",
        "ALREADY_PACKED, PULL_AT_BENCH, HIGH PULL",
        "UNSUPPORTED, LOCK_UNSUPPORTED, MEDIUM REVIEW"
    })
    void tellsWhatARefusalAsksFor(WarehouseLockResult.@Nullable Refusal refusal, String code, String how) {
        inEveryOrder(theRefund(), warehouse(LOCK, REFUSED).because(refusal)).then(it -> {
            assertThat(it.firing()).containsExactly(code + " LOCK|R1@*|1 " + how);
            Alert alert = it.alert(code + " LOCK|R1@*|1");
            assertThat(alert.occurredAt()).isEqualTo(Given.at("12:01"));
            assertThat(alert.details().refundIds()).containsExactly("R1");
        });
    }

    @ParameterizedTest
    @DisplayName("62 tells it until all of the refund's units have shipped, or it is closed")
    @EnumSource(
            value = WarehouseLockResult.Refusal.class,
            names = {"ALREADY_SHIPPED", "LABEL_PRINTED", "UNSUPPORTED"})
    void tellsItUntilAllHasShippedOrTheRefundIsClosed(WarehouseLockResult.Refusal refusal) {
        inEveryOrder(theRefund(), warehouse(LOCK, REFUSED).because(refusal), closed("R1"))
                .then(it -> assertThat(it.firing()).isEmpty());
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        warehouse(LOCK, REFUSED).because(refusal),
                        parcel("S1").line("A", 1).ordered(2))
                .then(it -> assertThat(it.firing()).hasSize(1));
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        warehouse(LOCK, REFUSED).because(refusal),
                        parcel("S1").line("A", 1).ordered(2),
                        parcel("S2").line("A", 1).ordered(2))
                .then(it ->
                        assertThat(it.firing()).hasSize(1).allMatch(text -> text.startsWith("REFUNDED_BUT_SHIPPED")));
    }

    @Test
    @DisplayName("62 tells of every warehouse that refused")
    void tellsOfEveryWarehouseThatRefused() {
        inEveryOrder(
                        refund("R1")
                                .line("A", 1)
                                .ordered(1)
                                .warehouse("W1")
                                .line("B", 1)
                                .ordered(1)
                                .warehouse("W2"),
                        warehouse("LOCK|R1@W1|1", REFUSED).because(LABEL_PRINTED),
                        warehouse("LOCK|R1@W2|1", REFUSED).because(ALREADY_SHIPPED))
                .then(it -> assertThat(it.firing())
                        .containsExactly(
                                "LOCK_TOO_LATE LOCK|R1@W2|1 HIGH REVIEW", "PULL_AT_BENCH LOCK|R1@W1|1 HIGH PULL"));
    }

    @Test
    @DisplayName("62 tells nothing more of a lock that was taken back")
    void tellsNothingMoreOfALockThatWasReplaced() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2),
                        warehouse(LOCK, REFUSED).because(LABEL_PRINTED),
                        refund("R1").version(2).kind(RefundApproved.Kind.PRICE_ADJUSTMENT))
                .then(it -> assertThat(it.firing()).isEmpty());
    }

    @Test
    @DisplayName("62 tells nothing again of a lock whose units have shipped and came back, or were pulled")
    void tellsNothingAgainOfALockWhoseUnitsCameBackOrWerePulled() {
        inEveryOrder(
                        theRefund(),
                        warehouse(LOCK, REFUSED).because(ALREADY_SHIPPED),
                        theParcel(),
                        courier("INTERCEPT|S1|1", InterceptResult.Status.SUCCEEDED),
                        scan("S1", ParcelStage.RETURNED).at("12:02"))
                .then(it -> assertThat(it.firing()).isEmpty());
        inEveryOrder(
                        theRefund(),
                        warehouse(LOCK, REFUSED).because(LABEL_PRINTED),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, PULLED))
                .then(it -> assertThat(it.firing()).isEmpty());
    }

    @ParameterizedTest
    @DisplayName("61 takes what is no answer as none")
    @CsvSource({"UNKNOWN, ", "REFUSED, ORDER_UNKNOWN"})
    void takesWhatIsNoAnswerAsNone(WarehouseLockResult.Status status, WarehouseLockResult.@Nullable Refusal refusal) {
        inEveryOrder(theRefund(), warehouse(LOCK, status).because(refusal))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    void areSilentWhenLocked() {
        inEveryOrder(theRefund(), warehouse(LOCK, LOCKED))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    @DisplayName("70 lets the earliest of a warehouse's final answers stand")
    void letTheEarliestStand() {
        inEveryOrder(
                        theRefund(),
                        warehouse(LOCK, LOCKED),
                        warehouse(LOCK, REFUSED).because(ALREADY_PACKED).at("12:02"))
                .then(it -> assertThat(it.firing()).isEmpty());
        inEveryOrder(
                        theRefund(),
                        warehouse(LOCK, LOCKED).at("12:02"),
                        warehouse(LOCK, REFUSED).because(ALREADY_PACKED))
                .then(it -> assertThat(it.firing()).containsExactly("PULL_AT_BENCH LOCK|R1@*|1 HIGH PULL"));
        Scenario order = inThisOrder(theRefund(), warehouse(LOCK, LOCKED));
        assertThat(order.tell(warehouse(LOCK, REFUSED).because(ALREADY_PACKED).at("12:02"))
                        .outcome())
                .isEqualTo(Decision.Outcome.CONTRADICTED);
    }

    @Test
    @DisplayName("70 lets a final answer stand although the order was unknown before it")
    void letAFinalAnswerStandAlthoughTheOrderWasUnknownBeforeIt() {
        inEveryOrder(
                        theRefund(),
                        warehouse(LOCK, REFUSED).because(ORDER_UNKNOWN),
                        warehouse(LOCK, REFUSED)
                                .because(LABEL_PRINTED)
                                .at("12:02")
                                .event("!"))
                .then(it -> assertThat(it.firing()).containsExactly("PULL_AT_BENCH LOCK|R1@*|1 HIGH PULL"));
    }

    @ParameterizedTest
    @DisplayName("74 calls back at once what could not be pulled")
    @EnumSource(
            value = WarehouseLockResult.Refusal.class,
            names = {"ALREADY_SHIPPED", "OTHER", "UNSUPPORTED", "LABEL_PRINTED", "ALREADY_PACKED", "UNKNOWN"})
    void callsBackAtOnceWhatCouldNotBePulled(WarehouseLockResult.Refusal refusal) {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, REFUSED).because(refusal))
                .then(it -> {
                    assertThat(it.recalls()).contains("INTERCEPT S1");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.firing())
                            .hasSize(1)
                            .allMatch(text -> text.startsWith("REFUNDED_BUT_SHIPPED S1 HIGH"));
                    assertThat(it.caseIs()).isEqualTo("INTERCEPTING");
                });
    }

    @Test
    @DisplayName("74 calls back nothing that could not be pulled where its row does not allow it")
    void callsBackNothingWhereTheRowDoesNotAllowIt() {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED).mergedWith("Y"),
                        warehouse(PULL, REFUSED).because(ALREADY_SHIPPED))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("MIXED_PARCEL S1 HIGH REVIEW");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED).courier(null),
                        warehouse(PULL, REFUSED).because(ALREADY_SHIPPED))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    assertThat(it.firing()).containsExactly("INTERCEPT_UNSUPPORTED S1 HIGH REVIEW");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }

    @Test
    @DisplayName("51 is PULLING while the bench has not answered")
    void isPullingWhileTheBenchHasNotAnswered() {
        inEveryOrder(theRefund(), theParcel().stage(LABEL_CREATED))
                .then(it -> assertThat(it.caseIs()).isEqualTo("PULLING"));
        inEveryOrder(theRefund(), theParcel().stage(LABEL_CREATED).mergedWith("Y"))
                .then(it -> assertThat(it.caseIs()).isEqualTo("PULLING"));
    }

    @Test
    @DisplayName("52 leaves out of O and R what is bound to a pulled parcel")
    void leavesOutWhatIsBoundToAPulledParcel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2).of("S1"),
                        parcel("S1").line("A", 1).ordered(2).stage(LABEL_CREATED),
                        warehouse(PULL, PULLED),
                        parcel("S2").line("A", 1).ordered(2).stage(IN_TRANSIT))
                .then(it -> {
                    assertThat(it.count("INTERCEPT")).isZero();
                    isPrevented(it);
                });
    }

    @Test
    @DisplayName("52 asks back a pulled parcel that was picked up and delivered")
    void asksBackAPulledParcelThatWasDelivered() {
        inEveryOrder(
                        theRefund(),
                        theParcel().stage(LABEL_CREATED),
                        warehouse(PULL, PULLED),
                        scan("S1", PICKED_UP).at("12:02"),
                        scan("S1", ParcelStage.DELIVERED).at("12:03"))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("DELIVERED_AFTER_REFUND S1 HIGH REQUEST_RETURN");
                    assertThat(it.caseIs()).isEqualTo("MANUAL");
                });
    }
}
