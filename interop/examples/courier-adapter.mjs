// Asks one courier what intercept-shipment-commands says, each command once, and says on intercept-results what came of it.
//   node courier-adapter.mjs COURIER LEDGER
import { courier } from './courier.mjs';
import { listen, sender, untilTold } from './kafka.mjs';
import { Ledger } from './ledger.mjs';

const [code, file] = process.argv.slice(2);
const ledger = new Ledger(file);
const answers = await sender('intercept-results');

// region: hear
async function hear(orderKey, command) {
  if (command.courier !== code || !['INTERCEPT', 'CANCEL'].includes(command.action)) {
    return;
  }
  const known = ledger.find(command.commandId);
  if (!known) {
    const takesBack = command.action === 'CANCEL';
    const subject = `${orderKey} ${command.shipmentId}`;
    if (ledger.isOverruled(subject, command.generation, takesBack)) {
      return;
    }
    const { commandId, generation, platform, shopId, orderId } = command;
    const entry = {
      commandId, subject, generation, takesBack, orderKey, platform, shopId, orderId, status: 'ASKED', reason: null, at: Date.now(),
    };
    // First: if we die after the courier heard us, nobody must ask it again.
    ledger.write(entry);
    await answer(entry, await ask(command));
  } else if (known.status === 'ASKED') {
    // We died in between. Whether the courier heard us only the courier knows.
    await answer(known, await courier.outcome(known.commandId));
  } else {
    await send(known);
  }
}

async function ask(command) {
  if (command.action === 'INTERCEPT') {
    return courier.intercept(command.commandId, command.trackingNumber);
  }
  const intercept = ledger.find(command.targetCommandId);
  return intercept
    ? courier.cancel(command.commandId, intercept.commandId, command.trackingNumber)
    : { status: 'CANCELLED', reason: null, at: Date.now() }; // it was never asked, and won't be
}
// endregion

// region: outcome
/** ACCEPTED and UNKNOWN are not the end. That the courier can't tell now is no news. */
async function askHowTheyEnded() {
  for (const entry of ledger.entries().filter(({ status }) => ['ACCEPTED', 'UNKNOWN'].includes(status))) {
    const reply = await courier.outcome(entry.commandId);
    if (reply.status !== 'UNKNOWN' && reply.status !== entry.status) {
      await answer(entry, reply);
    }
  }
}

/** Sent before it is written: dying in between sends it twice, which the service bears; never not at all. */
async function answer(entry, reply) {
  const answered = { ...entry, ...reply };
  await send(answered);
  ledger.write(answered);
}
// endregion

const send = (entry) => answers.send(entry.orderKey, {
  eventId: `${entry.commandId} ${entry.status}`,
  platform: entry.platform,
  shopId: entry.shopId,
  orderId: entry.orderId,
  commandId: entry.commandId,
  status: entry.status,
  reason: entry.reason,
  feeMinor: null,
  currency: null,
  occurredAt: entry.at,
});

// One thing at a time: a command and a look at the open ones must not answer for the same entry at once.
let turn = Promise.resolve();
const inTurn = (work) => {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
};
const commands = await listen('intercept-shipment-commands', `courier-${code}`, (key, command) => inTurn(() => hear(key, command)));
const looking = setInterval(() => inTurn(askHowTheyEnded), 1_000);
untilTold(async () => {
  clearInterval(looking);
  await commands.disconnect();
  await turn;
  await answers.close();
  ledger.close();
});
