package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RecommendedAction;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RaceLinesTest {
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
        return Sample.alert(state, RecommendedAction.INTERCEPT);
    }

    private static InterceptShipmentCommand intercept() {
        return Sample.intercept(InterceptAction.INTERCEPT, 1).build();
    }
}
