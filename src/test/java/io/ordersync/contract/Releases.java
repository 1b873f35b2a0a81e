package io.ordersync.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas as they stand, and those of every release, all kept in the tree: {@code <subject>.avsc} and
 * {@code released/<version>/<subject>.avsc}, with the checksums of the latter in {@code released/SHA256SUMS}.
 */
final class Releases {

    static final String COMMAND = "./mvnw test -Dtest=ReleasesTest -Dschemas.release=";
    private static final String EXTENSION = ".avsc";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path schemas;
    private final Path released;
    private final Path sums;

    /** @param schemas the directory of the schemas as they stand */
    Releases(Path schemas) {
        this.schemas = schemas;
        this.released = schemas.resolve("released");
        this.sums = released.resolve("SHA256SUMS");
    }

    /** All that keeps these schemas from being published, a sentence each; empty: nothing. */
    List<String> problems() {
        var problems = breaks();
        if (problems.isEmpty()) {
            problems.addAll(unreleased());
        }
        return problems;
    }

    /**
     * Makes the schemas as they stand a release.
     *
     * @throws IllegalStateException if it is not the next one, would break readers, or would be the same as the last
     */
    void release(int version) {
        var problems = breaks();
        if (newest() + 1 != version) {
            problems.add("release " + version + " is not the next one: that is " + (newest() + 1));
        } else if (newest() > 0 && problems.isEmpty() && unreleased().isEmpty()) {
            problems.add("nothing differs from release " + newest() + " but for docs");
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
        try {
            Path directory = Files.createDirectories(released.resolve(String.valueOf(version)));
            for (String subject : subjects(schemas)) {
                Files.copy(schemas.resolve(subject), directory.resolve(subject));
            }
            Files.write(
                    sums,
                    sumsOf(releasedFiles()).entrySet().stream()
                            .map(sum -> sum.getValue() + "  " + sum.getKey())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> breaks() {
        var problems = new ArrayList<String>();
        var pinned = pinned();
        var found = sumsOf(releasedFiles());
        pinned.forEach((file, sum) -> {
            if (!found.containsKey(file)) {
                problems.add("released/" + file + " is gone: a release stays as it is");
            } else if (!sum.equals(found.get(file))) {
                problems.add("released/" + file + " was changed: a release stays as it is");
            }
        });
        found.keySet().stream()
                .filter(file -> !pinned.containsKey(file))
                .forEach(file -> problems.add(
                        "released/" + file + " is not in SHA256SUMS: a release is made by " + COMMAND + "<version>"));
        for (int version : versions()) {
            for (String subject : subjects(directory(version))) {
                if (Files.exists(schemas.resolve(subject))) {
                    SchemaBreak.between(parse(directory(version).resolve(subject)), parse(schemas.resolve(subject)))
                            .forEach(hurt -> problems.add(subject + " against release " + version + ": " + hurt));
                } else {
                    problems.add(subject + " is gone: readers of release " + version + " wait for its records");
                }
            }
        }
        return problems;
    }

    private List<String> unreleased() {
        return subjects(schemas).stream()
                .filter(subject -> {
                    Path last = directory(newest()).resolve(subject);
                    return !Files.exists(last) || !withoutDocs(last).equals(withoutDocs(schemas.resolve(subject)));
                })
                .map(subject -> subject + " is not what release " + newest() + " has; if it is finished: " + COMMAND
                        + (newest() + 1))
                .toList();
    }

    private int newest() {
        return versions().isEmpty() ? 0 : versions().getLast();
    }

    private Path directory(int version) {
        return released.resolve(String.valueOf(version));
    }

    private List<Integer> versions() {
        return list(released).stream()
                .filter(Files::isDirectory)
                .map(directory -> Integer.valueOf(directory.getFileName().toString()))
                .sorted()
                .toList();
    }

    private List<Path> releasedFiles() {
        return versions().stream()
                .flatMap(version -> list(directory(version)).stream())
                .toList();
    }

    /** By name within {@code released/}. */
    private Map<String, String> pinned() {
        try (Stream<String> lines = Files.exists(sums) ? Files.lines(sums) : Stream.empty()) {
            return lines.map(line -> line.split("  ", 2))
                    .collect(Collectors.toMap(line -> line[1], line -> line[0], (one, other) -> other, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> sumsOf(List<Path> files) {
        return files.stream()
                .collect(Collectors.toMap(
                        file -> released.relativize(file).toString().replace('\\', '/'),
                        Releases::sumOf,
                        (one, other) -> other,
                        TreeMap::new));
    }

    private static String sumOf(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> subjects(Path directory) {
        return list(directory).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(EXTENSION))
                .sorted()
                .toList();
    }

    private static List<Path> list(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema parse(Path file) {
        try {
            return new Schema.Parser().parse(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    private static JsonNode withoutDocs(Path file) {
        JsonNode schema = JSON.readTree(file);
        schema.findParents("doc").forEach(explained -> ((ObjectNode) explained).remove("doc"));
        return schema;
    }
}
