// Confluent's wire format by two libraries that others wrote, each behind encode(topic, value) and decode(topic, bytes).
import { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';
import kafkajsRegistry from '@kafkajs/confluent-schema-registry';
import { readFileSync } from 'node:fs';

// The files are named by the contract's names, whatever a topic is called where this runs.
function schemaOf(topic, prefix) {
  return readFileSync(new URL(`../schemas/${topic.slice(prefix.length)}-value.avsc`, import.meta.url), 'utf8');
}

/** @kafkajs/confluent-schema-registry. */
export function kafkajsCodec(url, prefix = '') {
  const registry = new kafkajsRegistry.SchemaRegistry({ host: url });
  const ids = new Map();
  return {
    async encode(topic, value) {
      if (!ids.has(topic)) {
        const schema = { type: 'AVRO', schema: schemaOf(topic, prefix) };
        const options = { subject: `${topic}-value`, compatibility: 'FULL_TRANSITIVE' };
        ids.set(topic, (await registry.register(schema, options)).id);
      }
      return registry.encode(ids.get(topic), value);
    },
    decode: (topic, bytes) => registry.decode(bytes),
  };
}

/** @confluentinc/schemaregistry. Left to itself its serializer makes up a schema from the value. */
export function confluentCodec(url, prefix = '') {
  const registry = new SchemaRegistryClient({ baseURLs: [url] });
  const serializer = new AvroSerializer(registry, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true });
  const deserializer = new AvroDeserializer(registry, SerdeType.VALUE, {});
  const registered = new Set();
  return {
    async encode(topic, value) {
      if (!registered.has(topic)) {
        await registry.register(`${topic}-value`, { schemaType: 'AVRO', schema: schemaOf(topic, prefix) });
        registered.add(topic);
      }
      return serializer.serialize(topic, value);
    },
    decode: (topic, bytes) => deserializer.deserialize(topic, bytes),
  };
}
