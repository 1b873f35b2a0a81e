// A warehouse: obeys the commands on warehouse-lock-commands, each once, and says on warehouse-lock-results what it did.
//   node warehouse-system.mjs WAREHOUSE LEDGER
import { listen, sender, untilTold } from './kafka.mjs';
import { Ledger } from './ledger.mjs';

const [warehouseId, file] = process.argv.slice(2);
const ledger = new Ledger(file);
const answers = await sender('warehouse-lock-results');

const done = { LOCK: 'LOCKED', PULL_PARCEL: 'PULLED', RELEASE: 'RELEASED' };

/**
 * The rest of your system: holds units, pulls a parcel, or lets go. Must bear to be asked the same twice: this program may die
 * before the ledger knows of it. Gives null when it is done, else why it can't be.
 */
function obey(command) {
  console.log(JSON.stringify({ did: `${command.action} ${command.orderId}` }));
  return null;
}

// region: hear
/** One parcel, or what one refund holds in one warehouse. */
const subjectOf = (orderKey, command) => (command.shipmentId === null
  ? `${orderKey} refund ${command.refundId} in ${command.warehouseId}`
  : `${orderKey} parcel ${command.shipmentId}`);

/** Gives the same answer each time the command comes. */
async function hear(orderKey, command) {
  if (command.warehouseId !== null && command.warehouseId !== warehouseId) {
    return;
  }
  let entry = ledger.find(command.commandId);
  if (!entry) {
    const takesBack = command.action === 'RELEASE';
    const subject = subjectOf(orderKey, command);
    if (!done[command.action] || ledger.isOverruled(subject, command.generation, takesBack)) {
      return;
    }
    const refusal = obey(command);
    const { commandId, generation, platform, shopId, orderId } = command;
    const status = refusal === null ? done[command.action] : 'REFUSED';
    entry = {
      commandId, subject, generation, takesBack, orderKey, platform, shopId, orderId, status, reason: refusal, at: Date.now(),
    };
    ledger.write(entry);
  }
  await answers.send(orderKey, {
    eventId: `${warehouseId} ${entry.commandId} ${entry.status}`,
    platform: entry.platform,
    shopId: entry.shopId,
    orderId: entry.orderId,
    commandId: entry.commandId,
    status: entry.status,
    refusal: entry.reason,
    operatorId: null,
    occurredAt: entry.at,
  });
}
// endregion

const commands = await listen('warehouse-lock-commands', `warehouse-${warehouseId}`, hear);
untilTold(async () => {
  await commands.disconnect();
  await answers.close();
  ledger.close();
});
