package io.ordersync.wire.somebody;

import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** As Avro would generate it for a user of the wire, in a package of that user's. */
public final class Gift extends SpecificRecordBase {

    private static final long serialVersionUID = 1;

    public static final Schema SCHEMA$ = new Schema.Parser().parse("""
            {"type":"record","name":"Gift","namespace":"io.ordersync.wire.somebody","aliases":["Present"],"fields":[
              {"name":"name","type":{"type":"string","avro.java.string":"String"},"aliases":["title"]},
              {"name":"worth","type":"long","default":5},
              {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["RED","NONE"],"default":"NONE"},
               "default":"NONE"},
              {"name":"note","type":["null",{"type":"string","avro.java.string":"String"}],"default":null}]}""");

    private @Nullable String name;
    private long worth;
    private @Nullable Colour colour;
    private @Nullable String note;

    public Gift() {}

    public Gift(String name, long worth, Colour colour, @Nullable String note) {
        this.name = name;
        this.worth = worth;
        this.colour = colour;
        this.note = note;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public @Nullable Object get(int field) {
        return switch (field) {
            case 0 -> name;
            case 1 -> worth;
            case 2 -> colour;
            case 3 -> note;
            default -> throw new AvroRuntimeException("no field " + field);
        };
    }

    @Override
    public void put(int field, @Nullable Object value) {
        switch (field) {
            case 0 -> name = Objects.toString(value, null);
            case 1 -> worth = value instanceof Long number ? number : 0;
            case 2 -> colour = (Colour) value;
            case 3 -> note = Objects.toString(value, null);
            default -> throw new AvroRuntimeException("no field " + field);
        }
    }
}
