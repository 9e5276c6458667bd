import { expect } from 'chai';

import { createReceiver } from '../../src/receiver/receiver.js';
import { memorySeenStore } from '../../src/receiver/seenStore.js';
import { drawKey, now, reasonOf, requestBody, signedCall } from './support.js';

const key = drawKey();
const { headers, body } = signedCall([key], requestBody);

/** Headers of another copy of the Fetch API: the same shape, another class. */
class OtherHeaders {
  readonly #headers = new Headers(headers);
  get(name: string): string | null {
    return this.#headers.get(name);
  }
  has(name: string): boolean {
    return this.#headers.has(name);
  }
}

describe('headers of a call', () => {
  it('are read by their shape, not by their class', async () => {
    const receiver = createReceiver({ signingKeys: [key], now: () => now });
    expect(await receiver.read({ headers: new OtherHeaders(), body })).to.have.property('kind', 'request');
  });

  it('may have names like methods of Headers', async () => {
    const receiver = createReceiver({ signingKeys: [key], now: () => now });
    const odd = { ...headers, get: 'x', has: 'y' };
    expect(await receiver.read({ headers: odd, body })).to.have.property('kind', 'request');
  });

  it('are refused by an error of their own where the value is no headers, or a header is no text', async () => {
    const receiver = createReceiver({ signingKeys: [key], now: () => now });
    for (const odd of [null, undefined, 7, 'zitadel-signature: t=1', { 'zitadel-signature': 7 }])
      expect(await reasonOf(receiver, { headers: odd as never, body })).to.equal('INVALID_ARGUMENT');
  });
});

describe('a receiver without a time', () => {
  const signed = signedCall([key], requestBody, { at: 978_307_200_000 });

  for (const time of [NaN, Infinity, -Infinity, undefined, null, '1735689600000', new Date(NaN)])
    it(`refuses every call: ${String(time)}`, async () => {
      const receiver = createReceiver({ signingKeys: [key], now: () => time as number });
      expect(await reasonOf(receiver, signed)).to.equal('INVALID_ARGUMENT');
    });

  it('remembers no id by a time', () => {
    const store = memorySeenStore({ now: () => NaN });
    expect(() => store.add('id', 1)).to.throw('milliseconds');
  });
});
