package io.ordersync.helm;

import static io.ordersync.helm.Rendered.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ordersync.Acl;
import io.ordersync.messaging.Topics;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;

/** The topics and the user that Strimzi is to make: those of the service, and no more rights than it uses. */
class StrimziTest {

    private static final Topics CONTRACT = new Binder().bindOrCreate("order-sync.topics", Topics.class);

    @Test
    void hasATopicForEachOfTheContract() {
        Set<String> expected = names();
        assertThat(expected).hasSize(14);
        expected.remove("shipment-voided");
        expected.remove("order-cases");
        expected.add("shop.order-cases");

        assertThat(Chart.render("strimzi").all("KafkaTopic"))
                .extracting(topic -> topic.at("/spec/topicName").asText())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void setsOfEachTopicWhatItNeeds() {
        Rendered rendered = Chart.render("strimzi");

        assertThat(topic(rendered, "refund-approved").at("/spec/partitions").asInt())
                .isEqualTo(24);
        assertThat(topic(rendered, "refund-approved")
                        .at("/spec/config/retention.ms")
                        .asLong())
                .isEqualTo(1209600000L);
        assertThat(topic(rendered, "shipment-created").at("/spec/partitions").asInt())
                .isEqualTo(12);
        assertThat(topic(rendered, "shop.order-cases")
                        .at("/spec/config/cleanup.policy")
                        .asText())
                .isEqualTo("compact,delete");
        // 400 days.
        assertThat(topic(rendered, "shop.order-cases")
                        .at("/spec/config/retention.ms")
                        .asLong())
                .isEqualTo(34560000000L);
        assertThat(topic(rendered, "order-sync-dead-letters")
                        .at("/spec/config/max.message.bytes")
                        .asLong())
                .isGreaterThan(1048588 + 1000);
        assertThat(rendered.all("KafkaTopic")).allSatisfy(topic -> {
            assertThat(topic.at("/metadata/labels/strimzi.io~1cluster").asText())
                    .isEqualTo("main");
            assertThat(topic.at("/metadata/namespace").asText()).isEqualTo("kafka");
            assertThat(topic.at("/metadata/annotations/helm.sh~1resource-policy")
                            .asText())
                    .isEqualTo("keep");
            assertThat(topic.at("/spec/config/min.insync.replicas").asInt()).isEqualTo(2);
        });
    }

    /** Of the table in docs/security.md a test shows that no right of it is too many, and none too few. */
    @Test
    void givesTheUserTheDocumentedRightsAndNoOthers() {
        assertThat(granted(Chart.render("strimzi").only("KafkaUser")))
                .isEqualTo(documented(acl -> !acl.contains("shipment-voided"))
                        .map(acl -> acl.replace("order-cases", "shop.order-cases"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void givesTheUserNoRightOnAlertsWhereThereAreNoChannels() {
        assertThat(granted(Chart.render("strimzi-old").only("KafkaUser")))
                .isEqualTo(documented(acl -> !acl.contains("-undelivered")
                                && !acl.equals("READ topic order-alerts LITERAL")
                                && !acl.contains("-alerts-"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<String> documented(Predicate<String> which) {
        return Acl.documented().stream()
                .map(acl -> acl.operation() + " " + acl.type().name().toLowerCase(Locale.ROOT) + " "
                        + acl.name().replace(Acl.APPLICATION_ID, "order-sync") + " " + acl.pattern())
                .filter(which);
    }

    private static Set<String> granted(JsonNode user) {
        Set<String> granted = new TreeSet<>();
        items(user.at("/spec/authorization/acls")).forEach(acl -> {
            String type = acl.at("/resource/type").asText().replace("transactionalId", "transactional_id");
            String pattern = acl.at("/resource/patternType").asText().equals("prefix") ? "PREFIXED" : "LITERAL";
            items(acl.at("/operations"))
                    .map(operation -> operation
                            .asText()
                            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                            .toUpperCase(Locale.ROOT))
                    .forEach(operation -> granted.add(operation + " " + type + " "
                            + acl.at("/resource/name").asText() + " " + pattern));
        });
        return granted;
    }

    private static JsonNode topic(Rendered rendered, String name) {
        return rendered.all("KafkaTopic")
                .filter(topic -> topic.at("/spec/topicName").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names() {
        return Arrays.stream(Topics.class.getRecordComponents())
                .map(StrimziTest::name)
                .collect(Collectors.toSet());
    }

    private static @Nullable String name(RecordComponent component) {
        try {
            return (String) component.getAccessor().invoke(CONTRACT);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
