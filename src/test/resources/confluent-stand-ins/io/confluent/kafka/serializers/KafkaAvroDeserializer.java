package io.confluent.kafka.serializers;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Stands in for Confluent's: reads the keys it reads, and fails as it does. */
public class KafkaAvroDeserializer implements Deserializer<Object> {
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private StandIn registry;
    private Schema reader;
    private boolean strict;

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        registry = new StandIn(configs);
        strict = Boolean.parseBoolean(String.valueOf(configs.get("avro.fail.on.trailing.data")));
        if (!Boolean.parseBoolean(String.valueOf(configs.get("specific.avro.reader")))) {
            throw new ConfigException("this stand-in reads generated classes alone");
        }
        Class<?> type = (Class<?>) configs.get(isKey ? "specific.avro.key.type" : "specific.avro.value.type");
        try {
            reader = ((SpecificRecord) type.getDeclaredConstructor().newInstance()).getSchema();
        } catch (ReflectiveOperationException e) {
            throw new ConfigException("Error getting specificAvroReaderSchema from " + type);
        }
    }

    @Override
    public Object deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int id;
        try {
            if (buffer.get() != 0) {
                throw new IllegalArgumentException("Unknown magic byte!");
            }
            id = buffer.getInt();
        } catch (Exception e) {
            throw new SerializationException("Error deserializing schema ID", e);
        }
        Schema writer = schema(id);
        try {
            var decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
            Object result = new SpecificDatumReader<>(writer, reader).read(null, decoder);
            if (strict && !decoder.isEnd()) {
                throw new SerializationException("Trailing data found after deserializing Avro message for id " + id);
            }
            return result;
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("Error deserializing Avro message for id " + id, e);
        }
    }

    private Schema schema(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        try {
            String text = registry.ask("/schemas/ids/" + id, null).path("schema").asText();
            Schema schema;
            try {
                schema = new Schema.Parser().parse(text);
            } catch (RuntimeException e) {
                throw new IOException(e);
            }
            schemas.put(id, schema);
            return schema;
        } catch (IOException | RestClientException e) {
            throw StandIn.failure("Error retrieving Avro value schema for id " + id, e);
        }
    }
}
