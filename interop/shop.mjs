// A shop, its warehouse and its couriers on clients that others wrote:  node shop.mjs kafkajs|confluent|kcat
//
// It produces every input of order-sync the way its client does by default, answers the commands for its own orders, and
// reads every topic. What it produces and reads it says on standard output, one JSON object a line. It ends with its input.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { confluentCodec, kafkajsCodec } from './codecs.mjs';

const client = process.argv[2];
const { BOOTSTRAP, REGISTRY, TOPIC_PREFIX = '' } = process.env;
const codec = (client === 'kafkajs' ? kafkajsCodec : confluentCodec)(REGISTRY, TOPIC_PREFIX);
const kafka = new Kafka({ brokers: [BOOTSTRAP], clientId: client, logLevel: logLevel.ERROR });
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}shop-on-${client}` });

const INPUTS = [
  'refund-approved', 'shipment-created', 'refund-closed', 'shipment-voided', 'shipment-status',
  'warehouse-lock-results', 'intercept-results', 'case-resolutions',
];
const OUTPUTS = [
  'warehouse-lock-commands', 'intercept-shipment-commands', 'order-alerts', 'order-cases', 'order-sync-dead-letters',
];

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// ---------------------------------------------------------------- how each client sends

let sent = 0;
const directory = mkdtempSync(join(tmpdir(), 'order-sync-kcat-'));

/** kcat has no Avro here: it sends a file, as one record; a record without a value it takes from a line. */
function sendByKcat(topic, key, bytes) {
  const options = { input: '', timeout: 20_000, stdio: ['pipe', 'inherit', 'inherit'] };
  const to = ['-P', '-b', BOOTSTRAP, '-t', topic];
  if (bytes === null) {
    execFileSync('kcat', [...to, '-Z', '-K', '|'], { ...options, input: `${key}|\n` });
  } else {
    const file = join(directory, 'record');
    writeFileSync(file, bytes);
    execFileSync('kcat', [...to, ...(key === null ? [] : ['-k', key]), file], options);
  }
}

/** kafkajs: the id that the shop knows its orders by. confluent: none. kcat: the order key, or none, in turn. */
function keyOf(orderId) {
  sent += 1;
  switch (client) {
    case 'kafkajs': return orderId;
    case 'confluent': return null;
    default: return sent % 2 === 0 ? null : orderKey(orderId);
  }
}

async function sendBytes(name, key, bytes) {
  const topic = TOPIC_PREFIX + name;
  if (client === 'kcat') {
    sendByKcat(topic, key, bytes);
  } else {
    await producer.send({ topic, messages: [{ key, value: bytes }] });
  }
  say({ produced: name, key, bytes: bytes === null ? null : bytes.length });
}

async function send(name, value) {
  await sendBytes(name, keyOf(value.orderId), await codec.encode(TOPIC_PREFIX + name, value));
}

// ---------------------------------------------------------------- what happens in the shop

const shopId = client;
const orderKey = (orderId) => `SHOPIFY:${shopId}:${orderId}`;
const minutesAgo = (minutes) => Date.now() - minutes * 60_000;
const about = (orderId, event) => ({ eventId: `${client} ${orderId} ${event}`, platform: 'SHOPIFY', shopId, orderId });
const refundId = (orderId) => `R-${orderId}`;
const shipmentId = (orderId) => `S-${orderId}`;

const refund = (orderId) => ({
  ...about(orderId, 'refund'),
  refundId: refundId(orderId),
  refundVersion: 1,
  kind: 'CANCEL_BEFORE_SHIPMENT',
  cause: 'BUYER_REQUEST',
  wholeOrder: false,
  amountMinor: 12_900,
  currency: 'EUR',
  lines: [{
    lineId: '1', skuId: 'teapot', quantity: 1, orderedQuantity: 1, unitPriceMinor: 12_900,
    category: null, warehouseId: 'W1', shipmentId: null,
  }],
  approvedAt: minutesAgo(60),
  reasonCode: null,
});

const shipment = (orderId, stage) => ({
  ...about(orderId, 'shipment'),
  shipmentId: shipmentId(orderId),
  shipmentVersion: 1,
  trackingNumber: `T-${orderId}`,
  courier: 'DHL',
  warehouseId: 'W1',
  operatorId: null,
  purpose: 'ORIGINAL',
  stage,
  digital: false,
  mergedOrderIds: [],
  lines: [{ lineId: '1', skuId: 'teapot', quantity: 1, orderedQuantity: 1, unitPriceMinor: 12_900, category: null }],
  createdAt: minutesAgo(20),
});

async function facts() {
  for (const orderId of ['withdrawn', 'pulled', 'returned', 'voided', 'resolved']) {
    await send('refund-approved', refund(orderId));
  }
  await send('shipment-created', shipment('pulled', 'LABEL_CREATED'));
  for (const orderId of ['returned', 'voided', 'resolved']) {
    await send('shipment-created', shipment(orderId, 'IN_TRANSIT'));
  }
  await sendBytes('refund-approved', keyOf('broken'), Buffer.from(`no Avro of ${client}`));
}

const lockAnswers = { LOCK: 'LOCKED', PULL_PARCEL: 'PULLED', RELEASE: 'RELEASED' };

async function answer(name, value) {
  const { orderId } = value;
  const said = (event) => ({ ...about(orderId, `${event} ${value.commandId}`), commandId: value.commandId });
  if (name === 'warehouse-lock-commands') {
    const status = lockAnswers[value.action];
    await send('warehouse-lock-results', { ...said(status), status, refusal: null, operatorId: null, occurredAt: Date.now() });
    if (value.action === 'LOCK' && orderId === 'withdrawn') {
      await send('refund-closed', {
        ...about(orderId, 'closed'), refundId: value.refundId, refundVersion: value.generation, outcome: 'WITHDRAWN', closedAt: Date.now(),
      });
    }
  } else if (name === 'intercept-shipment-commands') {
    const courier = (status) => send('intercept-results', {
      ...said(status), status, reason: null, feeMinor: null, currency: null, occurredAt: Date.now(),
    });
    if (value.action === 'CANCEL') {
      await courier('CANCELLED');
    } else if (orderId === 'returned') {
      await courier('ACCEPTED');
      await courier('SUCCEEDED');
      await send('shipment-status', {
        ...about(orderId, 'scan'), shipmentId: value.shipmentId, stage: 'RETURNED', occurredAt: Date.now(),
      });
    } else if (orderId === 'voided') {
      await send('shipment-voided', {
        ...about(orderId, 'void'), shipmentId: value.shipmentId, shipmentVersion: 1, voidedAt: Date.now(),
      });
    } else if (orderId === 'resolved') {
      await send('case-resolutions', {
        ...about(orderId, 'resolution'), caseId: value.caseId, resolution: 'KEPT_AND_REPAID', shipmentIds: [value.shipmentId],
        resolvedBy: null, resolvedAt: Date.now(),
      });
    }
  } else if (name === 'order-cases' && orderId === 'resolved' && value.state === 'CLOSED') {
    // Nothing more is wanted of it: forget the order.
    await sendBytes('case-resolutions', orderKey(orderId), null);
  }
}

// ---------------------------------------------------------------- reading

/** What can't be decoded is told as such: the bytes that are no Avro, on their topic and among the dead letters. */
async function decoded(topic, bytes) {
  try {
    return { value: await codec.decode(topic, bytes) };
  } catch (error) {
    return { undecodable: bytes.toString('latin1'), error: String(error.message) };
  }
}

async function read({ topic, partition, message }) {
  const name = topic.slice(TOPIC_PREFIX.length);
  const record = {
    read: name,
    partition,
    offset: Number(message.offset),
    key: message.key?.toString() ?? null,
    bytes: message.value?.length ?? null,
    headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([header, text]) => [header, text.toString()])),
    ...(message.value === null ? { value: null } : await decoded(topic, message.value)),
  };
  say(record);
  if (OUTPUTS.includes(name) && record.value?.shopId === shopId) {
    await answer(name, record.value);
  }
}

async function stop() {
  await consumer.disconnect();
  await producer.disconnect();
  rmSync(directory, { recursive: true });
  process.exit(0);
}

consumer.on(consumer.events.CRASH, ({ payload }) => {
  say({ crashed: String(payload.error) });
  process.exit(1);
});
process.stdin.resume().on('end', stop);
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [...INPUTS, ...OUTPUTS].map((name) => TOPIC_PREFIX + name), fromBeginning: true });
await consumer.run({ eachMessage: read });
await facts();
