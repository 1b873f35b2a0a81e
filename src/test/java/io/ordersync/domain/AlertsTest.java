package io.ordersync.domain;

import static io.ordersync.domain.Arrivals.inEveryOrder;
import static io.ordersync.domain.Arrivals.inThisOrder;
import static io.ordersync.domain.Given.at;
import static io.ordersync.domain.Given.parcel;
import static io.ordersync.domain.Given.refund;
import static io.ordersync.domain.GivenPolicy.policy;
import static io.ordersync.domain.RefundApproved.Kind.PRICE_ADJUSTMENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person is told: how bad it is, since when, and until when. */
class AlertsTest {

    private static Given.Shipment theParcel(String code) {
        Given.Shipment parcel = parcel("S1").line("A", 1).ordered(1);
        return switch (code) {
            case "MIXED_PARCEL" -> parcel.mergedWith("Y");
            case "INTERCEPT_UNSUPPORTED" -> parcel.untracked();
            case "DELIVERED_AFTER_REFUND" -> parcel.stage(ParcelStage.DELIVERED);
            case "CLAIM_COURIER" -> parcel.stage(ParcelStage.DAMAGED);
            case "DIGITAL_DELIVERED_AFTER_REFUND" -> parcel.digital();
            default -> parcel;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "REFUNDED_BUT_SHIPPED, 10:40, HIGH, CRITICAL",
        "REFUNDED_BUT_SHIPPED, 10:01, HIGH, CRITICAL",
        "REFUNDED_BUT_SHIPPED, 09:00, MEDIUM, HIGH",
        "MIXED_PARCEL, 10:40, HIGH, CRITICAL",
        "MIXED_PARCEL, 09:59, HIGH, CRITICAL",
        "MIXED_PARCEL, 09:00, MEDIUM, HIGH",
        "INTERCEPT_UNSUPPORTED, 10:40, HIGH, CRITICAL",
        "INTERCEPT_UNSUPPORTED, 10:00, HIGH, CRITICAL",
        "INTERCEPT_UNSUPPORTED, 09:00, MEDIUM, HIGH",
        "WRITE_OFF_SUGGESTED, 10:40, HIGH, CRITICAL",
        "WRITE_OFF_SUGGESTED, 10:05, HIGH, CRITICAL",
        "WRITE_OFF_SUGGESTED, 09:00, MEDIUM, HIGH",
        "DELIVERED_AFTER_REFUND, 10:40, HIGH, HIGH",
        "DELIVERED_AFTER_REFUND, 09:00, HIGH, HIGH",
        "CLAIM_COURIER, 10:40, HIGH, HIGH",
        "CLAIM_COURIER, 09:00, HIGH, HIGH",
        "DIGITAL_DELIVERED_AFTER_REFUND, 10:40, MEDIUM, MEDIUM"
    })
    void areAsSevereAsTheRaceAndTheExposure(String code, String createdAt, String below, String from) {
        long fee = code.equals("WRITE_OFF_SUGGESTED") ? 20_000 : 0;
        for (long threshold : List.of(12_901L, 12_900L)) {
            inEveryOrder(refund("R1").line("A", 1).ordered(1), theParcel(code).createdAt(createdAt))
                    .under(policy().interceptFee("CNY", fee).criticalExposure("CNY", threshold))
                    .then(it -> assertThat(it.alert(code + " S1").severity())
                            .hasToString(threshold == 12_900L ? from : below));
        }
    }

    @Test
    void areNoMoreSevereForAnExposureOfAnotherCurrencyOrAnUnknownOne() {
        inEveryOrder(
                        refund("R1").currency("USD").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1))
                .under(policy().criticalExposure("CNY", 1))
                .then(it -> assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT"));
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).price(null),
                        parcel("S1").line("A", 1).ordered(1).price(null))
                .under(policy().criticalExposure("CNY", 1))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().exposureMinor())
                            .isNull();
                });
    }

    @Test
    void nameWhatTheyAreAbout() {
        inEveryOrder(
                        refund("R1").line("A", 2).ordered(2).category("shoes"),
                        parcel("S1").line("A", 2).ordered(2).operator("op-7"))
                .then(it -> {
                    Alert alert = it.alert("REFUNDED_BUT_SHIPPED S1");
                    Alert.Details details = alert.details();
                    assertThat(details.exposureMinor()).isEqualTo(25_800);
                    assertThat(details.currency()).isEqualTo("CNY");
                    assertThat(details.certainty()).isEqualTo(Effect.Certainty.CONFIRMED);
                    assertThat(details.refundIds()).containsExactly("R1");
                    assertThat(details.shipmentIds()).containsExactly("S1");
                    assertThat(details.trackingNumbers()).containsExactly("SF1234567890");
                    assertThat(details.lines()).containsExactly(new Effect.LineUnits("A", "SKU-A", 2));
                    assertThat(details.collateral()).isEmpty();
                    assertThat(details.warehouseId()).isEqualTo("W1");
                    assertThat(details.operatorId()).isEqualTo("op-7");
                    assertThat(details.courier()).isEqualTo("SF");
                    assertThat(details.categories()).containsExactly("shoes");
                    assertThat(alert.occurredAt()).isEqualTo(at("10:40"));
                    assertThat(alert.detectedAt()).isEqualTo(Scenario.NOON);
                });
    }

    @Test
    void occurredWhenTheSecondOfTheTwoFactsHappened() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).approvedAt("11:10"),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").occurredAt())
                        .isEqualTo(at("11:10")));
    }

    @Test
    void areResolvedWhenTheParcelLeavesTheCaseAndKeepTheirIdWhenTheyFireAgain() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1),
                parcel("S1").line("A", 1),
                refund("R1").version(2).kind(PRICE_ADJUSTMENT),
                refund("R1").version(3).line("A", 1).ordered(1));
        assertThat(order.sent.stream().filter(it -> it.contains("REFUNDED_BUT_SHIPPED")))
                .containsExactly(
                        "FIRING REFUNDED_BUT_SHIPPED S1",
                        "RESOLVED REFUNDED_BUT_SHIPPED S1",
                        "FIRING REFUNDED_BUT_SHIPPED S1");
    }

    @Test
    void areOneForEachParcelAndGiveWayWhenAnotherRowFits() {
        Scenario order = inThisOrder(
                refund("R1").line("A", 1).ordered(1),
                parcel("S1").line("A", 1),
                parcel("S1")
                        .version(2)
                        .line("A", 1)
                        .stage(ParcelStage.DELIVERED)
                        .createdAt("11:00"),
                parcel("S1").version(3).line("A", 1).stage(ParcelStage.DAMAGED).createdAt("11:30"),
                parcel("S1")
                        .version(4)
                        .line("A", 1)
                        .stage(ParcelStage.RETURNING)
                        .createdAt("11:40"));
        assertThat(order.firing()).isEmpty();
        assertThat(order.sent)
                .contains(
                        "RESOLVED REFUNDED_BUT_SHIPPED S1",
                        "FIRING DELIVERED_AFTER_REFUND S1",
                        "RESOLVED DELIVERED_AFTER_REFUND S1",
                        "FIRING CLAIM_COURIER S1",
                        "RESOLVED CLAIM_COURIER S1");
    }

    @Test
    void tellOnceOfARefundFromTheFuture() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).approvedAt("12:05:00.001"),
                        refund("R1").version(2).line("A", 1).ordered(1).approvedAt("12:30"))
                .then(it -> {
                    assertThat(it.sent.stream().filter(text -> text.contains("CLOCK_SKEW")))
                            .containsExactly("FIRING CLOCK_SKEW R1", "RESOLVED CLOCK_SKEW R1");
                    assertThat(it.locks()).containsExactly("LOCK R1@* A×1");
                });
    }

    @Test
    void tellOnceOfAParcelFromTheFutureAndTakeItAsItIs() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1),
                        parcel("S1").line("A", 1).ordered(1).createdAt("12:05:00.001"))
                .then(it -> {
                    assertThat(it.sent.stream().filter(text -> text.contains("CLOCK_SKEW")))
                            .containsExactly("FIRING CLOCK_SKEW S1", "RESOLVED CLOCK_SKEW S1");
                    assertThat(it.recalls()).containsExactly("INTERCEPT S1");
                });
    }

    @Test
    void areSilentAboutTimesAheadWithinTheTolerance() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).approvedAt("12:05"),
                        parcel("S1").line("B", 1).ordered(1).createdAt("12:05"))
                .then(it -> assertThat(it.sent).containsExactly("LOCK R1@* A×1"));
    }

    @Test
    void rankATimeFromTheFutureLow() {
        Scenario order = new Scenario(policy());
        Decision decision = order.tell(refund("R1").line("A", 1).approvedAt("12:06"), Scenario.NOON);
        assertThat(decision.effects().stream().filter(Alert.class::isInstance).map(Alert.class::cast))
                .hasSize(2)
                .allSatisfy(alert -> {
                    assertThat(alert.code()).isEqualTo(Alert.Code.CLOCK_SKEW);
                    assertThat(alert.severity()).isEqualTo(Alert.Severity.LOW);
                    assertThat(alert.action()).isEqualTo(Alert.Action.NONE);
                });
    }

    @Test
    void measureTheFutureByTheToleranceConfigured() {
        inEveryOrder(refund("R1").line("A", 1).approvedAt("12:00:00.001"))
                .under(policy().clockTolerance(Duration.ZERO))
                .then(it -> assertThat(it.count("FIRING CLOCK_SKEW R1")).isEqualTo(1));
    }

    @Test
    void growMoreSevereWithAnEarlierRefundOfTheParcel() {
        inEveryOrder(
                        refund("R1").line("A", 1).ordered(1).approvedAt("11:00"),
                        refund("R2").line("A", 1).ordered(1).approvedAt("10:00"),
                        parcel("S1").line("A", 1).ordered(1))
                .then(it -> {
                    assertThat(it.firing()).containsExactly("REFUNDED_BUT_SHIPPED S1 HIGH INTERCEPT");
                    assertThat(it.alert("REFUNDED_BUT_SHIPPED S1").details().refundIds())
                            .containsExactly("R1", "R2");
                });
    }
}
