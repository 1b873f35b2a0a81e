package io.ordersync.helm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The chart as Helm itself sees it. */
public final class Chart {

    static final Path DIRECTORY = Path.of("helm/order-sync").toAbsolutePath();
    static final Path VALUES = Path.of("src/test/resources/helm").toAbsolutePath();

    /** The longest name of a release that Helm takes. */
    static final String LONGEST_RELEASE = "finds-the-parcels-that-leave-although-they-were-refun";

    /** A key that stands twice is refused, as Kubernetes refuses it. */
    static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /** What {@code helm.sh/hook} is called in the chart that is rendered. */
    static final String HOOK = "hook";

    /** Without hooks, for as a library Helm gives back nothing of them. */
    private static final Path WITHOUT_HOOKS = withoutHooks();

    private Chart() {}

    /** The sets of values that the chart is tried with. */
    public static List<String> valueSets() {
        try (Stream<Path> files = Files.list(VALUES)) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What it makes of one of them.
     *
     * @throws IllegalStateException when Helm refuses it; the message is Helm's
     */
    public static Rendered render(String valueSet) {
        return render("rel", valueSet);
    }

    static Rendered render(String release, String valueSet, String... settings) {
        TemplateCommand command = new Helm(WITHOUT_HOOKS)
                .template()
                .withName(release)
                .withNamespace("shop")
                .withKubeVersion("1.34.0")
                .withValuesFile(VALUES.resolve(valueSet + ".yaml"));
        for (String setting : settings) {
            String[] sides = setting.split("=", 2);
            command.set(sides[0], sides[1]);
        }
        return new Rendered(documents(command.call()));
    }

    /** With these values instead of its own, for the linter takes no others; the chart is copied for that. */
    static LintResult lint(String valueSet, Path copy) throws IOException {
        copyTo(copy);
        ObjectNode values =
                (ObjectNode) YAML.readTree(DIRECTORY.resolve("values.yaml").toFile());
        JsonNode others = YAML.readTree(VALUES.resolve(valueSet + ".yaml").toFile());
        if (others instanceof ObjectNode given) {
            merge(values, given);
        }
        Files.writeString(copy.resolve("values.yaml"), YAML.writeValueAsString(values));
        return new Helm(copy).lint().strict().call();
    }

    /** As the part of another chart that has it on a condition, in an empty directory; empty if nothing is made. */
    static String renderAsPart(Path parent, boolean enabled) throws IOException {
        copyTo(parent.resolve("charts/order-sync"));
        Files.writeString(parent.resolve("Chart.yaml"), """
                apiVersion: v2
                name: shop
                version: 1.0.0
                dependencies: [{name: order-sync, version: 1.0.0, condition: order-sync.enabled}]
                """);
        return Objects.requireNonNullElse(
                new Helm(parent)
                        .template()
                        .withKubeVersion("1.34.0")
                        .set("order-sync.enabled", enabled)
                        .call(),
                "");
    }

    private static Path withoutHooks() {
        try {
            Path copy = Path.of("target/chart").toAbsolutePath();
            FileSystemUtils.deleteRecursively(copy);
            copyTo(copy);
            Path test = copy.resolve("templates/tests/readiness.yaml");
            Files.writeString(test, Files.readString(test).replace("helm.sh/hook:", HOOK + ":"));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyTo(Path copy) throws IOException {
        Files.createDirectories(copy.getParent());
        FileSystemUtils.copyRecursively(DIRECTORY, copy);
    }

    private static void merge(ObjectNode values, ObjectNode others) {
        others.properties().forEach(other -> {
            if (values.get(other.getKey()) instanceof ObjectNode ours
                    && other.getValue() instanceof ObjectNode theirs) {
                merge(ours, theirs);
            } else {
                values.set(other.getKey(), other.getValue());
            }
        });
    }

    private static List<JsonNode> documents(String yaml) {
        try (JsonParser parser = YAML.createParser(yaml);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser)) {
            List<JsonNode> all = new ArrayList<>();
            documents.forEachRemaining(all::add);
            // Helm leaves a separator for a template that makes nothing.
            all.removeIf(document -> document == null || document.isNull() || document.isMissingNode());
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
