package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RecommendedAction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RaceLinesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RaceLines lines = new RaceLines();

    @BeforeEach
    void trust() {
        RegistryClient.trustContract();
    }

    @Test
    void tellsARaceOnceWithItsCommandAndAMaskedTrackingNumber() {
        lines.add(alert(AlertState.FIRING), 0);
        assertThat(lines.ready(0)).isEmpty();
        lines.add(intercept());

        assertThat(lines.ready(0))
                .containsExactly("RACE  DOUYIN:shop-7:order-000123  INTERCEPT parcel P-000123-1 (SF …1234, IN_TRANSIT)"
                        + "  parcel made 12 min after the refund  129.00 CNY  HIGH REFUNDED_BUT_SHIPPED");
        lines.add(alert(AlertState.FIRING), SECOND);
        assertThat(lines.ready(2 * SECOND)).isEmpty();
    }

    @Test
    void waitsOnlyAMomentForACommand() {
        lines.add(alert(AlertState.FIRING), 0);

        assertThat(lines.ready(SECOND)).singleElement().asString().contains("no command, parcel P-000123-1 (SF …1234)");
    }

    @Test
    void countsWhatIsSent() {
        lines.add(alert(AlertState.FIRING), 0);
        lines.add(alert(AlertState.RESOLVED), 0);
        lines.add(intercept());
        lines.ready(0);

        assertThat(lines.summary(new Shop.Sent(9, 2, 9, 2, 1)))
                .isEqualTo("races 2 made, 1 caught | locks 0, pulls 0, intercepts 1, taken back 0 | alerts {HIGH=1}");
    }

    private static OrderAlert alert(AlertState state) {
        return OrderAlert.newBuilder()
                .setAlertId("alert")
                .setCaseId("case")
                .setCode(AlertCode.REFUNDED_BUT_SHIPPED)
                .setSeverity(AlertSeverity.HIGH)
                .setState(state)
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setRaceType(RaceType.REFUND_FIRST)
                .setGapMillis(Duration.ofMinutes(12).toMillis())
                .setExposureMinor(12_900L)
                .setCurrency("CNY")
                .setShipmentIds(List.of("P-000123-1"))
                .setTrackingNumbers(List.of("SF5555555551234"))
                .setCourier("SF")
                .setRecommendedAction(RecommendedAction.INTERCEPT)
                .setSummary("A parcel was made after the refund.")
                .setOccurredAt(NOW)
                .setDetectedAt(NOW)
                .build();
    }

    private static InterceptShipmentCommand intercept() {
        return InterceptShipmentCommand.newBuilder()
                .setCommandId("command")
                .setAction(InterceptAction.INTERCEPT)
                .setGeneration(1)
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setCaseId("case")
                .setShipmentId("P-000123-1")
                .setTrackingNumber("SF5555555551234")
                .setCourier("SF")
                .setRefundIds(List.of("R-000123-1"))
                .setStage(ParcelStage.IN_TRANSIT)
                .setCertainty(Certainty.CONFIRMED)
                .setIssuedAt(NOW)
                .setAnswerBy(NOW.plusSeconds(900))
                .build();
    }
}
