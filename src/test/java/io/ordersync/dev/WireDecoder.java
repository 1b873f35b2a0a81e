package io.ordersync.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** Reads records in Confluent's wire format; each schema is asked for once. */
public final class WireDecoder {
    private static final int HEADER = 5;

    private final RegistryClient registry;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    /** A decoder that asks the registry at this URL. */
    public WireDecoder(String registryUrl) {
        RegistryClient.trustContract();
        this.registry = new RegistryClient(registryUrl);
    }

    /** A value as the contract's class, whatever version of its schema it was written with. */
    public <T extends SpecificRecord> T decode(byte[] value, Class<T> type) {
        return read(
                value,
                new SpecificDatumReader<>(schema(value), SpecificData.get().getSchema(type)));
    }

    /** A value as its writer's schema has it. */
    public GenericRecord decode(byte[] value) {
        return read(value, new GenericDatumReader<>(schema(value)));
    }

    private Schema schema(byte[] value) {
        if (value.length < HEADER || value[0] != 0) {
            throw new IllegalArgumentException("not in Confluent's wire format: " + value.length + " bytes");
        }
        return schemas.computeIfAbsent(ByteBuffer.wrap(value, 1, 4).getInt(), registry::schema);
    }

    private static <T> T read(byte[] value, DatumReader<T> reader) {
        try {
            var bytes = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, null);
            return reader.read(null, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
