package io.ordersync.dev;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;

/** What a schema registry knows: schemas by id, versions by subject, and how versions must get on with each other. */
final class Subjects {
    /** Confluent's compatibility levels. */
    enum Level {
        NONE,
        BACKWARD,
        BACKWARD_TRANSITIVE,
        FORWARD,
        FORWARD_TRANSITIVE,
        FULL,
        FULL_TRANSITIVE
    }

    record Version(String subject, int version, int id, String schema) {}

    private final List<Schema> schemas = new ArrayList<>();
    private final Map<String, NavigableMap<Integer, Integer>> subjects = new TreeMap<>();
    private final Map<String, Level> levels = new HashMap<>();
    private Level globalLevel = Level.BACKWARD;

    /** Registers a schema; the same text has the same id in every subject. */
    synchronized int register(String subject, String text) {
        var schema = parse(text);
        var versions = subjects.get(subject);
        if (versions != null) {
            for (int id : versions.values()) {
                if (sameText(schema(id), schema)) {
                    return id;
                }
            }
            var problems = problems(level(subject), schema, newestFirst(versions));
            if (!problems.isEmpty()) {
                throw new RegistryException(
                        409, 409, "Schema being registered is incompatible with an earlier schema: " + problems);
            }
        }
        int id = idOf(schema);
        var known = subjects.computeIfAbsent(subject, ignored -> new TreeMap<>());
        known.put(known.isEmpty() ? 1 : known.lastKey() + 1, id);
        return id;
    }

    synchronized Version lookUp(String subject, String text) {
        var schema = parse(text);
        return versions(subject).entrySet().stream()
                .filter(version -> sameText(schema(version.getValue()), schema))
                .findFirst()
                .map(version -> version(subject, version.getKey(), version.getValue()))
                .orElseThrow(() -> new RegistryException(404, 40403, "Schema not found"));
    }

    synchronized List<String> names() {
        return List.copyOf(subjects.keySet());
    }

    synchronized List<Integer> versionsOf(String subject) {
        return List.copyOf(versions(subject).keySet());
    }

    /** One version of a subject; {@code latest} and {@code -1} name the newest. */
    synchronized Version version(String subject, String number) {
        var versions = versions(subject);
        int version = isLatest(number) ? versions.lastKey() : versionNumber(number);
        Integer id = versions.get(version);
        if (id == null) {
            throw new RegistryException(404, 40402, "Version " + number + " not found.");
        }
        return version(subject, version, id);
    }

    synchronized Schema schema(int id) {
        if (id < 1 || id > schemas.size()) {
            throw new RegistryException(404, 40403, "Schema " + id + " not found");
        }
        return schemas.get(id - 1);
    }

    /** Every subject and version that has this id. */
    synchronized List<Version> versionsWith(int id) {
        schema(id);
        return subjects.entrySet().stream()
                .flatMap(subject -> subject.getValue().entrySet().stream()
                        .filter(version -> version.getValue() == id)
                        .map(version -> version(subject.getKey(), version.getKey(), id)))
                .toList();
    }

    /** What keeps a schema from standing beside a version; nothing when the subject is new and the newest is asked for. */
    synchronized List<String> problems(String subject, String number, String text) {
        var schema = parse(text);
        if (isLatest(number) && !subjects.containsKey(subject)) {
            return List.of();
        }
        return problems(
                level(subject), schema, List.of(schema(version(subject, number).id())));
    }

    synchronized Level globalLevel() {
        return globalLevel;
    }

    synchronized void globalLevel(Level level) {
        globalLevel = level;
    }

    synchronized @Nullable Level levelOf(String subject) {
        return levels.get(subject);
    }

    synchronized void levelOf(String subject, Level level) {
        levels.put(subject, level);
    }

    private Level level(String subject) {
        return levels.getOrDefault(subject, globalLevel);
    }

    private static List<String> problems(Level level, Schema schema, List<Schema> newestFirst) {
        var against = level.name().endsWith("_TRANSITIVE") ? newestFirst : newestFirst.subList(0, 1);
        return against.stream()
                .flatMap(earlier -> switch (level) {
                    case NONE -> Stream.<String>empty();
                    case BACKWARD, BACKWARD_TRANSITIVE -> unreadable(schema, earlier);
                    case FORWARD, FORWARD_TRANSITIVE -> unreadable(earlier, schema);
                    case FULL, FULL_TRANSITIVE ->
                        Stream.concat(unreadable(schema, earlier), unreadable(earlier, schema));
                })
                .toList();
    }

    /** SchemaCompatibility, as Confluent asks it: Avro's SchemaValidator lets a lost enum symbol without a default pass. */
    private static Stream<String> unreadable(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        return result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE
                ? Stream.empty()
                : result.getIncompatibilities().stream().map(Object::toString);
    }

    private List<Schema> newestFirst(NavigableMap<Integer, Integer> versions) {
        return versions.descendingMap().values().stream().map(this::schema).toList();
    }

    private int idOf(Schema schema) {
        for (int index = 0; index < schemas.size(); index++) {
            if (sameText(schemas.get(index), schema)) {
                return index + 1;
            }
        }
        schemas.add(schema);
        return schemas.size();
    }

    private NavigableMap<Integer, Integer> versions(String subject) {
        var versions = subjects.get(subject);
        if (versions == null) {
            throw new RegistryException(404, 40401, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private Version version(String subject, int version, int id) {
        return new Version(subject, version, id, schema(id).toString());
    }

    private static boolean isLatest(String number) {
        return number.equals("latest") || number.equals("-1");
    }

    private static int versionNumber(String number) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new RegistryException(
                    422, 42202, "The specified version '" + number + "' is not a valid version id.");
        }
    }

    /** Docs, defaults and properties are part of a schema's identity; white space is not. */
    private static boolean sameText(Schema one, Schema other) {
        return one.toString().equals(other.toString());
    }

    private static Schema parse(String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (RuntimeException e) { // not only Avro's own: it answers an unknown name with a NullPointerException
            throw new RegistryException(422, 42201, "Invalid schema: " + e.getMessage());
        }
    }
}
