package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicsTest {

    @Test
    void haveTheContractsNamesUnlessTheyAreGivenOthers() {
        var source = new MapConfigurationPropertySource();
        source.put("topics.order-alerts", "alerts");

        assertThat(new Binder(source).bindOrCreate("topics", Topics.class))
                .isEqualTo(new Topics(
                        "refund-approved",
                        "shipment-created",
                        "warehouse-lock-commands",
                        "intercept-shipment-commands",
                        "alerts",
                        "order-sync-dead-letters"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "refund approved", "b"})
    void refuseANameThatIsNoneOrTaken(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics(name, "b", "c", "d", "e", "f"))
                .withMessageContaining(" is '" + name + "'");
    }
}
