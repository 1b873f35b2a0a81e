package io.ordersync.wire;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in Confluent's formats, whatever schema they were written with: byte 0 and four bytes of schema id
 * before the Avro binary, or id or GUID in the header {@code __key_schema_id} or {@code __value_schema_id}. For
 * {@code key.deserializer} and {@code value.deserializer}; the keys of the configuration are Confluent's (docs/wire.md).
 * Safe for several threads. Allocates no more than in proportion to the record.
 *
 * <p>Throws {@link RegistryUnavailableException} when the registry could not be asked, {@link UnknownSchemaException} when it
 * does not know the schema or it can't be read as the reader's, and another {@link SerializationException}, with a message
 * that tells nothing of the content, when the bytes can't be read.
 */
public final class AvroDeserializer implements Deserializer<IndexedRecord> {

    private final Map<Object, Reader> readers = new ConcurrentHashMap<>();
    /** Why schemas can't be read. */
    private final Map<Object, String> unfits = new ConcurrentHashMap<>();

    private @Nullable Settings settings;

    /** @param isOwn what it reads was written with the schema that it is read as, {@code specific.avro.value.type}'s */
    private record Reader(DatumReader<IndexedRecord> datums, boolean isOwn) {}

    /** @param type null: the class that the writer's schema names, if {@code specific} */
    private record Settings(
            RegistryClient registry,
            boolean isKey,
            boolean specific,
            @Nullable Class<? extends SpecificRecord> type) {

        String what() {
            return isKey ? "key" : "value";
        }

        /** Not put together for each record. */
        String header() {
            return isKey ? "__key_schema_id" : "__value_schema_id";
        }
    }

    /**
     * Asks the registry nothing yet.
     *
     * @throws org.apache.kafka.common.config.ConfigException when a value can't be used; the message names its key
     */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        WireConfig config = new WireConfig(configs, isKey);
        boolean specific = config.getBoolean(WireConfig.SPECIFIC);
        Class<? extends SpecificRecord> type = config.specificType();
        if (specific && type != null) {
            TrustedClasses.trust(type);
        }
        settings = new Settings(new RegistryClient(config), isKey, specific, type);
    }

    @Override
    public @Nullable IndexedRecord deserialize(String topic, byte @Nullable [] data) {
        return deserialize(topic, new RecordHeaders(), data);
    }

    @Override
    public @Nullable IndexedRecord deserialize(String topic, Headers headers, byte @Nullable [] data) {
        if (data == null) {
            return null;
        }
        Settings from = Objects.requireNonNull(settings, "configure() comes first");
        Header header = headers.lastHeader(from.header());
        boolean prefixed = header == null || header.value() == null;
        Object id = prefixed ? SchemaIds.before(data, from.what()) : SchemaIds.in(header);
        Reader reader = readers.get(id);
        if (reader == null) {
            // Not computeIfAbsent: who waits for an id in there would hold up others, whose ids are known.
            reader = reader(id, from);
            readers.put(id, reader);
        }
        int start = prefixed ? SchemaIds.BYTES : 0;
        return read(reader.datums, DecoderFactory.get().binaryDecoder(data, start, data.length - start, null));
    }

    /**
     * The body of {@code data}, for who reads it without Avro: when it was written with the very schema of the class it is
     * read as ({@code specific.avro.value.type}), but for what does not show in the bytes. Goes by the id before the body,
     * and looks at no header. Asks the registry nothing.
     *
     * @return null when it was written with another schema, or its id was not met by {@link #deserialize} yet
     */
    public @Nullable AvroBody ownBody(byte[] data) {
        if (data.length < SchemaIds.BYTES || data[0] != 0) {
            return null;
        }
        Reader reader = readers.get(SchemaIds.before(data, "value"));
        return reader != null && reader.isOwn ? new AvroBody(data, SchemaIds.BYTES) : null;
    }

    @Override
    public void close() {
        if (settings != null) {
            settings.registry.close();
        }
    }

    /** An id that the registry does not know may be registered later. One that it knows never changes its schema. */
    private Reader reader(Object id, Settings from) {
        String unfit = unfits.get(id);
        if (unfit != null) {
            throw new UnknownSchemaException(unfit);
        }
        Schema writer = from.registry.schema(id);
        try {
            DatumReader<IndexedRecord> datums = Datums.reader(id, writer, from.specific, from.type);
            boolean isOwn = from.specific
                    && from.type != null
                    && Datums.areAlike(
                            writer, SpecificData.getForClass(from.type).getSchema(from.type));
            return new Reader(datums, isOwn);
        } catch (UnknownSchemaException e) {
            unfits.put(id, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** Avro itself checks each length against the bytes that are left before it allocates. */
    private static IndexedRecord read(DatumReader<IndexedRecord> reader, BinaryDecoder body) {
        IndexedRecord datum;
        boolean whole;
        try {
            datum = reader.read(null, body);
            whole = body.isEnd();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("the body is not Avro of the schema it names", e);
        } catch (StackOverflowError e) {
            // Only a schema that holds itself can do that.
            throw new SerializationException("the body is nested too deep", e);
        }
        if (!whole) {
            throw new SerializationException("bytes are left over after the body");
        }
        return datum;
    }
}
