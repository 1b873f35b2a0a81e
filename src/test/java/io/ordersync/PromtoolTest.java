package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.monitoring.Expressions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /** A rule that waits. */
    private static final Pattern WAIT = Pattern.compile("- alert: (\\w+)\n(?:(?! *- alert:).*\n)*? +for: ");

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

    /** Each rule that waits has a case that fails without the wait. */
    @Test
    void noAlertFiresBeforeItHasWaited(@TempDir Path directory) throws IOException {
        String rules = Files.readString(RULES);
        List<String> waiting = WAIT.matcher(rules)
                .results()
                .map(rule -> "alertname: " + rule.group(1) + ",")
                .toList();
        assertThat(waiting).isNotEmpty();
        Files.writeString(directory.resolve("alerts.yml"), rules.replaceAll("(?m)^ +for: .*$", ""));
        Path cases = Files.writeString(
                directory.resolve("alerts-test.yml"),
                Files.readString(CASES).replaceFirst("(?m)^rule_files: .*$", "rule_files: [alerts.yml]"));

        assertThatThrownBy(() -> promtool("test", "rules", cases.toString()))
                .hasMessageContainingAll(waiting.toArray(String[]::new));
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
        // It says on standard error why a case fails.
        String[] command = Stream.concat(
                        Stream.of("sh", "-c", "exec promtool \"$@\" 2>&1", "promtool"), Stream.of(arguments))
                .toArray(String[]::new);
        return ChildProgram.run(Duration.ofMinutes(1), command);
    }
}
