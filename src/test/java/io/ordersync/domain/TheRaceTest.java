package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.RaceTiming.Cause.REFUND_AFTER_SHIPMENT;
import static io.ordersync.domain.RaceTiming.Cause.REFUND_SYNC_DELAY;
import static io.ordersync.domain.RaceTiming.Cause.UNDETERMINED;
import static io.ordersync.domain.RaceTiming.Type.AMBIGUOUS;
import static io.ordersync.domain.RaceTiming.Type.REFUND_FIRST;
import static io.ordersync.domain.RaceTiming.Type.SHIPMENT_FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SCENARIOS.md, "The race". */
class TheRaceTest {

    @Test
    @DisplayName("01 locks the units of a refund, and alerts nobody")
    void locksTheUnitsOfARefund() {
        inEveryOrder(refund("R1").line("A", 1).ordered(1)).then(it -> {
            assertThat(it.sent).containsExactly("LOCK R1@* A×1");
            LockCommand lock = it.command("LOCK R1@*");
            assertThat(lock.generation()).isEqualTo(1);
            assertThat(lock.refundId()).isEqualTo("R1");
            assertThat(lock.warehouseId()).isNull();
            assertThat(lock.wholeOrder()).isFalse();
            assertThat(lock.lines()).containsExactly(new Effect.LineUnits("A", "SKU-A", 1));
            assertThat(lock.reason()).isEqualTo(LockCommand.Reason.REFUND_APPROVED);
            assertThat(lock.issuedAt()).isEqualTo(Scenario.NOON);
            assertThat(lock.answerBy()).isNull();
        });
    }

    @Test
    @DisplayName("02 calls back the parcel that follows a refund, once")
    void callsBackTheParcelThatFollowsARefund() {
        inEveryOrder(refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.count("INTERCEPT")).isEqualTo(1);
                    assertThat(it.locks()).isEqualTo(it.came("R1@1", "S1@1") ? List.of("LOCK R1@* A×1") : List.of());
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                            .isEqualTo(new RaceTiming(REFUND_FIRST, REFUND_SYNC_DELAY, 40 * 60_000));
                });
    }

    @Test
    @DisplayName("02 tells the courier's adapter all it needs")
    void tellsTheCouriersAdapterAllItNeeds() {
        inEveryOrder(refund("R1").line("A", 1).ordered(1), parcel("S1").line("A", 1))
                .then(it -> {
                    InterceptCommand intercept = it.intercept("S1");
                    assertThat(intercept.generation()).isEqualTo(1);
                    assertThat(intercept.caseId()).isEqualTo(ContractId.of("DOUYIN:shop-1:X|CASE"));
                    assertThat(intercept.shipmentId()).isEqualTo("S1");
                    assertThat(intercept.trackingNumber()).isEqualTo("SF1234567890");
                    assertThat(intercept.courier()).isEqualTo("SF");
                    assertThat(intercept.warehouseId()).isEqualTo("W1");
                    assertThat(intercept.refundIds()).containsExactly("R1");
                    assertThat(intercept.stage()).isEqualTo(ParcelStage.IN_TRANSIT);
                    assertThat(intercept.certainty()).isEqualTo(Effect.Certainty.CONFIRMED);
                    assertThat(intercept.goodsValueMinor()).isEqualTo(12900);
                    assertThat(intercept.maxFeeMinor()).isNull();
                    assertThat(intercept.currency()).isEqualTo("CNY");
                    assertThat(intercept.collateral()).isEmpty();
                    assertThat(intercept.issuedAt()).isEqualTo(Scenario.NOON);
                    assertThat(intercept.answerBy()).isEqualTo(at("12:15"));
                });
    }

    @Test
    @DisplayName("03 calls back the parcel that a refund follows, less urgently")
    void callsBackTheParcelThatARefundFollows() {
        inEveryOrder(
                        parcel("S1").line("A", 1).ordered(1).createdAt("10:00"),
                        refund("R1")
                                .kind(RefundApproved.Kind.REFUND_ONLY)
                                .line("A", 1)
                                .approvedAt("11:00"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 MEDIUM INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                            .isEqualTo(new RaceTiming(SHIPMENT_FIRST, REFUND_AFTER_SHIPMENT, -60 * 60_000));
                    if (it.came("S1@1", "R1@1")) {
                        assertThat(it.count("LOCK")).isZero();
                    }
                });
    }

    @Test
    @DisplayName("04 finds one race among a thousand orders, told three times each and shuffled")
    void findsOneRaceAmongAThousandOrders() {
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i <= 1000; i++) {
            OrderKey order = i == 0 ? Scenario.ORDER : new OrderKey("DOUYIN", "shop-1", "other-" + i);
            Fact refund = refund("R1").line("A", 1).ordered(1).build();
            Fact parcel = parcel("S1").line(i % 3 == 0 ? "A" : "B", 1).build();
            for (int times = 0; times < 3; times++) {
                arrivals.add(new Arrival(order, refund));
                arrivals.add(new Arrival(order, parcel));
            }
        }
        Collections.shuffle(arrivals, new Random(4));

        Map<OrderKey, OrderRecord> records = new HashMap<>();
        Map<UUID, Integer> commands = new HashMap<>();
        for (Arrival arrival : arrivals) {
            Decision decision = Decision.on(
                    arrival,
                    records.getOrDefault(arrival.order(), OrderRecord.NEW),
                    GivenPolicy.policy().build(),
                    Scenario.NOON);
            records.put(arrival.order(), decision.next() == null ? OrderRecord.NEW : decision.next());
            for (Effect effect : decision.effects()) {
                if (!(effect instanceof Alert)) {
                    commands.merge(effect.id(), 1, Integer::sum);
                }
            }
        }

        assertThat(commands).containsEntry(ContractId.of("DOUYIN:shop-1:X|INTERCEPT|S1|1"), 1);
        assertThat(commands.values()).allMatch(times -> times == 1);
    }

    @Test
    @DisplayName("05 takes times within the tolerance as simultaneous")
    void takesTimesWithinTheToleranceAsSimultaneous() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).createdAt("09:58:30"))
                .then(it -> {
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                            .isEqualTo(new RaceTiming(AMBIGUOUS, UNDETERMINED, -90_000));
                });
    }

    @Test
    @DisplayName("06 sees no race between two shops that share an orderId")
    void seesNoRaceBetweenTwoShops() {
        Arrival refund = new Arrival(
                new OrderKey("DOUYIN", "shop-1", "X"),
                refund("R1").line("A", 1).ordered(1).build());
        Arrival parcel = new Arrival(
                new OrderKey("DOUYIN", "shop-2", "X"),
                parcel("S1").line("A", 1).ordered(1).build());
        Policy policy = GivenPolicy.policy().build();

        assertThat(refund.order()).isNotEqualTo(parcel.order());
        assertThat(Decision.on(refund, OrderRecord.NEW, policy, Scenario.NOON).effects())
                .singleElement()
                .isInstanceOf(LockCommand.class);
        assertThat(Decision.on(parcel, OrderRecord.NEW, policy, Scenario.NOON).effects())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10:05:00.001, REFUND_FIRST",
        "10:05:00.000, AMBIGUOUS",
        "10:04:59.999, AMBIGUOUS",
        "10:00:00.000, AMBIGUOUS",
        "09:55:00.001, AMBIGUOUS",
        "09:55:00.000, AMBIGUOUS",
        "09:54:59.999, SHIPMENT_FIRST"
    })
    void tellsWhichCameFirstBeyondTheTolerance(String createdAt, RaceTiming.Type type) {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).createdAt(createdAt))
                .then(it -> assertThat(
                                it.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                        .extracting(RaceTiming::type)
                        .isEqualTo(type));
    }

    @Test
    void measuresFromTheEarliestOfTheParcelsRefunds() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(2).approvedAt("11:00"),
                        refund("R2").line("A", 1).ordered(2).approvedAt("10:30"),
                        refund("R3").line("B", 1).ordered(1).approvedAt("09:00"),
                        parcel("S1").line("A", 2).ordered(2))
                .then(it -> {
                    Alert.Details details = it.alert("REFUNDED_BUT_SHIPPED S1").details();
                    assertThat(details.race()).isEqualTo(new RaceTiming(REFUND_FIRST, REFUND_SYNC_DELAY, 600_000));
                    assertThat(details.refundIds()).containsExactly("R1", "R2");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "10:06:00.000, REFUND_SYNC_DELAY",
        "10:14:59.999, REFUND_SYNC_DELAY",
        "10:15:00.000, UNDETERMINED",
        "10:20:00.000, UNDETERMINED",
        "10:25:00.000, UNDETERMINED",
        "10:25:00.001, LOCK_UNANSWERED",
        "11:00:00.000, LOCK_UNANSWERED"
    })
    void findsTheCauseByTheMomentTheLockWasIssued(String createdAt, RaceTiming.Cause cause) {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(refund("R1").line("A", 1).ordered(1), at("10:20"));
        order.tell(parcel("S1").line("A", 1).createdAt(createdAt), at("11:30"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(cause);
    }

    @Test
    void findsTheCauseByTheFirstLockOfTheRefund() {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(refund("R1").line("A", 1).ordered(2), at("10:01"));
        order.tell(refund("R1").version(2).line("A", 2).ordered(2), at("11:00"));
        order.tell(parcel("S1").line("A", 2).createdAt("10:40"), at("11:30"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(RaceTiming.Cause.LOCK_UNANSWERED);
    }

    @Test
    void findsTheCauseByTheLockOfTheParcelsWarehouse() {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(refund("R1").line("A", 1).ordered(2).warehouse("W1"), at("10:01"));
        order.tell(
                refund("R1")
                        .version(2)
                        .line("A", 1)
                        .warehouse("W1")
                        .line("A", 1)
                        .ordered(2),
                at("11:00"));
        order.tell(parcel("S1").line("A", 2).createdAt("10:40"), at("11:30"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(RaceTiming.Cause.LOCK_UNANSWERED);
    }

    @Test
    void blamesTheRefundsDelayWhenNoLockWasIssuedForTheParcelsWarehouse() {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(refund("R1").line("A", 1).ordered(1).warehouse("W2"), at("10:01"));
        order.tell(parcel("S1").line("A", 1), at("11:30"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(REFUND_SYNC_DELAY);
    }

    @Test
    void blamesTheRefundsDelayWhenNoLockWasNeeded() {
        Scenario order =
                inThisOrder(parcel("S1").line("A", 1).ordered(1), refund("R1").line("A", 1));
        assertThat(order.locks()).isEmpty();
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(REFUND_SYNC_DELAY);
    }

    @Test
    void findsTheCauseByTheSmallestOfRefundsApprovedAtOnce() {
        Scenario order = new Scenario(GivenPolicy.policy());
        order.tell(refund("R2").line("A", 1).ordered(2), at("10:01"));
        order.tell(refund("R1").line("A", 1).ordered(2), at("11:00"));
        order.tell(parcel("S1").line("A", 2).createdAt("10:40"), at("11:30"));
        assertThat(order.alert("REFUNDED_BUT_SHIPPED S1").details().race())
                .extracting(RaceTiming::cause)
                .isEqualTo(REFUND_SYNC_DELAY);
    }
}
