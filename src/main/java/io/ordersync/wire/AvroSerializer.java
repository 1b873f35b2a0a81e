package io.ordersync.wire;

import io.ordersync.wire.RegistryClient.Registered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records, generated and generic ones, in Confluent's format: byte 0, four bytes of schema id, Avro binary. For
 * {@code key.serializer} and {@code value.serializer}; the keys of the configuration are Confluent's (docs/wire.md).
 * Safe for several threads.
 *
 * <p>Throws {@link RegistryUnavailableException} when the registry could not be asked, and a
 * {@link SerializationException} when it refuses the schema or the record does not fit it.
 */
public final class AvroSerializer implements Serializer<IndexedRecord> {

    private static final int USUAL_BYTES = 512;

    private final Map<Source, Target> targets = new ConcurrentHashMap<>();
    private @Nullable Settings settings;

    private record Settings(
            RegistryClient registry,
            BiFunction<String, Schema, String> subject,
            boolean register,
            boolean latest,
            boolean strict,
            long latestTtlNanos) {}

    private record Source(String topic, Schema schema, Class<? extends IndexedRecord> type) {}

    /**
     * @param fast null: only {@code writer} can write it
     * @param asLatest null: the record is written as it is
     */
    private record Target(
            int id,
            DatumWriter<IndexedRecord> writer,
            @Nullable RecordWriter fast,
            @Nullable AsLatest asLatest,
            long sinceNanos) {}

    private record AsLatest(DatumReader<IndexedRecord> reader, DatumWriter<IndexedRecord> writer) {}

    /**
     * Asks the registry nothing yet.
     *
     * @throws org.apache.kafka.common.config.ConfigException when a value can't be used; the message names its key
     */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        WireConfig config = new WireConfig(configs, isKey);
        settings = new Settings(
                new RegistryClient(config),
                config.subject(),
                config.getBoolean(WireConfig.AUTO_REGISTER),
                config.getBoolean(WireConfig.USE_LATEST),
                config.getBoolean(WireConfig.LATEST_STRICT),
                config.getInt(WireConfig.LATEST_TTL) * 1_000_000_000L);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable IndexedRecord data) {
        if (data == null) {
            return null;
        }
        Settings to = Objects.requireNonNull(settings, "configure() comes first");
        Source source = new Source(topic, data.getSchema(), data.getClass());
        Target target = targets.get(source);
        if (target == null || isStale(target, to)) {
            // Not computeIfAbsent: who waits for an id in there would hold up others, whose ids are known.
            target = target(source, to);
            targets.put(source, target);
        }
        byte[] value = target.fast == null ? null : target.fast.write(target.id, data);
        return value == null ? byAvro(data, source, target) : value;
    }

    /** What is out of the ordinary, or does not fit. */
    private static byte[] byAvro(IndexedRecord data, Source source, Target target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        out.writeBytes(
                ByteBuffer.allocate(1 + Integer.BYTES).putInt(1, target.id).array());
        try {
            write(data, target, out);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("the record does not fit its schema, " + source.schema.getFullName(), e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        if (settings != null) {
            settings.registry.close();
        }
    }

    private static boolean isStale(Target target, Settings to) {
        return to.latest
                && !to.register
                && to.latestTtlNanos >= 0
                && System.nanoTime() - target.sinceNanos >= to.latestTtlNanos;
    }

    private static Target target(Source source, Settings to) {
        Schema own = SpecificRecord.class.isAssignableFrom(source.type)
                ? RegistryClient.published(source.schema)
                : source.schema;
        DatumWriter<IndexedRecord> writer = Datums.writer(source.schema, source.type);
        String subject = to.subject.apply(source.topic, own);
        if (to.register || !to.latest) {
            int id = to.registry.idOf(subject, own, to.register);
            return new Target(id, writer, RecordWriter.of(source.schema, source.type), null, 0);
        }
        Registered latest = to.registry.latest(subject);
        if (to.strict && !Datums.canRead(latest.schema(), own)) {
            throw new SerializationException("the latest schema of " + subject + ", " + latest.id()
                    + ", does not take what is written as " + own.getFullName() + " here; " + WireConfig.LATEST_STRICT
                    + "=false would try it with each record");
        }
        AsLatest asLatest = RegistryClient.published(latest.schema()).equals(RegistryClient.published(own))
                ? null
                : new AsLatest(
                        Datums.generic(source.schema, latest.schema()), new GenericDatumWriter<>(latest.schema()));
        RecordWriter fast = asLatest == null ? RecordWriter.of(source.schema, source.type) : null;
        return new Target(latest.id(), writer, fast, asLatest, System.nanoTime());
    }

    private static void write(IndexedRecord data, Target target, ByteArrayOutputStream out) throws IOException {
        if (target.asLatest == null) {
            encode(data, target.writer, out);
            return;
        }
        // A writer goes by the positions of the latest schema's fields, and the record has its own: so it is read
        // again.
        ByteArrayOutputStream own = new ByteArrayOutputStream(USUAL_BYTES);
        encode(data, target.writer, own);
        IndexedRecord asLatest =
                target.asLatest.reader.read(null, DecoderFactory.get().binaryDecoder(own.toByteArray(), null));
        encode(asLatest, target.asLatest.writer, out);
    }

    private static void encode(IndexedRecord data, DatumWriter<IndexedRecord> writer, ByteArrayOutputStream out)
            throws IOException {
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(data, encoder);
        encoder.flush();
    }
}
