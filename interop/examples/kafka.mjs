// What the three programs share: the clients, and the contract's records on the wire.
import { readFileSync } from 'node:fs';
import registryPackage from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';

const { BOOTSTRAP = 'localhost:9092', REGISTRY = 'http://localhost:8081' } = process.env;

export const kafka = new Kafka({ brokers: [BOOTSTRAP], logLevel: logLevel.ERROR });
const registry = new registryPackage.SchemaRegistry({ host: REGISTRY });

// region: wire
/** Registers the schema this program was written for, once, and encodes with it. */
export async function encoder(topic) {
  const schema = readFileSync(new URL(`../../schemas/${topic}-value.avsc`, import.meta.url), 'utf8');
  const options = { subject: `${topic}-value`, compatibility: 'FULL_TRANSITIVE' };
  const { id } = await registry.register({ type: 'AVRO', schema }, options);
  return (value) => registry.encode(id, value);
}

/** As its writer meant it: a symbol of a later version comes as it is, so treat those you don't know as UNKNOWN. */
export const decode = (bytes) => registry.decode(bytes);
// endregion

/** Sends and waits for it: it is in Kafka when this returns. */
export async function sender(topic) {
  const producer = kafka.producer();
  const encode = await encoder(topic);
  await producer.connect();
  return {
    send: async (key, value) => producer.send({ topic, messages: [{ key, value: await encode(value) }] }),
    close: () => producer.disconnect(),
  };
}

// region: listen
/** Hears every command from the first one on. An offset is committed only after its command was heard to the end. */
export async function listen(topic, groupId, hear) {
  const consumer = kafka.consumer({ groupId }); // reads only what is committed, unless readUncommitted says otherwise
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => hear(message.key.toString(), await decode(message.value)) });
  return consumer;
}
// endregion

/** Ends when standard input does, or at Ctrl-C. */
export function untilTold(stop) {
  process.stdin.resume().once('end', stop);
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
