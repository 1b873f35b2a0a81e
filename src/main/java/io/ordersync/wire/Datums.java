package io.ordersync.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Avro's readers from one schema to another, and its writers; safe for several threads. */
final class Datums {

    private Datums() {}

    /**
     * From what was written with the schema of {@code id}.
     *
     * @param specific to a generated class, and not to a generic record of the same schema
     * @param type that class; null: the one that {@code writer} names
     * @throws UnknownSchemaException when {@code writer} can't be read so
     */
    static DatumReader<IndexedRecord> reader(
            Object id, Schema writer, boolean specific, @Nullable Class<? extends SpecificRecord> type) {
        if (writer.getType() != Schema.Type.RECORD) {
            throw new UnknownSchemaException("schema " + id + " is no record's");
        }
        Bounds.check(id, writer);
        try {
            if (!specific) {
                return generic(writer, writer);
            }
            Class<? extends SpecificRecord> as = type == null ? named(id, writer) : type;
            SpecificData model = SpecificData.getForClass(as);
            Schema reader = model.getSchema(as);
            if (!canRead(reader, writer)) {
                throw new UnknownSchemaException("schema " + id + " can't be read as " + reader.getName());
            }
            return reader(model, writer, reader);
        } catch (AvroRuntimeException | SecurityException | StackOverflowError e) {
            throw new UnknownSchemaException("schema " + id + " can't be read", e);
        }
    }

    /** @throws SerializationException when no record could be read so */
    static DatumReader<IndexedRecord> generic(Schema writer, Schema reader) {
        return reader(GenericData.get(), writer, reader);
    }

    /** Of records of {@code type}, a generated class or a generic record's. */
    static DatumWriter<IndexedRecord> writer(Schema schema, Class<? extends IndexedRecord> type) {
        if (!SpecificRecord.class.isAssignableFrom(type)) {
            return new GenericDatumWriter<>(schema);
        }
        // Whoever hands us an object of it trusts it already.
        TrustedClasses.trust(type.asSubclass(SpecificRecord.class));
        return new SpecificDatumWriter<>(schema, SpecificData.getForClass(type));
    }

    /**
     * Are records of both the same bytes, with the same meaning? By the types, the names and their order: documentation,
     * aliases, defaults and properties are not looked at, but logical types are.
     */
    static boolean areAlike(Schema one, Schema other) {
        try {
            return SchemaNormalization.toParsingForm(one).equals(SchemaNormalization.toParsingForm(other))
                    && logicalTypes(one).equals(logicalTypes(other));
        } catch (StackOverflowError e) {
            // Nested as deep as nobody's class.
            return false;
        }
    }

    private static List<Optional<LogicalType>> logicalTypes(Schema schema) {
        Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Optional<LogicalType>> types = new ArrayList<>();
        collect(schema, seen, types);
        return types;
    }

    /** As they come in the text of the schema. */
    private static void collect(Schema schema, Set<Schema> seen, List<Optional<LogicalType>> types) {
        types.add(Optional.ofNullable(schema.getLogicalType()));
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema)) {
                    schema.getFields().forEach(field -> collect(field.schema(), seen, types));
                }
            }
            case ARRAY -> collect(schema.getElementType(), seen, types);
            case MAP -> collect(schema.getValueType(), seen, types);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, seen, types));
            default -> {}
        }
    }

    static boolean canRead(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    /** A datum reader would do the same, but at its first record, and with a cache that threads share unguarded. */
    private static DatumReader<IndexedRecord> reader(GenericData model, Schema writer, Schema reader) {
        try {
            return new FastReaderBuilder(model).createDatumReader(writer, reader);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is read yet", e);
        } catch (AvroRuntimeException e) {
            throw new SerializationException(
                    "what is written as " + writer.getFullName() + " can't be read as " + reader.getFullName(), e);
        }
    }

    private static Class<? extends SpecificRecord> named(Object id, Schema writer) {
        String name = SpecificData.getClassName(writer);
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        try {
            // Not initialized before it is known to be one of Avro's: the name comes from outside.
            Class<?> type = Class.forName(name, false, ofThread == null ? Datums.class.getClassLoader() : ofThread);
            if (SpecificRecord.class.isAssignableFrom(type)) {
                TrustedClasses.trust(type.asSubclass(SpecificRecord.class));
                return type.asSubclass(SpecificRecord.class);
            }
            throw new UnknownSchemaException(name + ", which schema " + id + " names, is not generated of a record");
        } catch (ClassNotFoundException e) {
            throw new UnknownSchemaException("there is no class " + name + ", which schema " + id + " names", e);
        }
    }
}
