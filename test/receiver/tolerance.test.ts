import { expect } from 'chai';

import { createReceiver } from '../../src/receiver/receiver.js';
import { drawKey, now, reasonOf, requestBody, signedCall } from './support.js';

const key = drawKey();
const clock = (): number => now;
const receiver = createReceiver({ signingKeys: [key], now: clock });

describe('receiver', () => {
  describe('tolerance', () => {
    const table: readonly [number, string | undefined][] = [
      [-301, 'too-old'],
      [-300, undefined],
      [300, undefined],
      [301, 'too-new'],
    ];
    for (const [seconds, reason] of table)
      for (const scheme of ['zitadel-signature', 'webhook-signature'])
        it(`${scheme} signed ${seconds} s from now: ${reason ?? 'accepted'}`, async () => {
          const { headers, body } = signedCall([key], requestBody, { at: now + seconds * 1_000 });
          const one = Object.fromEntries(
            Object.entries(headers).filter(([name]) => name === scheme || !name.endsWith('-signature')),
          );
          const call = { headers: one, body };
          if (reason === undefined) expect(await receiver.read(call)).to.have.property('kind', 'request');
          else expect(await reasonOf(receiver, call)).to.equal(reason);
        });

    it('is as wide as the option says', async () => {
      const strict = createReceiver({ signingKeys: [key], now: clock, toleranceSeconds: 5 });
      expect(await reasonOf(strict, signedCall([key], requestBody, { at: now - 6_000 }))).to.equal('too-old');
      expect(await strict.read(signedCall([key], requestBody, { at: now - 5_000 }))).to.have.property('id');
    });
  });

  describe('rotation', () => {
    it('accepts the old key, both keys, and then the new key, without a moment at which both sides change', async () => {
      const [old, current] = [drawKey(), drawKey()];
      const oldReceiver = createReceiver({ signingKeys: [old], now: clock });
      const newReceiver = createReceiver({ signingKeys: [current], now: clock });
      const bothReceiver = createReceiver({ signingKeys: [old, current], now: clock });
      for (const signers of [[old], [old, current], [current, old]])
        expect(await oldReceiver.read(signedCall(signers, requestBody))).to.have.property('id', 'msg_1');
      for (const signers of [[old], [current], [old, current]])
        expect(await bothReceiver.read(signedCall(signers, requestBody))).to.have.property('id', 'msg_1');
      expect(await newReceiver.read(signedCall([old, current], requestBody))).to.have.property('id', 'msg_1');
      expect(await reasonOf(oldReceiver, signedCall([current], requestBody))).to.equal('mismatch');
    });
  });
});
