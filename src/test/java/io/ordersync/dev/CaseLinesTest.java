package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.RecommendedAction;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CaseLinesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final CaseLines lines = new CaseLines();

    @BeforeEach
    void trust() {
        RegistryClient.trustContract();
    }

    @Test
    void tellsACaseFromItsOpeningToItsEnd() {
        lines.add(Sample.locked(LockStatus.LOCKED));
        lines.add(Sample.orderCase(CaseState.INTERCEPTING, null), 0);
        lines.add(Sample.alert(AlertState.FIRING, RecommendedAction.INTERCEPT), 0);
        assertThat(lines.ready(0)).isEmpty();
        assertThat(lines.ready(SECOND))
                .containsExactly("CASE  DOUYIN:shop-7:order-000123  INTERCEPTING  parcel P-000123-1 (SF …1234)"
                        + "  129.00 CNY  REFUND_FIRST, REFUND_SYNC_DELAY"
                        + "  warehouse LOCKED, REFUNDED_BUT_SHIPPED FIRING");

        lines.add(Sample.intercepted(InterceptStatus.ACCEPTED));
        assertThat(lines.ready(2 * SECOND)).isEmpty();
        lines.add(Sample.intercepted(InterceptStatus.SUCCEEDED));
        lines.add(Sample.orderCase(CaseState.RETURNING, null), 2 * SECOND);
        assertThat(lines.ready(3 * SECOND))
                .containsExactly("CASE  DOUYIN:shop-7:order-000123  RETURNING after 41 s"
                        + "  courier ACCEPTED, courier SUCCEEDED");

        lines.add(Sample.alert(AlertState.RESOLVED, RecommendedAction.INTERCEPT), 4 * SECOND);
        lines.add(Sample.orderCase(CaseState.CLOSED, CaseOutcome.RETURNED), 4 * SECOND);
        assertThat(lines.ready(5 * SECOND))
                .containsExactly("CASE  DOUYIN:shop-7:order-000123  CLOSED RETURNED after 41 s, 6 versions"
                        + "  REFUNDED_BUT_SHIPPED RESOLVED");
    }

    @Test
    void tellsStatesThatFollowAtOnceInOneLine() {
        lines.add(Sample.orderCase(CaseState.PULLING, null), 0);
        lines.add(Sample.orderCase(CaseState.CLOSED, CaseOutcome.PREVENTED), 0);

        assertThat(lines.ready(SECOND))
                .singleElement()
                .asString()
                .contains("PULLING → CLOSED PREVENTED after 41 s, 6 versions");
    }

    @Test
    void tellsAnAlertOfACaseThatStaysWhereItIs() {
        lines.add(Sample.orderCase(CaseState.MANUAL, null), 0);
        lines.ready(SECOND);
        lines.add(Sample.alert(AlertState.FIRING, RecommendedAction.REVIEW), SECOND);

        assertThat(lines.ready(2 * SECOND))
                .containsExactly("CASE  DOUYIN:shop-7:order-000123  MANUAL after 41 s  REFUNDED_BUT_SHIPPED FIRING");
    }

    @Test
    void isQuietWhenNothingChangesAndWhereThereIsNoCase() {
        lines.add(Sample.alert(AlertState.FIRING, RecommendedAction.REVIEW), 0);
        lines.add(Sample.locked(LockStatus.LOCKED));
        assertThat(lines.ready(SECOND)).isEmpty();

        lines.add(Sample.orderCase(CaseState.MANUAL, null), SECOND);
        lines.ready(2 * SECOND);
        lines.add(Sample.orderCase(CaseState.MANUAL, null), 2 * SECOND);
        lines.add(Sample.alert(AlertState.FIRING, RecommendedAction.REVIEW), 2 * SECOND);
        assertThat(lines.ready(3 * SECOND)).isEmpty();
    }

    @Test
    void countsCasesAndAnswers() {
        lines.add(Sample.locked(LockStatus.LOCKED));
        lines.add(Sample.intercepted(InterceptStatus.ACCEPTED));
        lines.add(Sample.orderCase(CaseState.INTERCEPTING, null), 0);
        assertThat(lines.summary())
                .isEqualTo("cases 1 opened, open {INTERCEPTING=1}, closed {}"
                        + " | answers {courier ACCEPTED=1, warehouse LOCKED=1}");

        lines.add(Sample.orderCase(CaseState.CLOSED, CaseOutcome.RETURNED), 0);
        assertThat(lines.summary()).startsWith("cases 1 opened, open {}, closed {RETURNED=1}");
    }
}
