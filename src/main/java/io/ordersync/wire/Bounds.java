package io.ordersync.wire;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;

/**
 * Which schemas let a few bytes cost no more than in proportion. Avro holds each length against the bytes that are left, but
 * not that of items without any, and it allocates a fixed before it reads it.
 */
final class Bounds {

    static final int LARGEST_FIXED = 1 << 20;

    private Bounds() {}

    /** @throws UnknownSchemaException when records of {@code schema} could make the reader allocate or loop at will */
    static void check(Object id, Schema schema) {
        try {
            check(id, schema, Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (StackOverflowError e) {
            throw new UnknownSchemaException("schema " + id + " is nested too deep", e);
        }
    }

    private static void check(Object id, Schema schema, Set<Schema> seen) {
        if (!seen.add(schema)) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> check(id, field.schema(), seen));
            case ARRAY -> {
                if (GenericDatumReader.isZeroByteSchema(schema.getElementType())) {
                    throw new UnknownSchemaException("schema " + id
                            + " has an array of items that take no bytes: a record could say it holds any number");
                }
                check(id, schema.getElementType(), seen);
            }
            case MAP -> check(id, schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(branch -> check(id, branch, seen));
            case FIXED -> {
                if (schema.getFixedSize() > LARGEST_FIXED) {
                    throw new UnknownSchemaException(
                            "schema " + id + " has a fixed of more than " + LARGEST_FIXED + " bytes");
                }
            }
            default -> {}
        }
    }
}
