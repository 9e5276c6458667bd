import { expect } from 'chai';
import fc from 'fast-check';

import { webhookID, type CallIdentity } from '../../src/signing/webhookID.js';

const call: CallIdentity = {
  kind: 'event',
  operationID: '6f6f0a8e-8d7a-4d9e-9d5e-0d6a5c1d2b3c',
  executionID: 'event/order.placed',
  targetID: '250123',
  place: 0,
};

describe('webhookID', () => {
  it('is the same for every attempt', () => {
    expect(webhookID(call)).to.equal(webhookID({ ...call }));
    expect(webhookID(call)).to.equal('msg_NIneOcRnOfy_jO5MhUwe0P4D');
  });

  it('differs when any part that it is derived from differs', () => {
    const others: readonly CallIdentity[] = [
      { ...call, kind: 'request' },
      { ...call, operationID: 'another' },
      { ...call, executionID: 'event/order.*' },
      { ...call, targetID: '250124' },
      { ...call, place: 1 },
    ];
    expect(new Set([call, ...others].map(webhookID))).to.have.property('size', 6);
  });

  it('has no dot, and two identities never share an id, with any text in their parts', () => {
    const identity = fc.record({
      kind: fc.constantFrom<CallIdentity['kind']>('request', 'response', 'function', 'event'),
      operationID: fc.string({ unit: fc.constantFrom('a', '"', ',', '.', '\\') }),
      executionID: fc.string({ unit: fc.constantFrom('a', '"', ',', '.', '\\') }),
      targetID: fc.string({ unit: fc.constantFrom('a', '"', ',', '.', '\\') }),
      place: fc.nat(3),
    });
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(webhookID(one)).to.match(/^msg_[A-Za-z0-9_-]{24}$/);
        const same = (Object.keys(one) as (keyof CallIdentity)[]).every((part) => one[part] === other[part]);
        expect(webhookID(one) === webhookID(other)).to.equal(same);
      }),
      { numRuns: 500 },
    );
  });
});
