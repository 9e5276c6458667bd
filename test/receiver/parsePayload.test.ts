import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import { prepareSigningKey } from '../../src/signing/signingKey.js';
import { parsePayload } from '../../src/receiver/decoding/parsePayload.js';
import { createReceiver } from '../../src/receiver/receiver.js';
import { drawKey, now, reasonOf, requestBody, signedCall } from './support.js';

const event = {
  aggregateID: '1',
  aggregateType: 'order',
  resourceOwner: 'default',
  instanceID: 'default',
  version: 'v1',
  sequence: 1,
  event_type: 'order.placed',
  created_at: '2025-01-01T00:00:00.000Z',
  event_payload: { item: 1 },
  event_id: '6f6f0a8e-8d7a-4d9e-9d5e-0d6a5c1d2b3c',
  stream: 'order-1',
  phase: 'before-append',
  fullMethod: '/orders.v1.OrderService/PlaceOrder',
};

const signedBytes = (key: string, body: Uint8Array) => ({
  headers: {
    ...signatureHeaders([prepareSigningKey(key)], { id: 'msg_1', timestampSeconds: now / 1_000, body }),
  },
});

describe('payloads', () => {
  const table: readonly [string, object][] = [
    ['request', { fullMethod: '/a.B/C', request: { function: 'x', event_type: 'y' } }],
    ['request', { fullMethod: '/a.B/C', request: null }],
    ['response', { fullMethod: '/a.B/C', request: {}, response: {} }],
    ['response', { fullMethod: '/a.B/C', request: {}, response: null }],
    ['function', { function: 'function/preuserinfo', userinfo: {} }],
    ['function', { function: 'function/own', event_type: 'a field of its payload', response: {} }],
    ['event', event],
    ['event', { ...event, event_payload: { response: 1, function: 'x' } }],
    ['event', { aggregateID: '1', event_type: 'session.added', event_payload: 'eyJ9', created_at: 'x' }],
  ];
  for (const [kind, body] of table)
    it(`tell a ${kind}: ${JSON.stringify(body).slice(0, 60)}`, () => {
      expect(parsePayload(JSON.stringify(body))).to.deep.equal({ kind, payload: body });
    });

  it('are typed by kind', () => {
    const parsed = parsePayload<{ readonly item: number }>(JSON.stringify(event));
    if (parsed.kind !== 'event') throw new Error('not an event');
    const item: number = parsed.payload.event_payload.item;
    expect({ ...parsed.payload.event_payload, checked: item }).to.deep.equal({ item: 1, checked: 1 });
  });

  const refused = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '7',
    '{}',
    '{"fullMethod":7}',
    '{"function":{}}',
    '{"event_type":1}',
    '\ufeff{"fullMethod":"/a.B/C","request":{}}',
  ];
  for (const body of refused)
    it(`are not ${JSON.stringify(body)}`, async () => {
      expect(() => parsePayload(body)).to.throw(InvalidArgumentError);
      const key = drawKey();
      const receiver = createReceiver({ signingKeys: [key], now: () => now });
      expect(await reasonOf(receiver, signedCall([key], body))).to.equal('INVALID_ARGUMENT');
    });

  it('are not bytes that are not UTF-8', async () => {
    const key = drawKey();
    const receiver = createReceiver({ signingKeys: [key], now: () => now });
    const body = Buffer.from(requestBody, 'latin1');
    expect(await reasonOf(receiver, { ...signedBytes(key, body), body })).to.equal('INVALID_ARGUMENT');
  });

  it('take a member named __proto__ as data', () => {
    const parsed = parsePayload('{"fullMethod":"/a.B/C","request":{},"__proto__":{"response":1}}');
    expect(parsed.kind).to.equal('request');
    expect(Object.prototype).not.to.have.property('response');
  });
});
