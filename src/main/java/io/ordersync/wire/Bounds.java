package io.ordersync.wire;

import java.util.IdentityHashMap;
import org.apache.avro.Schema;

/**
 * Which schemas let a few bytes cost no more than in proportion. Avro holds each length against the bytes that are left, but
 * not that of items without any, and it allocates a fixed before it reads it. Records within records need no bytes either:
 * forty schemas, each with two fields of the former, hold as many values as memory has bits.
 */
final class Bounds {

    static final int LARGEST_FIXED = 1 << 20;

    /** Of a record and the records within it, without what arrays, maps and unions hold: those take a byte each. */
    static final int MOST_VALUES = 10_000;

    /** Above this, there must be a byte for every other one. */
    private static final int FREE_VALUES = 100;

    private final Object id;
    private final IdentityHashMap<Schema, Size> sizes = new IdentityHashMap<>();

    /**
     * What the smallest value of a schema is made of.
     *
     * @param values it and those within it
     * @param bytes they take
     */
    private record Size(long values, long bytes) {}

    private Bounds(Object id) {
        this.id = id;
    }

    /** @throws UnknownSchemaException when records of {@code schema} could make the reader allocate or loop at will */
    static void check(Object id, Schema schema) {
        try {
            new Bounds(id).size(schema);
        } catch (StackOverflowError e) {
            throw new UnknownSchemaException("schema " + id + " is nested too deep", e);
        }
    }

    private Size size(Schema schema) {
        Size known = sizes.get(schema);
        if (known != null) {
            return known;
        }
        // For a schema that holds itself: without a union between, its records have no end, and none can be read.
        sizes.put(schema, new Size(0, 0));
        Size size = switch (schema.getType()) {
            case RECORD -> ofRecord(schema);
            case ARRAY -> {
                if (size(schema.getElementType()).bytes == 0) {
                    throw new UnknownSchemaException("schema " + id
                            + " has an array of items that take no bytes: a record could say it holds any number");
                }
                yield new Size(1, 1);
            }
            case MAP -> {
                size(schema.getValueType());
                yield new Size(1, 1);
            }
            case UNION -> {
                schema.getTypes().forEach(this::size);
                yield new Size(1, 1);
            }
            case FIXED -> {
                if (schema.getFixedSize() > LARGEST_FIXED) {
                    throw new UnknownSchemaException(
                            "schema " + id + " has a fixed of more than " + LARGEST_FIXED + " bytes");
                }
                yield new Size(1, schema.getFixedSize());
            }
            case NULL -> new Size(1, 0);
            default -> new Size(1, 1);
        };
        sizes.put(schema, size);
        return size;
    }

    private Size ofRecord(Schema schema) {
        long values = 1;
        long bytes = 0;
        for (Schema.Field field : schema.getFields()) {
            Size of = size(field.schema());
            values += of.values;
            bytes += of.bytes;
        }
        if (values > MOST_VALUES) {
            throw new UnknownSchemaException("schema " + id + " has a record of more than " + MOST_VALUES + " values");
        }
        if (values > FREE_VALUES + 2 * bytes) {
            throw new UnknownSchemaException("schema " + id + " has a record of many values that take no bytes");
        }
        return new Size(values, bytes);
    }
}
