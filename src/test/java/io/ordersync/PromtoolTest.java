package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.monitoring.Expressions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Prometheus itself reads the rules and what the panels ask, and fires what is to fire. */
@Tag("interop")
class PromtoolTest {

    private static final Path RULES =
            Path.of("helm/order-sync/files/alerts.yml").toAbsolutePath();
    private static final Path CASES =
            Path.of("src/test/resources/monitoring/alerts-test.yml").toAbsolutePath();
    private static final Path DASHBOARD = Path.of("helm/order-sync/files/dashboard.json");

    @BeforeAll
    static void isThere() {
        ChildProgram.require("promtool");
    }

    @Test
    void rulesCanBeRead() {
        assertThat(promtool("check", "rules", RULES.toString()))
                .anyMatch(line -> line.contains("SUCCESS: " + rules().size() + " rules found"));
    }

    @Test
    void eachAlertFiresWhenItIsToAndNotElse() throws IOException {
        String cases = Files.readString(CASES);
        assertThat(rules().keySet())
                .filteredOn(name -> !name.contains(":"))
                .allSatisfy(name -> assertThat(cases)
                        .contains("name: " + name + " fires\n")
                        .contains("name: " + name + " does not fire\n"));

        assertThat(promtool("test", "rules", CASES.toString())).anyMatch(line -> line.contains("SUCCESS"));
    }

    /** Prometheus checks rules alone: what a panel asks is read as one. */
    @Test
    void whatThePanelsAskCanBeRead(@TempDir Path directory) throws IOException {
        Map<String, String> panels = Expressions.ofDashboard(DASHBOARD);
        List<Map<String, String>> rules = new ArrayList<>();
        panels.values()
                .forEach(expression -> rules.add(Map.of(
                        "record", "panel:" + rules.size(), "expr", expression.replace("$__rate_interval", "5m"))));
        Path file = directory.resolve("panels.yml");
        Files.writeString(
                file,
                JsonMapper.shared()
                        .writeValueAsString(Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));

        assertThat(promtool("check", "rules", file.toString()))
                .anyMatch(line -> line.contains("SUCCESS: " + rules.size() + " rules found"));
    }

    private static Map<String, String> rules() {
        try {
            return Expressions.ofRules(RULES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> promtool(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return ChildProgram.run(Duration.ofMinutes(1), command);
    }
}
