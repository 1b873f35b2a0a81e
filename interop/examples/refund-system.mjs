// Tells that money goes back, and that it does not after all:
//   node refund-system.mjs approve ORDER REFUND VERSION   |   node refund-system.mjs withdraw ORDER REFUND VERSION
import { sender } from './kafka.mjs';

const [what, orderId, refundId, version] = process.argv.slice(2);
const order = { platform: 'DOUYIN', shopId: 'shop-1', orderId };

// region: approve
/** Sent again after a crash it is the same event: eventId, version and time come from the refund, not from the sending. */
const approved = (approvedAt) => ({
  ...order,
  eventId: `${refundId} approved ${version}`,
  refundId,
  refundVersion: Number(version),
  kind: 'CANCEL_BEFORE_SHIPMENT',
  cause: 'BUYER_REQUEST',
  wholeOrder: false,
  amountMinor: 12_900,
  currency: 'CNY',
  lines: [{
    lineId: 'A', skuId: 'SKU-A', quantity: 1, orderedQuantity: 1, unitPriceMinor: 12_900,
    category: null, warehouseId: 'W1', shipmentId: null,
  }],
  approvedAt,
  reasonCode: null,
});
// endregion

/** The buyer wants the goods after all. */
const closed = (closedAt) => ({
  ...order, eventId: `${refundId} closed ${version}`, refundId, refundVersion: Number(version), outcome: 'WITHDRAWN', closedAt,
});

const [topic, event] = what === 'approve'
  ? ['refund-approved', approved(Number(process.env.APPROVED_AT ?? Date.now()))]
  : ['refund-closed', closed(Date.now())];
const refunds = await sender(topic);
await refunds.send(`DOUYIN:shop-1:${orderId}`, event);
await refunds.close();
