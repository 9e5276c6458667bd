import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { createReceiver, type IncomingCall } from '../../src/receiver/receiver.js';
import { ed25519Vector, standardVectors, zitadelVectors } from '../support/signatureVectors.js';
import { reasonOf, refusal } from './support.js';

/** Whether the signature verifies: the receiver then refuses the body of the vector, which is no call. */
const verifies = async (call: IncomingCall, signingKey: string, seconds: number): Promise<boolean> => {
  const other = createReceiver({ signingKeys: [signingKey], now: () => seconds * 1_000 });
  return (await refusal(other, call)) instanceof InvalidArgumentError;
};

describe('receiver vectors', () => {
  for (const { key: secret, t, body, v1 } of zitadelVectors) {
    it(`of ZITADEL: ${secret} at ${t}`, async () => {
      const headers = { 'zitadel-signature': `t=${t},v1=${v1}` };
      expect(await verifies({ headers, body }, secret, t)).to.equal(true);
      const other = createReceiver({ signingKeys: [`${secret}x`], now: () => t * 1_000 });
      expect(await reasonOf(other, { headers, body })).to.equal('mismatch');
    });
  }

  for (const { secret, id, t, body, v1 } of standardVectors) {
    const call = (signature: string): IncomingCall => ({
      headers: { 'webhook-id': id, 'webhook-timestamp': String(t), 'webhook-signature': signature },
      body,
    });
    for (const form of [secret, secret.slice('whsec_'.length), `v1,${secret}`])
      it(`of Standard Webhooks with the secret ${form}`, async () => {
        expect(await verifies(call(`v1,${v1}`), form, t)).to.equal(true);
      });

    const accepted: readonly [string, string][] = [
      ['bad ones, a later version and the good one', `v1,bad= v2,c29tZXRoaW5n v1,${v1} v1,${v1.slice(4)}`],
      ['a list with commas', `v1,AAAA, v1,${v1}`],
      ['a list with commas, the good one first', `v1,${v1}, v1,AAAA`],
      ['an ed25519 signature of which it has no key', `v1a,AAAA v1,${v1}`],
    ];
    for (const [name, signature] of accepted)
      it(`of Standard Webhooks in ${name}`, async () => {
        expect(await verifies(call(signature), secret, t)).to.equal(true);
      });

    const refused: readonly [string, string, string][] = [
      ['v1, alone', 'v1,', 'mismatch'],
      ['a truncated signature', `v1,${v1.slice(0, -4)}`, 'mismatch'],
      ['one without a version', v1, 'mismatch'],
      ['an empty version', `,${v1}`, 'mismatch'],
      ['later versions alone', `v2,${v1}`, 'mismatch'],
      ['the secret used as text', 'v1,ELhqG0Ku1gwOc1f4jyKdp3SFGFLAOdJ9bvpWLciCakI=', 'mismatch'],
      ['nothing', '', 'mismatch'],
      ['21 signatures', Array.from({ length: 21 }, () => `v1,${v1}`).join(' '), 'malformed'],
    ];
    for (const [name, signature, reason] of refused)
      it(`of Standard Webhooks refuses ${name}`, async () => {
        const other = createReceiver({ signingKeys: [secret], now: () => t * 1_000 });
        expect(await reasonOf(other, call(signature))).to.equal(reason);
      });
  }

  it('of Svix: v1a with the public key alone', async () => {
    const { id, t, body, publicKey, v1a } = ed25519Vector;
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(t),
      'webhook-signature': `v1a,${v1a}`,
    };
    expect(await verifies({ headers, body }, publicKey, t)).to.equal(true);
    const other = createReceiver({ signingKeys: [publicKey], now: () => t * 1_000 });
    expect(await reasonOf(other, { headers, body: `${body} ` })).to.equal('mismatch');
  });
});
