package io.ordersync.wire;

import java.time.Instant;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions.TimestampMillisConversion;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes generated records as Avro does, byte for byte, but finds out once for a schema what Avro's writer asks of each value.
 * It knows what most schemas are made of; all else is left to Avro's. Safe for several threads.
 */
final class RecordWriter {

    private static final int USUAL_BYTES = 256;

    private final Fields root;

    private RecordWriter(Fields root) {
        this.root = root;
    }

    /** How values of one schema are written. Throws some RuntimeException on one that is not of it. */
    private interface Part {
        void write(@Nullable Object value, ValueBytes to);
    }

    /** Of a record. Filled after it is made: a record may hold itself. */
    private static final class Fields implements Part {

        private final Part[] parts;

        Fields(Part[] parts) {
            this.parts = parts;
        }

        @Override
        public void write(@Nullable Object value, ValueBytes to) {
            SpecificRecord fields = (SpecificRecord) Objects.requireNonNull(value);
            for (int i = 0; i < parts.length; i++) {
                parts[i].write(fields.get(i), to);
            }
        }
    }

    /** Null when records of {@code type} have something that is left to Avro, or are not generated. */
    static @Nullable RecordWriter of(Schema schema, Class<? extends IndexedRecord> type) {
        if (!SpecificRecord.class.isAssignableFrom(type)) {
            return null;
        }
        Part root = new Parts(SpecificData.getForClass(type), new IdentityHashMap<>()).of(schema);
        return root instanceof Fields fields ? new RecordWriter(fields) : null;
    }

    /** The value that holds {@code datum}; null: it is to be left to Avro, which takes it or says what does not fit. */
    byte @Nullable [] write(int id, IndexedRecord datum) {
        ValueBytes value = new ValueBytes(id, USUAL_BYTES);
        try {
            root.write(datum, value);
        } catch (RuntimeException unfit) {
            return null;
        }
        return value.toArray();
    }

    private record Parts(SpecificData model, Map<Schema, Fields> records) {

        /** null: left to Avro. */
        @Nullable
        Part of(Schema schema) {
            if (schema.getLogicalType() != null) {
                return isTimestamp(schema)
                        ? (value, to) -> to.addNumber(((Instant) Objects.requireNonNull(value)).toEpochMilli())
                        : null;
            }
            return switch (schema.getType()) {
                case RECORD -> record(schema);
                case ARRAY -> array(schema.getElementType());
                case UNION -> optional(schema.getTypes());
                case ENUM -> Parts::writeSymbol;
                case INT -> (value, to) -> to.addNumber((Integer) Objects.requireNonNull(value));
                case LONG -> (value, to) -> to.addNumber((Long) Objects.requireNonNull(value));
                case BOOLEAN -> (value, to) -> to.addBoolean((Boolean) Objects.requireNonNull(value));
                case STRING ->
                    isOfJava(schema) ? (value, to) -> to.addText((String) Objects.requireNonNull(value)) : null;
                default -> null;
            };
        }

        @SuppressWarnings("EnumOrdinal") // a generated enum has its schema's order
        private static void writeSymbol(@Nullable Object value, ValueBytes to) {
            to.addNumber(((Enum<?>) Objects.requireNonNull(value)).ordinal());
        }

        private boolean isTimestamp(Schema schema) {
            return LogicalTypes.timestampMillis().equals(schema.getLogicalType())
                    && model.getConversionByClass(Instant.class, schema.getLogicalType())
                            instanceof TimestampMillisConversion;
        }

        /** And not one of Avro's, or of a class that is written as a string. */
        private static boolean isOfJava(Schema schema) {
            return GenericData.StringType.String.name().equals(schema.getProp(GenericData.STRING_PROP));
        }

        private @Nullable Part record(Schema schema) {
            Fields known = records.get(schema);
            if (known != null) {
                return known;
            }
            Part[] parts = new Part[schema.getFields().size()];
            Fields fields = new Fields(parts);
            records.put(schema, fields);
            for (Schema.Field field : schema.getFields()) {
                Part part = of(field.schema());
                if (part == null) {
                    return null;
                }
                parts[field.pos()] = part;
            }
            return fields;
        }

        private @Nullable Part array(Schema element) {
            Part item = of(element);
            return item == null
                    ? null
                    : (value, to) -> {
                        Collection<?> items = (Collection<?>) Objects.requireNonNull(value);
                        int left = items.size();
                        if (left > 0) {
                            to.addNumber(left);
                            for (Object each : items) {
                                item.write(each, to);
                                left--;
                            }
                        }
                        if (left != 0) {
                            throw new ConcurrentModificationException();
                        }
                        to.addNumber(0);
                    };
        }

        private @Nullable Part optional(List<Schema> branches) {
            int none = branches.indexOf(Schema.create(Schema.Type.NULL));
            if (branches.size() != 2 || none < 0) {
                return null;
            }
            int other = 1 - none;
            Part part = of(branches.get(other));
            return part == null
                    ? null
                    : (value, to) -> {
                        if (value == null) {
                            to.addNumber(none);
                        } else {
                            to.addNumber(other);
                            part.write(value, to);
                        }
                    };
        }
    }
}
