package io.ordersync.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Serializers and deserializers as a test configures them, and records that are nobody's. */
final class Wired {

    /** Records of a schema that no class was generated of. */
    static final Schema THING = schema("""
            {"type":"record","name":"Thing","namespace":"test","fields":[
              {"name":"name","type":"string"},{"name":"count","type":"int","default":1}]}""");

    private Wired() {}

    static Schema schema(String json) {
        return new Schema.Parser().parse(json);
    }

    static GenericRecord thing(String name, int count) {
        GenericRecord thing = new GenericData.Record(THING);
        thing.put("name", name);
        thing.put("count", count);
        return thing;
    }

    /** A record with these values in the order of the fields, in the format with the id in front. */
    static byte[] written(int id, Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).putInt(1, id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static GenericData.EnumSymbol symbol(Schema schema, String field, String symbol) {
        return new GenericData.EnumSymbol(schema.getField(field).schema(), symbol);
    }

    static AvroSerializer serializer(RegistryStub registry, Object... more) {
        AvroSerializer serializer = new AvroSerializer();
        serializer.configure(configs(registry, more), false);
        return serializer;
    }

    static AvroDeserializer deserializer(RegistryStub registry, Object... more) {
        AvroDeserializer deserializer = new AvroDeserializer();
        deserializer.configure(configs(registry, more), false);
        return deserializer;
    }

    /** Impatient, and without retries, where {@code more} says nothing else. */
    static Map<String, Object> configs(RegistryStub registry, Object... more) {
        Map<String, Object> configs = new HashMap<>(Map.of(
                "schema.registry.url", registry.url().toString(),
                "http.connect.timeout.ms", 1_000,
                "http.read.timeout.ms", 1_000,
                "max.retries", 0,
                "a.key.of.somebody.else", "x"));
        for (int i = 0; i < more.length; i += 2) {
            configs.put((String) more[i], more[i + 1]);
        }
        return configs;
    }
}
