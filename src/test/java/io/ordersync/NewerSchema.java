package io.ordersync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A schema of the contract as a producer of tomorrow has it: with one more field, which has a default. */
final class NewerSchema {

    private NewerSchema() {}

    static Schema of(Class<? extends SpecificRecordBase> type, String field) {
        ObjectNode schema =
                (ObjectNode) JsonMapper.shared().readTree(released(type).toString());
        ((ArrayNode) schema.get("fields"))
                .addObject()
                .put("name", field)
                .put("type", "string")
                .put("default", "not told");
        return SchemaParser.parseSingle(schema.toString());
    }

    /** As it stands in the files: without what concerns Java alone. */
    static Schema released(Class<? extends SpecificRecordBase> type) {
        return SchemaParser.parseSingle(SpecificData.get()
                .getSchema(type)
                .toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\""));
    }

    /** The event as that producer writes it. */
    static GenericRecord of(SpecificRecordBase event, Schema newer, String field, String value) {
        var bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<>(event.getSchema()).write(event, encoder);
            encoder.flush();
            GenericRecord record = new GenericDatumReader<GenericRecord>(released(event.getClass()), newer)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
            record.put(field, value);
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
