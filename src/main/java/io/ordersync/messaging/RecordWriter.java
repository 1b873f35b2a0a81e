package io.ordersync.messaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Writes one record of the contract in Confluent's format. Safe for several threads. */
final class RecordWriter<T extends SpecificRecord> {

    private static final int USUAL_BYTES = 512;

    private final SpecificDatumWriter<T> writer;
    private final byte[] header;

    private RecordWriter(SpecificDatumWriter<T> writer, int schemaId) {
        this.writer = writer;
        this.header = ByteBuffer.allocate(RecordReader.HEADER_BYTES)
                .put((byte) 0)
                .putInt(schemaId)
                .array();
    }

    /** A writer whose schema the registry knows under the topic's subject; waits while the registry is out of reach. */
    static <T extends SpecificRecord> RecordWriter<T> register(SchemaRegistry registry, String topic, Class<T> type) {
        SpecificData model = Contract.model(type);
        Schema schema = model.getSchema(type);
        int id = registry.idOf(topic + "-value", published(schema));
        return new RecordWriter<>(new SpecificDatumWriter<>(schema, model), id);
    }

    /** The schema without what concerns only the classes generated here. */
    private static Schema published(Schema schema) {
        return new Schema.Parser()
                .parse(schema.toString()
                        .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\""));
    }

    byte[] write(T datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            writer.write(datum, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of bytes takes all bytes", e);
        }
        return out.toByteArray();
    }
}
