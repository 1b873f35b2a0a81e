package io.ordersync.monitoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What rules and dashboard ask Prometheus, taken apart as far as is needed to see whether an answer can come. */
public final class Expressions {

    /** A name with what its labels must be like, which may be left out. */
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\{[^}]*})?\\s*(\\()?");

    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern RANGE = Pattern.compile("\\[(\\d+[smhdw]|\\$\\w+)]");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");
    private static final Set<String> UNITS = Set.of("ms", "s", "m", "h", "d");

    private Expressions() {}

    /**
     * A series that is asked for.
     *
     * @param labels by their names: a condition, and what it is compared with
     */
    public record Selector(String name, Map<String, Condition> labels) {

        /** Is there one in what a service exports? What Prometheus adds when it reads that does not count. */
        public boolean matches(Scrape.Series series) {
            return series.name().equals(name)
                    && labels.entrySet().stream()
                            .allMatch(label ->
                                    label.getValue().holds(series.labels().getOrDefault(label.getKey(), "")));
        }
    }

    /** What a label must be like. */
    public record Condition(String operator, String value) {

        boolean holds(String label) {
            return switch (operator) {
                case "=" -> label.equals(value);
                case "!=" -> !label.equals(value);
                case "=~" -> label.matches(value);
                case "!~" -> !label.matches(value);
                default -> throw new IllegalStateException(operator);
            };
        }
    }

    /** Those of rules, by the name of the rule. */
    public static Map<String, String> ofRules(Path file) throws IOException {
        Map<String, String> expressions = new TreeMap<>();
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode groups =
                    JsonMapper.shared().valueToTree(new Yaml().load(in)).path("groups");
            groups.forEach(group -> group.path("rules")
                    .forEach(rule -> expressions.put(
                            rule.path("alert").asString(rule.path("record").asString("")),
                            rule.path("expr").asString())));
        }
        return expressions;
    }

    /** Those of a dashboard, by the title of the panel and a number. */
    public static Map<String, String> ofDashboard(Path file) throws IOException {
        Map<String, String> expressions = new TreeMap<>();
        JsonNode panels = JsonMapper.shared().readTree(Files.readString(file)).path("panels");
        panels.forEach(panel -> panel.path("targets")
                .forEach(target -> expressions.put(
                        panel.path("title").asString() + " "
                                + target.path("refId").asString(),
                        target.path("expr").asString())));
        return expressions;
    }

    /** All series that an expression asks for. */
    public static List<Selector> selectors(String expression) {
        // Ranges, and the labels that results are grouped by, are no series.
        String bare =
                GROUPING.matcher(RANGE.matcher(expression).replaceAll(" ")).replaceAll(" ");
        List<Selector> selectors = new ArrayList<>();
        Matcher each = SELECTOR.matcher(bare);
        while (each.find()) {
            String name = each.group(1);
            boolean isFunction = each.group(3) != null;
            boolean isPartOfNumber = each.start() > 0 && Character.isDigit(bare.charAt(each.start() - 1));
            if (!isFunction && !isPartOfNumber && !WORDS.contains(name) && !UNITS.contains(name)) {
                selectors.add(new Selector(name, conditions(each.group(2) == null ? "" : each.group(2))));
            }
        }
        return selectors;
    }

    /** The labels by which results are grouped. */
    public static Set<String> groupings(String expression) {
        Set<String> labels = new HashSet<>();
        Matcher each = GROUPING.matcher(expression);
        while (each.find()) {
            for (String label : each.group(2).split(",", 0)) {
                if (!label.isBlank()) {
                    labels.add(label.strip());
                }
            }
        }
        return labels;
    }

    private static Map<String, Condition> conditions(String text) {
        Map<String, Condition> conditions = new TreeMap<>();
        Matcher each = MATCHER.matcher(text);
        while (each.find()) {
            conditions.put(each.group(1), new Condition(each.group(2), each.group(3)));
        }
        return conditions;
    }
}
