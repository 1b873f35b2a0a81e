package io.ordersync.dev;

import static io.ordersync.dev.Sample.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.Resolution;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AfterSalesTest {
    private final Agenda agenda = new Agenda(100);

    @Test
    void closesSomeRefundsOnceAfterTheyWereApproved() {
        var afterSales = new AfterSales(Sample.world("refunds-closed-percent=100"));

        assertThat(afterSales.hear(refund(), NOW)).singleElement().satisfies(planned -> {
            var closed = (RefundClosed) planned.value();
            assertThat(closed.getClosedAt()).isEqualTo(planned.at()).isAfter(NOW);
            assertThat(closed.getRefundVersion()).isEqualTo(3);
        });
        assertThat(afterSales.hear(refund(), NOW)).isEmpty();
    }

    @Test
    void letsOtherRefundsStand() {
        assertThat(new AfterSales(Sample.world("refunds-closed-percent=0")).hear(refund(), NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CLAIM, CLAIMED", "WRITE_OFF, WRITTEN_OFF"})
    void resolvesACaseAsItsAlertAdvises(RecommendedAction action, Resolution resolution) {
        var afterSales = new AfterSales(Sample.world("cases-resolved-percent=100"));

        afterSales.hear(Sample.alert(AlertState.FIRING, action));

        assertThat(afterSales.hear(Sample.orderCase(CaseState.MANUAL, null), NOW))
                .singleElement()
                .satisfies(planned -> {
                    var resolved = (CaseResolved) planned.value();
                    assertThat(resolved.getResolution()).isEqualTo(resolution);
                    assertThat(resolved.getCaseId()).isEqualTo("case");
                    assertThat(resolved.getShipmentIds()).isEqualTo(List.of("P-000123-1"));
                    assertThat(resolved.getResolvedAt()).isEqualTo(planned.at()).isAfter(NOW);
                });
    }

    @Test
    void leavesACaseThatMovesOnByItself() {
        var afterSales = new AfterSales(Sample.world("cases-resolved-percent=100"));

        agenda.add(afterSales.hear(Sample.orderCase(CaseState.MANUAL, null), NOW));
        agenda.add(afterSales.hear(Sample.orderCase(CaseState.CLOSED, CaseOutcome.RETURNED), NOW));

        assertThat(Sample.said(agenda)).isEmpty();
    }

    @Test
    void takesUpNoCaseThatIsNotLeftToPeople() {
        var afterSales = new AfterSales(Sample.world("cases-resolved-percent=100"));

        assertThat(afterSales.hear(Sample.orderCase(CaseState.INTERCEPTING, null), NOW))
                .isEmpty();
    }

    private static RefundApproved refund() {
        return RefundApproved.newBuilder()
                .setEventId("approved")
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setRefundId("R-000123-1")
                .setRefundVersion(3)
                .setKind(RefundKind.REFUND_ONLY)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900)
                .setCurrency("CNY")
                .setApprovedAt(NOW.minusSeconds(600))
                .build();
    }
}
