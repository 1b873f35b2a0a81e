package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.process.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A switch makes each line of the log an object that Elastic's tools take as it is, and one more tells its trace. */
@Tag("broker")
class LogsTest {

    @TempDir
    Path stateDirectory;

    @Test
    void areObjectsOfEcsWhereThatIsAskedFor() {
        try (Outside outside = new Outside();
                ShopFloor shop = outside.shopFloor(1);
                ChildJvm service = shop.startAsInProduction(
                        stateDirectory, "--logging.structured.format.console=ecs", "--order-sync.tracing=true")) {
            shop.put(
                    ShopFloor.REFUNDS,
                    0,
                    null,
                    "Wang Fang, 13800138000".getBytes(UTF_8),
                    new RecordHeaders()
                            .add(
                                    "traceparent",
                                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(UTF_8)));
            shop.send(shop.refund("O2").build());
            shop.send(shop.parcel("O2").build());
            ShopFloor.await()
                    .until(() ->
                            shop.deadLetters().size() == 1 && shop.intercepts().size() == 1);
            service.terminate();
            ShopFloor.await().until(() -> !service.isAlive());

            // The JVM's own warnings are before any logger.
            List<JsonNode> lines = service.said()
                    .lines()
                    .filter(line -> !line.startsWith("WARNING: "))
                    .map(JsonMapper.shared()::readTree)
                    .toList();
            assertThat(lines).hasSizeGreaterThan(10).allSatisfy(line -> {
                assertThat(line.path("@timestamp").asString()).isNotEmpty();
                assertThat(line.at("/log/level").asString()).isNotEmpty();
                assertThat(line.at("/service/name").asString()).isEqualTo("order-sync");
            });
            assertThat(lines)
                    .anyMatch(line -> line.path("message").asString().startsWith("dead letter: ")
                            && line.at("/log/level").asString().equals("WARN")
                            && line.at("/trace/id").asString().equals("4bf92f3577b34da6a3ce929d0e0e4736"));
            assertThat(service.said()).doesNotContain("Wang Fang").doesNotContain("13800138000");
        }
    }
}
