package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.InterceptAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowedOrderTest {
    @BeforeEach
    void trust() {
        RegistryClient.trustContract();
    }

    @Test
    void tellsARecordInALineWithAMaskedTrackingNumber() {
        var command = Sample.intercept(InterceptAction.INTERCEPT, 2).build();

        assertThat(FollowedOrder.line(DevTopics.INTERCEPTS, DevTopics.orderKey(command), command))
                .isEqualTo("ORDER  DOUYIN:shop-7:order-000123  intercept-shipment-commands  action=INTERCEPT"
                        + " stage=IN_TRANSIT refundIds=[R-000123-1] shipmentId=P-000123-1 trackingNumber=…1234"
                        + " generation=2");
    }
}
