// A courier's own interface, played: in your adapter these are calls over HTTP. It turns a parcel round at once, but those
// whose tracking number ends in "slow" only if it is not asked to let them go on. What it was asked before it started it can't tell.
const requests = new Map();
const reply = (status, at = Date.now()) => ({ status, reason: null, at });

export const courier = {
  /** Asks for a parcel's return. */
  async intercept(requestId, trackingNumber) {
    console.log(JSON.stringify({ did: `INTERCEPT ${trackingNumber}` }));
    requests.set(requestId, reply(trackingNumber.endsWith('slow') ? 'ACCEPTED' : 'SUCCEEDED'));
    return reply('ACCEPTED');
  },

  /** Takes an intercept back. */
  async cancel(requestId, interceptId, trackingNumber) {
    console.log(JSON.stringify({ did: `CANCEL ${trackingNumber}` }));
    requests.set(interceptId, reply('CANCELLED'));
    requests.set(requestId, reply('CANCELLED'));
    return requests.get(requestId);
  },

  /** What became of a request: UNKNOWN if the courier can't tell, NOT_APPLIED only if it says that it never had it. */
  async outcome(requestId) {
    return requests.get(requestId) ?? reply('UNKNOWN');
  },
};
