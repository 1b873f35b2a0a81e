package io.ordersync.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The rows that were written so far, as the table of {@code docs/reliability.md}. */
final class Table {

    private static final String NAME = "table.md";
    private static final List<String> HEAD = List.of(
            "| fault | runs | stories | lost | twice | wrong | recovery p50 | p99 | what shows that it struck |",
            "|---|---|---|---|---|---|---|---|---|");

    private Table() {}

    /** Writes it beside the rows. */
    static void collect(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> rows = files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.endsWith(NAME))
                    .sorted()
                    .toList();
            StringBuilder table = new StringBuilder(String.join("\n", HEAD)).append('\n');
            for (Path row : rows) {
                table.append(Files.readString(row));
            }
            Files.writeString(directory.resolve(NAME), table);
        }
    }
}
