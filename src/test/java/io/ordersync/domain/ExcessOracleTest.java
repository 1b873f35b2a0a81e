package io.ordersync.domain;

import static io.ordersync.domain.Given.facts;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.ParcelStage.DELIVERED;
import static io.ordersync.domain.ParcelStage.LOST;
import static io.ordersync.domain.ParcelStage.OUT_FOR_DELIVERY;
import static io.ordersync.domain.ParcelStage.PICKED_UP;
import static io.ordersync.domain.ParcelStage.RETURNED;
import static io.ordersync.domain.ParcelStage.RETURNING;
import static io.ordersync.domain.RefundApproved.Cause.DELIVERY_REFUSED;
import static io.ordersync.domain.RefundApproved.Cause.INTERCEPT_SUCCEEDED;
import static io.ordersync.domain.RefundApproved.Cause.PARCEL_LOST;
import static io.ordersync.domain.RefundApproved.Kind.EXCHANGE;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static io.ordersync.domain.RefundApproved.Kind.REFUND_ONLY;
import static io.ordersync.domain.RefundApproved.Kind.RETURN_AND_REFUND;
import static io.ordersync.domain.RefundApproved.Kind.UNKNOWN;
import static io.ordersync.domain.ShipmentCreated.Purpose.RESHIP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExcessOracleTest {

    private static Map<String, Integer> excess(Given.Telling<?>... tellings) {
        return ExcessOracle.excess(facts(tellings));
    }

    @Nested
    class FindsOfTheScenarios {

        @Test
        void row11NothingWhileUnitsEnoughAreStillThere() {
            assertThat(excess(
                            refund("R1").line("A", 5).ordered(12), parcel("S1").line("A", 4)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row12TheOneUnitTooMany() {
            assertThat(excess(
                            refund("R1").line("A", 5).ordered(12),
                            parcel("S1").line("A", 4),
                            parcel("S2").line("A", 4)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row13NothingOnAnotherLine() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(1),
                            parcel("S1").line("B", 1).ordered(1)))
                    .isEqualTo(Map.of("A", 0, "B", 0));
        }

        @Test
        void row14OneLineOfTwoInAParcel() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(1),
                            parcel("S1").line("A", 1).line("B", 1).ordered(1)))
                    .isEqualTo(Map.of("A", 1, "B", 0));
        }

        @Test
        void row15OneUnitOfThreeShipped() {
            assertThat(excess(
                            parcel("S1").line("A", 2).ordered(3),
                            parcel("S2").line("A", 1),
                            refund("R1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row16OneUnitOfTwoShipped() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2).stage(OUT_FOR_DELIVERY),
                            parcel("S2").line("A", 1).stage(PICKED_UP),
                            refund("R1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row17TheUnitsOfThreeRefunds() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(3),
                            refund("R2").line("A", 1),
                            refund("R3").line("A", 1),
                            parcel("S1").line("A", 3)))
                    .isEqualTo(Map.of("A", 3));
        }

        @Test
        void row18NothingHoweverMuchMoneyWentBack() {
            assertThat(excess(refund("R1").line("A", 3).ordered(5), parcel("S1").line("A", 2)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row19AllOfAWholeOrderOfUnknownSize() {
            assertThat(excess(refund("R1").wholeOrder(), parcel("S1").line("A", 2)))
                    .isEqualTo(Map.of("A", 2));
        }

        @Test
        void row20TheUnitShippedWhenNobodyToldHowManyWereOrdered() {
            assertThat(excess(refund("R1").line("A", 1), parcel("S1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row21OnlyTheLineRefundedWhenNobodyToldHowManyWereOrdered() {
            assertThat(excess(
                            refund("R1").line("A", 1), parcel("S1").line("A", 1).line("B", 1)))
                    .isEqualTo(Map.of("A", 1, "B", 0));
        }

        @Test
        void row22ABoundUnitHoweverManyAreStillThere() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(10),
                            refund("R1").line("A", 1).of("S1")))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row23NothingWithoutARefund() {
            assertThat(excess(parcel("S1").line("A", 1).ordered(1), parcel("S2").line("A", 1)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row24NoMoreThanWasRefundedWhenMoreShippedThanOrdered() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2),
                            parcel("S2").line("A", 1),
                            parcel("S3").line("A", 1),
                            refund("R1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row25NothingWithoutAParcel() {
            assertThat(excess(refund("R1").line("A", 1).ordered(1), refund("R2").wholeOrder()))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row26AUnitThatComesBackAnyway() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2).stage(RETURNING),
                            parcel("S2").line("A", 1),
                            refund("R1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row27OneUnitInWhicheverParcel() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2).stage(PICKED_UP),
                            parcel("S2").line("A", 1).stage(PICKED_UP),
                            refund("R1").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void row28TheUnitsOfTheHigherVersion() {
            var first = refund("R1").line("A", 1).ordered(3);
            var second = refund("R1").version(2).line("A", 2).ordered(3);
            assertThat(excess(second, first)).isEqualTo(Map.of("A", 0));
            assertThat(excess(second, first, parcel("S1").line("A", 2))).isEqualTo(Map.of("A", 1));
        }

        @Test
        void row29NoLineOfAParcelThatTellsNone() {
            assertThat(excess(refund("R1").wholeOrder(), parcel("S1"))).isEmpty();
        }

        @Test
        void row30TheBoundUnitOfAReshipmentBesideTheWholeOrder() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(1),
                            parcel("S2").line("A", 1).purpose(RESHIP),
                            refund("R1").line("A", 1).of("S2"),
                            refund("R2").wholeOrder()))
                    .isEqualTo(Map.of("A", 2));
        }

        @Test
        void row31NothingForGoodsTheBuyerSendsBack() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(1).stage(DELIVERED),
                            refund("R1").line("A", 1).kind(RETURN_AND_REFUND)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row32NothingForAPriceAdjustment() {
            assertThat(excess(refund("R1").kind(PRICE_ADJUSTMENT), parcel("S1").line("A", 1)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row33NothingInAReshipment() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(1),
                            parcel("S2").line("A", 1).purpose(RESHIP)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row34NothingInAnExchange() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(1).kind(EXCHANGE),
                            parcel("S2").line("A", 1).purpose(ShipmentCreated.Purpose.EXCHANGE)))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void row35NothingWhenTheBuyerRefusedTheGoodsOrTheyWereIntercepted() {
            for (var cause : List.of(DELIVERY_REFUSED, INTERCEPT_SUCCEEDED)) {
                assertThat(excess(
                                parcel("S1").line("A", 1).ordered(1).createdAt("09:00"),
                                refund("R1").line("A", 1).cause(cause)))
                        .isEqualTo(Map.of("A", 0));
            }
        }

        @Test
        void row35bOnlyWhatShippedAfterAWholeOrderWasRefused() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(1).createdAt("09:00"),
                            refund("R1").wholeOrder().cause(DELIVERY_REFUSED),
                            parcel("S2").line("B", 1).ordered(1)))
                    .isEqualTo(Map.of("A", 0, "B", 1));
        }

        @Test
        void row54bNothingOfWhatTheBuyerKeeps() {
            assertThat(excess(
                            parcel("S1")
                                    .line("A", 1)
                                    .ordered(1)
                                    .stage(DELIVERED)
                                    .createdAt("12:00"),
                            refund("R1").line("A", 1).kind(REFUND_ONLY).approvedAt("14:00")))
                    .isEqualTo(Map.of("A", 0));
        }
    }

    @Nested
    class TakesAsRefunded {

        @Test
        void noUnitOfAParcelNobodySaw() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(1),
                            refund("R1").line("A", 1).of("S9")))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void anotherUnitForWhatABoundParcelDoesNotHold() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2),
                            parcel("S2").line("A", 1),
                            refund("R1").line("A", 2).of("S1")))
                    .isEqualTo(Map.of("A", 2));
        }

        @Test
        void theUnitThatCameBackIfItsParcelIsNamed() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(2).stage(RETURNED),
                            parcel("S2").line("A", 1),
                            refund("R1").line("A", 1).of("S1")))
                    .isEqualTo(Map.of("A", 0));
        }

        @Test
        void aUnitLostRatherThanOneOnItsWay() {
            var lost = parcel("S1").line("A", 1).stage(LOST).createdAt("09:00");
            var refunds = refund("R1").line("A", 1).cause(PARCEL_LOST);
            assertThat(excess(lost, parcel("S2").line("A", 1).ordered(2).createdAt("08:00"), refunds))
                    .isEqualTo(Map.of("A", 0));
            assertThat(excess(
                            lost,
                            parcel("S2").line("A", 1).ordered(2).createdAt("08:00"),
                            refunds,
                            refund("R2").line("A", 1)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void aUnitThatCameBackIfNobodyToldHowManyWereOrdered() {
            assertThat(excess(
                            parcel("S1").line("A", 1).stage(RETURNED),
                            parcel("S2").line("A", 2),
                            refund("R1").line("A", 2)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void theDeliveredUnitOnlyAfterItWasDelivered() {
            var delivered =
                    parcel("S1").line("A", 1).ordered(2).stage(DELIVERED).createdAt("12:00");
            var other = parcel("S2").line("A", 1);
            var refund = refund("R1").line("A", 1).kind(REFUND_ONLY);
            assertThat(excess(delivered, other, refund.approvedAt("12:00"))).isEqualTo(Map.of("A", 1));
            assertThat(excess(delivered, other, refund.approvedAt("12:01"))).isEqualTo(Map.of("A", 0));
        }

        @Test
        void whatIsRefundedForAReasonUnknown() {
            assertThat(excess(
                            parcel("S1").line("A", 1).ordered(1),
                            refund("R1").line("A", 1).kind(UNKNOWN)))
                    .isEqualTo(Map.of("A", 1));
        }

        @Test
        void aCancelledOrderWhoseLinesNobodyToldAsAWholeOne() {
            assertThat(excess(parcel("S1").line("A", 2), refund("R1"))).isEqualTo(Map.of("A", 2));
            assertThat(excess(parcel("S1").line("A", 2), refund("R1").kind(REFUND_ONLY)))
                    .isEqualTo(Map.of("A", 0));
        }
    }

    @Nested
    class TakesAsTheTruth {

        @Test
        void whereAParcelWasLastWhateverVersionToldIt() {
            var corrected = parcel("S1").version(2).line("A", 1).ordered(1).createdAt("10:00");
            var lost = parcel("S1").line("A", 5).stage(LOST).createdAt("11:00");
            assertThat(excess(lost, corrected, refund("R1").line("A", 1))).isEqualTo(Map.of("A", 0));
        }

        @Test
        void theLaterOfTwoTellingsOfOneVersion() {
            var later = refund("R1").line("A", 1).ordered(1).approvedAt("10:01");
            var earlier = refund("R1").line("A", 1).ordered(3);
            assertThat(excess(later, earlier, parcel("S1").line("A", 1))).isEqualTo(Map.of("A", 1));
        }

        @Test
        void theGreatestNumberAnyoneSaysWasOrdered() {
            assertThat(excess(
                            refund("R1").line("A", 1).ordered(1),
                            refund("R2").line("A", 1).ordered(2).kind(PRICE_ADJUSTMENT),
                            parcel("S1").line("A", 1).ordered(1)))
                    .isEqualTo(Map.of("A", 0));
        }
    }

    /** Where no unit is bound, gone or kept, going through all units comes to what the arithmetic of the contract does. */
    @Property
    void comesToTheArithmeticOfTheContract(
            @ForAll @IntRange(min = 1, max = 7) int ordered,
            @ForAll @IntRange(max = 9) int refunded,
            @ForAll @IntRange(max = 9) int shipped) {
        List<Fact> refunds = IntStream.range(0, refunded)
                .<Fact>mapToObj(i -> refund("R" + i).line("A", 1).build())
                .toList();
        List<Fact> parcels = IntStream.range(0, shipped)
                .<Fact>mapToObj(i -> parcel("S" + i).line("A", 1).build())
                .toList();
        List<Fact> history = new ArrayList<>(refunds);
        history.addAll(parcels);
        history.add(
                refund("R").line("A", 1).ordered(ordered).kind(PRICE_ADJUSTMENT).build());

        int expected = refunded == 0
                ? 0
                : refunded >= ordered ? shipped : Math.min(refunded, Math.max(0, shipped + refunded - ordered));
        assertThat(ExcessOracle.excess(history)).isEqualTo(Map.of("A", expected));
    }

    @Property
    void findsTheSameWhateverTheOrderAndRepetition(@ForAll("arrivals") List<List<Fact>> arrivals) {
        assertThat(arrivals.stream().map(ExcessOracle::excess).distinct()).hasSize(1);
    }

    @Provide
    Arbitrary<List<List<Fact>>> arrivals() {
        return new Histories()
                .get()
                .flatMap(history -> Histories.otherArrivalsOf(history).list().ofSize(3));
    }
}
