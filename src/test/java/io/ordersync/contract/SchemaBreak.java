package io.ordersync.contract;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/**
 * One reason why a released schema and a newer one may not stand side by side.
 *
 * @param path the field within the record, such as {@code lines[].quantity}; of a map's values {@code labels{}}; the record's name when it is
 *     the record itself
 * @param reason what was done, for the one who did it
 */
record SchemaBreak(String path, Hurt hurt, String reason) {

    /** Who suffers. */
    enum Hurt {
        NEW_READERS("new readers can't read what was written with the release"),
        OLD_READERS("readers of the release can't read what is written from now on"),
        EITHER("readers of the release and new ones read the same record differently");

        private final String sentence;

        Hurt(String sentence) {
            this.sentence = sentence;
        }
    }

    @Override
    public String toString() {
        return path + ": " + hurt.sentence + ": " + reason;
    }

    /**
     * All that a change breaks; empty: nothing. It refuses what Avro's own check does, and names the field also within a union. Besides
     * it refuses what that check passes over: another namespace, logical type, precision, scale or default, a string that becomes
     * bytes, a rename that only new readers understand, and an enum that can't grow.
     */
    static List<SchemaBreak> between(Schema released, Schema changed) {
        var walk = new Walk();
        walk.compare(released.getName(), released, changed);
        return List.copyOf(walk.breaks);
    }

    private static final class Walk {

        private final List<SchemaBreak> breaks = new ArrayList<>();
        /** Of the records on the way to here: a schema may hold itself. */
        private final Deque<String> records = new ArrayDeque<>();

        private void add(String path, Hurt hurt, String reason) {
            breaks.add(new SchemaBreak(path, hurt, reason));
        }

        private void compare(String path, Schema released, Schema changed) {
            if (released.getType() == Schema.Type.UNION || changed.getType() == Schema.Type.UNION) {
                compareBranches(path, branches(released), branches(changed));
                return;
            }
            if (released.getType() != changed.getType()) {
                if (!promotes(released.getType(), changed.getType())) {
                    add(
                            path,
                            Hurt.NEW_READERS,
                            "type changed from %s to %s".formatted(released.getName(), changed.getName()));
                }
                if (!promotes(changed.getType(), released.getType())) {
                    add(
                            path,
                            Hurt.OLD_READERS,
                            "type changed from %s to %s".formatted(released.getName(), changed.getName()));
                }
                return;
            }
            compareMeaning(path, released, changed);
            switch (released.getType()) {
                case ARRAY -> compare(path + "[]", released.getElementType(), changed.getElementType());
                case MAP -> compare(path + "{}", released.getValueType(), changed.getValueType());
                case FIXED -> {
                    compareNames(path, released, changed);
                    if (released.getFixedSize() != changed.getFixedSize()) {
                        String reason = "size changed from %d to %d bytes";
                        add(path, Hurt.NEW_READERS, reason.formatted(released.getFixedSize(), changed.getFixedSize()));
                        add(path, Hurt.OLD_READERS, reason.formatted(released.getFixedSize(), changed.getFixedSize()));
                    }
                }
                case ENUM -> {
                    compareNames(path, released, changed);
                    compareSymbols(path, released, changed);
                }
                case RECORD -> {
                    compareNames(path, released, changed);
                    if (!records.contains(released.getFullName())) {
                        records.push(released.getFullName());
                        compareFields(records.size() == 1 ? "" : path + ".", released, changed);
                        records.pop();
                    }
                }
                default -> {}
            }
        }

        private void compareNames(String path, Schema released, Schema changed) {
            if (!released.getFullName().equals(changed.getFullName())) {
                String reason = "renamed from %s to %s";
                add(path, Hurt.NEW_READERS, reason.formatted(released.getFullName(), changed.getFullName()));
                add(path, Hurt.OLD_READERS, reason.formatted(released.getFullName(), changed.getFullName()));
            }
        }

        /** The bytes may be read either way, but mean something else: Avro does not look at it. */
        private void compareMeaning(String path, Schema released, Schema changed) {
            for (String property : List.of("logicalType", "precision", "scale")) {
                Object before = released.getObjectProp(property);
                Object after = changed.getObjectProp(property);
                if (!Objects.equals(before, after)) {
                    add(path, Hurt.EITHER, "%s changed from %s to %s".formatted(property, before, after));
                }
            }
        }

        private void compareSymbols(String path, Schema released, Schema changed) {
            var added = new TreeSet<>(changed.getEnumSymbols());
            released.getEnumSymbols().forEach(added::remove);
            var removed = new TreeSet<>(released.getEnumSymbols());
            changed.getEnumSymbols().forEach(removed::remove);
            String before = released.getEnumDefault();
            String after = changed.getEnumDefault();
            if (!added.isEmpty() && before == null) {
                add(
                        path,
                        Hurt.OLD_READERS,
                        "%s has new symbols %s, and the release no default to read them as"
                                .formatted(released.getName(), added));
            }
            if (!removed.isEmpty() && after == null) {
                add(
                        path,
                        Hurt.NEW_READERS,
                        "%s lost %s and has no default to read them as".formatted(released.getName(), removed));
            }
            if (before != null && after == null) {
                add(
                        path,
                        Hurt.NEW_READERS,
                        "%s lost its default %s: no symbol can be added any more"
                                .formatted(released.getName(), before));
            } else if (before != null && !before.equals(after)) {
                add(
                        path,
                        Hurt.EITHER,
                        "default of %s changed from %s to %s".formatted(released.getName(), before, after));
            }
        }

        private void compareFields(String prefix, Schema released, Schema changed) {
            for (Field before : released.getFields()) {
                Field after = changed.getField(before.name());
                String path = prefix + before.name();
                if (after != null) {
                    compareDefaults(path, before, after);
                    compareAliases(path, before, after, released);
                    compare(path, before.schema(), after.schema());
                } else if (!before.hasDefaultValue()) {
                    add(path, Hurt.OLD_READERS, "the field is gone, and the release has no default for it");
                }
            }
            for (Field after : changed.getFields()) {
                if (released.getField(after.name()) == null) {
                    compareWithNothing(prefix + after.name(), after, released);
                }
            }
        }

        /** Avro renames the writer's field by the alias, and finds two of that name, or the wrong one. */
        private void compareAliases(String path, Field before, Field after, Schema released) {
            for (String alias : after.aliases()) {
                if (!before.aliases().contains(alias) && released.getField(alias) != null) {
                    add(
                            path,
                            Hurt.NEW_READERS,
                            "its alias %s is the name of another field of the release".formatted(alias));
                }
            }
        }

        private void requireDefaultOfFirstBranch(String path, Field field) {
            if (field.hasDefaultValue() && field.schema().getType() == Schema.Type.UNION) {
                Schema first = field.schema().getTypes().getFirst();
                boolean isNull = JsonProperties.NULL_VALUE.equals(field.defaultVal());
                if (isNull != (first.getType() == Schema.Type.NULL)) {
                    add(
                            path,
                            Hurt.EITHER,
                            "its default %s is not of the union's first branch, %s: many readers take no such schema"
                                    .formatted(text(field.defaultVal()), first.getName()));
                }
            }
        }

        private void compareWithNothing(String path, Field added, Schema released) {
            if (!added.hasDefaultValue()) {
                add(path, Hurt.NEW_READERS, "the field is new and has no default");
            }
            for (String alias : added.aliases()) {
                if (released.getField(alias) != null) {
                    add(
                            path,
                            Hurt.EITHER,
                            "renamed from %s: readers of the release don't know the alias, and miss the field"
                                    .formatted(alias));
                }
            }
            requireDefaultOfFirstBranch(path, added);
            requireEnumDefaults(path, added.schema());
        }

        private void requireEnumDefaults(String path, Schema added) {
            switch (added.getType()) {
                case ENUM -> {
                    if (added.getEnumDefault() == null) {
                        add(
                                path,
                                Hurt.OLD_READERS,
                                "the new enum %s has no default: no symbol can be added later"
                                        .formatted(added.getName()));
                    }
                }
                case ARRAY -> requireEnumDefaults(path + "[]", added.getElementType());
                case MAP -> requireEnumDefaults(path + "{}", added.getValueType());
                case UNION -> added.getTypes().forEach(branch -> requireEnumDefaults(path, branch));
                case RECORD -> {
                    if (!records.contains(added.getFullName())) {
                        records.push(added.getFullName());
                        added.getFields()
                                .forEach(field -> requireEnumDefaults(path + '.' + field.name(), field.schema()));
                        records.pop();
                    }
                }
                default -> {}
            }
        }

        private void compareDefaults(String path, Field before, Field after) {
            requireDefaultOfFirstBranch(path, after);
            Object was = before.defaultVal();
            if (was != null && !after.hasDefaultValue()) {
                add(
                        path,
                        Hurt.NEW_READERS,
                        "lost its default %s: records written without the field, as the release allows, need it"
                                .formatted(text(was)));
            } else if (was != null && !Objects.deepEquals(was, after.defaultVal())) {
                add(path, Hurt.EITHER, "default changed from %s to %s".formatted(text(was), text(after.defaultVal())));
            }
        }

        private void compareBranches(String path, List<Schema> released, List<Schema> changed) {
            for (Schema before : released) {
                var after = sameBranch(changed, before);
                if (after != null) {
                    compare(path, before, after);
                } else if (changed.stream().noneMatch(other -> promotes(before.getType(), other.getType()))) {
                    add(path, Hurt.NEW_READERS, "may no longer be %s".formatted(before.getName()));
                }
            }
            for (Schema after : changed) {
                Schema before = sameBranch(released, after);
                // One record may be the other, renamed, but not when that is there as it was.
                boolean isNew = before == null || !after.equals(sameBranch(changed, before));
                if (isNew && released.stream().noneMatch(other -> promotes(after.getType(), other.getType()))) {
                    add(path, Hurt.OLD_READERS, "may now be %s".formatted(after.getName()));
                }
            }
        }

        private static List<Schema> branches(Schema schema) {
            return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
        }

        /** Branches of a union differ by type, and those with a name by that; a lone renamed one is the same, renamed. */
        private static Schema sameBranch(List<Schema> branches, Schema wanted) {
            var sameType = branches.stream()
                    .filter(branch -> branch.getType() == wanted.getType())
                    .toList();
            return sameType.stream()
                    .filter(branch -> branch.getFullName().equals(wanted.getFullName()))
                    .findFirst()
                    .orElse(sameType.size() == 1 ? sameType.getFirst() : null);
        }

        /** Numbers that Avro reads as wider ones. It also takes strings and bytes for each other; programs don't. */
        private static boolean promotes(Schema.Type from, Schema.Type to) {
            return switch (from) {
                case INT -> to == Schema.Type.LONG || to == Schema.Type.FLOAT || to == Schema.Type.DOUBLE;
                case LONG -> to == Schema.Type.FLOAT || to == Schema.Type.DOUBLE;
                case FLOAT -> to == Schema.Type.DOUBLE;
                default -> false;
            };
        }

        private static String text(Object value) {
            return JsonProperties.NULL_VALUE.equals(value)
                    ? "null"
                    : value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        }
    }
}
