package io.ordersync.dev;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Writes records in Confluent's wire format, and registers their schemas under {@code <topic>-value}. */
public final class WireEncoder {
    private final RegistryClient registry;
    private final Map<String, Map<Schema, Integer>> ids = new ConcurrentHashMap<>();

    /** An encoder that registers with the registry at this URL. */
    public WireEncoder(String registryUrl) {
        RegistryClient.trustContract();
        this.registry = new RegistryClient(registryUrl);
    }

    /** The value of a record on a topic: byte 0, the schema's id, Avro binary. */
    public byte[] encode(String topic, GenericRecord value) {
        var bytes = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            bytes.write(0);
            bytes.write(ByteBuffer.allocate(4).putInt(id(topic, value)).array());
            writer(value).write(value, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private int id(String topic, GenericRecord value) {
        return ids.computeIfAbsent(topic, ignored -> new ConcurrentHashMap<>())
                .computeIfAbsent(value.getSchema(), schema -> registry.register(topic + "-value", schema));
    }

    /** Generated records are generic ones too, but only their own writer knows timestamps and enums as Java types. */
    private static DatumWriter<GenericRecord> writer(GenericRecord value) {
        return value instanceof SpecificRecord
                ? new SpecificDatumWriter<>(value.getSchema())
                : new GenericDatumWriter<>(value.getSchema());
    }
}
