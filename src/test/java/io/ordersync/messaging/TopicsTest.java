package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicsTest {

    static final List<String> OPTIONAL = List.of(
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            "intercept-results",
            "case-resolutions");
    static final List<String> REQUIRED = List.of(
            "refund-approved",
            "shipment-created",
            "warehouse-lock-commands",
            "intercept-shipment-commands",
            "order-alerts",
            "order-cases",
            "dead-letters",
            "order-alerts-undelivered");

    @Test
    void haveTheContractsNamesUnlessTheyAreGivenOthers() {
        assertThat(topics(Map.of("order-alerts", "alerts", "shipment-status", "scans")))
                .isEqualTo(new Topics(
                        "refund-approved",
                        "shipment-created",
                        "refund-closed",
                        "shipment-voided",
                        "scans",
                        "warehouse-lock-results",
                        "intercept-results",
                        "case-resolutions",
                        "warehouse-lock-commands",
                        "intercept-shipment-commands",
                        "alerts",
                        "order-cases",
                        "order-sync-dead-letters",
                        "order-alerts-undelivered"));
    }

    @Test
    void areAllReadThatAreInputs() {
        Topics topics = topics(Map.of("shipment-status", "scans"));

        assertThat(topics.inputs()).containsExactlyInAnyOrder("refund-approved", "shipment-created");
        assertThat(topics.optionalInputs())
                .containsExactlyInAnyOrder(
                        "refund-closed",
                        "shipment-voided",
                        "scans",
                        "warehouse-lock-results",
                        "intercept-results",
                        "case-resolutions");
    }

    @ParameterizedTest
    @FieldSource("OPTIONAL")
    void areAbsentWhenAnOptionalInputIsGivenNoName(String property) {
        Topics topics = topics(Map.of(property, ""));

        List<String> others = new ArrayList<>(OPTIONAL);
        others.remove(property);
        assertThat(topics.optionalInputs()).containsExactlyInAnyOrderElementsOf(others);
    }

    @ParameterizedTest
    @FieldSource("REQUIRED")
    void areNeverAbsentWhenTheyAreRequired(String property) {
        assertRefused(Map.of(property, ""), property + " is ''", "a topic's name is needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "refund approved", "geld.zurück", "a/b"})
    void refuseANameThatIsNone(String name) {
        assertRefused(Map.of("refund-approved", name), "refund-approved is '" + name + "'", "a topic's name is needed");
        assertRefused(Map.of("refund-closed", name), "refund-closed is '" + name + "'", "a topic's name is needed");
    }

    @ParameterizedTest
    @CsvSource({
        "shipment-created, refund-approved, refund-approved",
        "case-resolutions, refund-approved, refund-approved",
        "intercept-results, warehouse-lock-results, warehouse-lock-results",
        "order-cases, shipment-status, shipment-status",
        "order-cases, order-alerts, order-alerts",
        "dead-letters, order-cases, order-cases"
    })
    void refuseANameThatIsTaken(String property, String name, String other) {
        assertRefused(Map.of(property, name), property + " is '" + name + "'", other + " has this one");
    }

    @Test
    void mayAllBeAbsentThatAreOptional() {
        Topics topics = new Topics("a", "b", "", "", "", "", "", "", "c", "d", "e", "f", "g", "h");

        assertThat(topics.inputs()).containsExactlyInAnyOrder("a", "b");
        assertThat(topics.optionalInputs()).isEmpty();
    }

    private static void assertRefused(Map<String, String> names, String... saying) {
        assertThatThrownBy(() -> topics(names))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(saying);
    }

    private static Topics topics(Map<String, String> names) {
        var source = new MapConfigurationPropertySource();
        names.forEach((property, name) -> source.put("topics." + property, name));
        return new Binder(source).bindOrCreate("topics", Topics.class);
    }
}
