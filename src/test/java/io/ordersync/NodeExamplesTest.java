package io.ordersync;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The programs in {@code interop/examples}. */
@Tag("interop")
class NodeExamplesTest extends ExampleStories {

    private final List<String> done = new ArrayList<>();
    private final List<ChildProgram> programs = new ArrayList<>();

    @BeforeAll
    @Override
    void start(@TempDir Path directory) {
        ChildProgram.requireNodePackages();
        super.start(directory);
    }

    @Override
    void approve(String orderId, Instant approvedAt) {
        ChildProgram.runNode(
                environment(Map.of("APPROVED_AT", Long.toString(approvedAt.toEpochMilli()))),
                Duration.ofSeconds(20),
                "examples/refund-system.mjs",
                "approve",
                orderId,
                "R-" + orderId,
                "1");
    }

    @Override
    void withdraw(String orderId) {
        ChildProgram.runNode(
                environment(Map.of()),
                Duration.ofSeconds(20),
                "examples/refund-system.mjs",
                "withdraw",
                orderId,
                "R-" + orderId,
                "1");
    }

    @Override
    void startPrograms(Path warehouseLedger, Path courierLedger) {
        Map<String, String> environment = environment(Map.of());
        programs.add(ChildProgram.node(environment, "examples/warehouse-system.mjs", "W1", warehouseLedger.toString()));
        programs.add(ChildProgram.node(environment, "examples/courier-adapter.mjs", "SF", courierLedger.toString()));
    }

    @Override
    void stopPrograms() {
        done.addAll(doneByThoseThatRun());
        programs.forEach(ChildProgram::close);
        programs.clear();
    }

    @Override
    List<String> done() {
        List<String> all = new ArrayList<>(done);
        all.addAll(doneByThoseThatRun());
        return all;
    }

    private List<String> doneByThoseThatRun() {
        return programs.stream()
                .flatMap(program -> program.said().stream())
                .map((JsonNode line) -> line.path("did").asString())
                .toList();
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("BOOTSTRAP", outside.broker.bootstrapServers());
        environment.put("REGISTRY", outside.registryUrl);
        environment.put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        return environment;
    }
}
