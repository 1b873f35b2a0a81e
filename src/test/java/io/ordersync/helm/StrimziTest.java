package io.ordersync.helm;

import static io.ordersync.helm.Rendered.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ordersync.messaging.Topics;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    @Test
    void letsTheUserReadTheInputsAndWriteTheRest() {
        JsonNode user = Chart.render("strimzi-old").only("KafkaUser");
        Set<String> inputs = new HashSet<>(CONTRACT.inputs());
        inputs.addAll(CONTRACT.optionalInputs());
        Set<String> outputs = names();
        outputs.removeAll(inputs);
        // No channel: nothing is undelivered.
        outputs.remove("order-alerts-undelivered");

        assertThat(granted(user, "topic", "literal", operations -> operations.contains("Read")))
                .containsExactlyInAnyOrderElementsOf(inputs);
        assertThat(granted(user, "topic", "literal", operations -> operations.contains("Write")))
                .containsExactlyInAnyOrderElementsOf(outputs);
        assertThat(granted(user, "topic", "literal", operations -> operations.contains("Describe")))
                .hasSize(inputs.size() + outputs.size());
        assertThat(granted(user, "topic", "prefix", operations -> operations.contains("Create")))
                .containsExactly("order-sync-");
        assertThat(granted(
                        user,
                        "transactionalId",
                        "prefix",
                        operations -> operations.equals(Set.of("Write", "Describe"))))
                .containsExactly("order-sync-");
        assertThat(granted(user, "group", "literal", operations -> operations.equals(Set.of("Read", "Describe"))))
                .containsExactly("order-sync");
        assertThat(granted(user, "group", "prefix", operations -> true)).isEmpty();
    }

    @Test
    void letsTheUserTellOfAlertsWhereThereAreChannels() {
        JsonNode user = Chart.render("strimzi").only("KafkaUser");

        assertThat(granted(user, "topic", "literal", operations -> operations.contains("Read")))
                .contains("order-alerts");
        assertThat(granted(user, "topic", "literal", operations -> operations.contains("Write")))
                .contains("order-alerts", "order-alerts-undelivered");
        assertThat(granted(user, "group", "prefix", operations -> operations.contains("Read")))
                .containsExactly("order-sync-alerts-");
    }

    private static JsonNode topic(Rendered rendered, String name) {
        return rendered.all("KafkaTopic")
                .filter(topic -> topic.at("/spec/topicName").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> granted(JsonNode user, String type, String pattern, Predicate<Set<String>> operations) {
        return items(user.at("/spec/authorization/acls"))
                .filter(acl -> acl.at("/resource/type").asText().equals(type))
                .filter(acl -> acl.at("/resource/patternType").asText().equals(pattern))
                .filter(acl -> operations.test(
                        items(acl.at("/operations")).map(JsonNode::asText).collect(Collectors.toSet())))
                .map(acl -> acl.at("/resource/name").asText())
                .collect(Collectors.toSet());
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
