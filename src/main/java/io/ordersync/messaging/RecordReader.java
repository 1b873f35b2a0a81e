package io.ordersync.messaging;

import io.ordersync.domain.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads one record of the contract from Confluent's format (byte 0, four bytes of schema id, Avro binary), whatever schema
 * it was written with. Safe for several threads.
 *
 * @param <T> the record's generated class
 */
public final class RecordReader<T extends SpecificRecord> {

    /** Byte 0 and the schema id. */
    static final int HEADER_BYTES = 1 + Integer.BYTES;

    private final SchemaRegistry registry;
    private final SpecificData model;
    private final Schema schema;
    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

    public RecordReader(SchemaRegistry registry, Class<T> type) {
        this.registry = registry;
        this.model = Contract.model(type);
        this.schema = model.getSchema(type);
    }

    /**
     * The record in {@code value}. May wait for the registry, when the schema is not known yet.
     *
     * @throws Rejection UNREADABLE or UNKNOWN_SCHEMA, with a message that tells nothing of the content
     * @throws RegistryUnavailable when a wait for the registry was ended
     */
    public T read(byte[] value) {
        if (value.length < HEADER_BYTES) {
            throw unreadable("the value is shorter than its header");
        }
        if (value[0] != 0) {
            throw unreadable("the value does not begin with byte 0");
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        DatumReader<T> reader = readers.get(id);
        if (reader == null) {
            // Not computeIfAbsent: who waits for an id in there would hold up others, whose ids are known.
            reader = readerOf(id);
            readers.put(id, reader);
        }
        return read(reader, DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
    }

    /** Avro itself checks each length against the bytes that are left before it allocates. */
    private T read(DatumReader<T> reader, BinaryDecoder body) {
        T datum;
        boolean whole;
        try {
            datum = reader.read(null, body);
            whole = body.isEnd();
        } catch (IOException | AvroRuntimeException | UnsupportedOperationException | IndexOutOfBoundsException e) {
            throw new Rejection(Rejection.Reason.UNREADABLE, "the body is not Avro of the schema it names", e);
        } catch (StackOverflowError e) {
            // Only a schema that holds itself can do that, in a field which is none of ours and is skipped.
            throw new Rejection(Rejection.Reason.UNREADABLE, "the body is nested too deep", e);
        }
        if (!whole) {
            throw unreadable("bytes are left over after the body");
        }
        return datum;
    }

    private DatumReader<T> readerOf(int id) {
        Schema writer = registry.byId(id);
        if (SchemaCompatibility.checkReaderWriterCompatibility(schema, writer).getType()
                != SchemaCompatibilityType.COMPATIBLE) {
            throw new Rejection(
                    Rejection.Reason.UNKNOWN_SCHEMA, "schema " + id + " can't be read as " + schema.getName());
        }
        try {
            // A SpecificDatumReader would do the same, but at its first record, and with a cache that threads share
            // unguarded.
            return new FastReaderBuilder(model).createDatumReader(writer, schema);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is read yet", e);
        }
    }

    private static Rejection unreadable(String message) {
        return new Rejection(Rejection.Reason.UNREADABLE, message);
    }
}
