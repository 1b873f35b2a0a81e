package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A block of code in docs/integrating.md that names a file and a region is that region, so that what is read is what is run. */
class IntegratingDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/integrating.md");
    private static final Pattern BLOCK = Pattern.compile(
            "^```(?:java|js)\\n// (\\S+), region (\\S+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    static Stream<MatchResult> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(DOCUMENT)).results().toList().stream();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("blocks")
    void aBlockIsTheRegionItNames(MatchResult block) throws IOException {
        assertThat(block.group(3))
                .as(block.group(1) + ", region " + block.group(2))
                .isEqualTo(region(Path.of(block.group(1)), block.group(2)));
    }

    /** Else a block whose first line is misspelt would be compared with nothing. */
    @Test
    void everyBlockOfJavaAndJavaScriptNamesARegion() throws IOException {
        long all = Files.readAllLines(DOCUMENT).stream()
                .filter(List.of("```java", "```js")::contains)
                .count();

        assertThat(blocks()).hasSize(Math.toIntExact(all)).isNotEmpty();
    }

    /** Without the space that all its lines begin with. */
    private static String region(Path file, String name) throws IOException {
        List<String> lines = Files.readAllLines(file).stream()
                .dropWhile(line -> !line.strip().equals("// region: " + name))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// endregion"))
                .toList();
        return String.join("\n", lines).stripIndent() + '\n';
    }
}
