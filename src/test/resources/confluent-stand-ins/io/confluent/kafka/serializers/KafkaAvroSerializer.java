package io.confluent.kafka.serializers;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/** Stands in for Confluent's: reads the keys it reads, and fails as it does. */
public class KafkaAvroSerializer implements Serializer<Object> {
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    private StandIn registry;
    private boolean removesJava;

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        registry = new StandIn(configs);
        removesJava = Boolean.parseBoolean(String.valueOf(configs.get("avro.remove.java.properties")));
    }

    @Override
    public byte[] serialize(String topic, Object data) {
        if (data == null) {
            return null;
        }
        SpecificRecord record = (SpecificRecord) data;
        String schema = record.getSchema().toString();
        if (removesJava) {
            schema = schema.replace(",\"avro.java.string\":\"String\"", "");
        }
        try {
            Integer id = ids.get(topic);
            if (id == null) {
                id = registry.ask(
                                "/subjects/" + topic + "-value/versions", "{\"schema\":" + StandIn.quoted(schema) + "}")
                        .path("id")
                        .asInt();
                ids.put(topic, id);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ByteBuffer.allocate(5).putInt(1, id).array());
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<>(record.getSchema()).write(record, encoder);
            return out.toByteArray();
        } catch (RestClientException e) {
            throw StandIn.failure("Error registering Avro schema" + schema, e);
        } catch (java.io.InterruptedIOException e) {
            throw StandIn.failure("Error serializing Avro message", e);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("Error serializing Avro message", e);
        }
    }
}
