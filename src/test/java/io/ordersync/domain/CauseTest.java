package io.ordersync.domain;

import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.Given.warehouse;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.RaceTiming.Cause.LOCK_IN_FLIGHT;
import static io.ordersync.domain.RaceTiming.Cause.LOCK_REFUSED;
import static io.ordersync.domain.RaceTiming.Cause.LOCK_UNANSWERED;
import static io.ordersync.domain.RaceTiming.Cause.REFUND_AFTER_SHIPMENT;
import static io.ordersync.domain.RaceTiming.Cause.UNDETERMINED;
import static io.ordersync.domain.RaceTiming.Cause.WAREHOUSE_IGNORED_LOCK;
import static io.ordersync.domain.RaceTiming.Type.REFUND_FIRST;
import static io.ordersync.domain.WarehouseLockResult.Refusal.LABEL_PRINTED;
import static io.ordersync.domain.WarehouseLockResult.Refusal.ORDER_UNKNOWN;
import static io.ordersync.domain.WarehouseLockResult.Status.LOCKED;
import static io.ordersync.domain.WarehouseLockResult.Status.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose cause it was that a parcel was made after its refund, as far as the LOCK and its answer tell. */
class CauseTest {
    private static final String LOCK = "LOCK|R1@*|1";

    private static Given.Refund theRefund() {
        return refund("R1").line("A", 1).ordered(1);
    }

    private static Given.Shipment madeAt(String time) {
        return parcel("S1").line("A", 1).ordered(1).createdAt(time);
    }

    private static RaceTiming.Cause causeOf(Scenario order) {
        RaceTiming race = order.alert("REFUNDED_BUT_SHIPPED S1").details().race();
        assertThat(race).isNotNull().isEqualTo(order.theCase().race());
        return race.cause();
    }

    @Test
    @DisplayName("63 is the warehouse when it shipped what it had locked")
    void isTheWarehouseWhenItShippedWhatItHadLocked() {
        Scenario order = new Scenario(policy());
        order.tell(theRefund(), at("10:00:01"));
        order.tell(warehouse(LOCK, LOCKED).at("10:00:30").operator("op-7"), at("10:00:31"));
        order.tell(madeAt("10:20").operator("op-7"), at("10:21"));
        assertThat(order.theCase().race()).isEqualTo(new RaceTiming(REFUND_FIRST, WAREHOUSE_IGNORED_LOCK, 20 * 60_000));
        assertThat(causeOf(order)).isEqualTo(WAREHOUSE_IGNORED_LOCK);
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().operatorId())
                .isEqualTo("op-7");
        assertThat(order.theCase().operatorId()).isEqualTo("op-7");
    }

    @ParameterizedTest
    @DisplayName("64 is the delay of the refund before the LOCK, and of the LOCK before its answer")
    @CsvSource({
        "10:00:00.500, REFUND_SYNC_DELAY",
        "10:00:00.999, REFUND_SYNC_DELAY",
        "10:00:01.001, LOCK_IN_FLIGHT",
        "10:00:10.000, LOCK_IN_FLIGHT",
        "10:00:29.999, LOCK_IN_FLIGHT",
        "10:00:30.001, WAREHOUSE_IGNORED_LOCK"
    })
    void isTheDelayOfTheRefundBeforeTheLock(String createdAt, RaceTiming.Cause cause) {
        Scenario order = new Scenario(policy().clockTolerance(Duration.ZERO));
        order.tell(theRefund(), at("10:00:01"));
        order.tell(warehouse(LOCK, LOCKED).at("10:00:30"), at("10:00:31"));
        order.tell(madeAt(createdAt), at("10:21"));
        assertThat(causeOf(order)).isEqualTo(cause);
    }

    @ParameterizedTest
    @DisplayName("64 is undetermined within the tolerance of a border")
    @CsvSource({
        "10:14:59.999, REFUND_SYNC_DELAY",
        "10:15:00.000, UNDETERMINED",
        "10:25:00.000, UNDETERMINED",
        "10:25:00.001, LOCK_IN_FLIGHT",
        "10:34:59.999, LOCK_IN_FLIGHT",
        "10:35:00.000, UNDETERMINED",
        "10:45:00.000, UNDETERMINED",
        "10:45:00.001, AFTER"
    })
    void isUndeterminedWithinTheToleranceOfABorder(String createdAt, String expected) {
        for (WarehouseLockResult.Status status : new WarehouseLockResult.Status[] {LOCKED, REFUSED}) {
            Scenario order = new Scenario(policy());
            order.tell(theRefund(), at("10:20"));
            order.tell(warehouse(LOCK, status).at("10:40"), at("10:41"));
            order.tell(madeAt(createdAt), at("11:30"));
            RaceTiming.Cause after = status == LOCKED ? WAREHOUSE_IGNORED_LOCK : LOCK_REFUSED;
            assertThat(causeOf(order)).isEqualTo(expected.equals("AFTER") ? after : RaceTiming.Cause.valueOf(expected));
        }
    }

    @Test
    void isCorrectedByALaterAnswer() {
        Scenario order = new Scenario(policy());
        order.tell(theRefund(), at("10:01"));
        order.tell(madeAt("10:40"), at("10:41"));
        assertThat(causeOf(order)).isEqualTo(LOCK_UNANSWERED);
        order.tell(warehouse(LOCK, LOCKED).at("10:10"), at("10:42"));
        assertThat(causeOf(order)).isEqualTo(WAREHOUSE_IGNORED_LOCK);
        assertThat(order.count("INTERCEPT S1")).isEqualTo(1);
    }

    @Test
    void isCorrectedByALaterRefusal() {
        Scenario order = new Scenario(policy());
        order.tell(theRefund(), at("10:01"));
        order.tell(madeAt("10:40"), at("10:41"));
        order.tell(warehouse(LOCK, REFUSED).because(LABEL_PRINTED).at("10:10"), at("10:42"));
        assertThat(causeOf(order)).isEqualTo(LOCK_REFUSED);
        assertThat(order.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
    }

    @Test
    void isCorrectedByAnAnswerGivenAfterTheParcelWasMade() {
        Scenario order = new Scenario(policy());
        order.tell(theRefund(), at("10:01"));
        order.tell(madeAt("10:40"), at("10:41"));
        order.tell(warehouse(LOCK, LOCKED).at("10:50"), at("10:51"));
        assertThat(causeOf(order)).isEqualTo(LOCK_IN_FLIGHT);
    }

    @Test
    void isCorrectedByAnEarlierFinalAnswer() {
        Scenario order = new Scenario(policy());
        order.tell(theRefund(), at("10:01"));
        order.tell(madeAt("10:40"), at("10:41"));
        order.tell(warehouse(LOCK, REFUSED).because(LABEL_PRINTED).at("10:20"), at("10:42"));
        order.tell(warehouse(LOCK, LOCKED).at("10:10"), at("10:42"));
        assertThat(causeOf(order)).isEqualTo(WAREHOUSE_IGNORED_LOCK);
    }

    @Test
    void isNotKnownFromWhatIsNoAnswer() {
        for (Given.WarehouseAnswer none : new Given.WarehouseAnswer[] {
            warehouse(LOCK, WarehouseLockResult.Status.UNKNOWN),
            warehouse(LOCK, REFUSED).because(ORDER_UNKNOWN)
        }) {
            Scenario order = new Scenario(policy());
            order.tell(theRefund(), at("10:01"));
            order.tell(none.at("10:10"), at("10:11"));
            order.tell(madeAt("10:40"), at("10:41"));
            assertThat(causeOf(order)).isEqualTo(LOCK_UNANSWERED);
        }
    }

    @Test
    void isFoundByTheLockOfTheParcelsWarehouse() {
        Scenario order = new Scenario(policy());
        order.tell(
                refund("R1")
                        .line("A", 1)
                        .ordered(1)
                        .warehouse("W1")
                        .line("B", 1)
                        .ordered(1)
                        .warehouse("W2"),
                at("10:01"));
        order.tell(warehouse("LOCK|R1@W1|1", REFUSED).because(LABEL_PRINTED).at("10:10"), at("10:11"));
        order.tell(warehouse("LOCK|R1@W2|1", LOCKED).at("10:10"), at("10:11"));
        order.tell(madeAt("10:40"), at("10:41"));
        assertThat(causeOf(order)).isEqualTo(LOCK_REFUSED);
    }

    @Test
    void isFoundByTheAnswerToTheFirstLock() {
        Scenario order = new Scenario(policy());
        order.tell(refund("R1").line("A", 1).ordered(2), at("10:01"));
        order.tell(warehouse(LOCK, LOCKED).at("10:02"), at("10:03"));
        order.tell(refund("R1").version(2).line("A", 2).ordered(2), at("10:50"));
        order.tell(warehouse("LOCK|R1@*|2", REFUSED).because(LABEL_PRINTED).at("10:51"), at("10:52"));
        order.tell(parcel("S1").line("A", 2).ordered(2), at("11:00"));
        assertThat(causeOf(order)).isEqualTo(WAREHOUSE_IGNORED_LOCK);
    }

    @Test
    void isNoneOfTheWarehousesWhenTheParcelCameFirstOrAtOnce() {
        Scenario shipmentFirst = new Scenario(policy());
        shipmentFirst.tell(theRefund(), at("10:01"));
        shipmentFirst.tell(warehouse(LOCK, LOCKED).at("10:02"), at("10:03"));
        shipmentFirst.tell(madeAt("09:00"), at("10:04"));
        assertThat(causeOf(shipmentFirst)).isEqualTo(REFUND_AFTER_SHIPMENT);
        Scenario ambiguous = new Scenario(policy().clockTolerance(Duration.ofMinutes(30)));
        ambiguous.tell(theRefund(), at("10:01"));
        ambiguous.tell(warehouse(LOCK, LOCKED).at("10:02"), at("10:03"));
        ambiguous.tell(madeAt("10:30"), at("10:31"));
        assertThat(causeOf(ambiguous)).isEqualTo(UNDETERMINED);
    }
}
