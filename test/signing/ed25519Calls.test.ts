import { expect } from 'chai';
import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import {
  createActions,
  generateEd25519SigningKey,
  isActionsError,
  memoryEventStore,
} from '../../src/index.js';
import { createReceiver } from '../../src/receiver/receiver.js';
import { openActions, rejection } from '../support/openActions.js';
import { ed25519Vector } from '../support/signatureVectors.js';
import type { ReceivedCall } from '../support/targetServer.js';

const event = [{ type: 'order.placed', data: { note: 'größer €' } }];

/** Verifies as Standard Webhooks describes, without code of the library. */
function signers(call: ReceivedCall, publicKeys: readonly string[]): readonly string[] {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = call.headers;
  const signed = Buffer.from(`${String(id)}.${String(timestamp)}.${call.body}`);
  const ed25519 = String(signatures)
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .map((each) => Buffer.from(each.slice('v1a,'.length), 'base64'));
  return publicKeys.filter((publicKey) => {
    const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    return ed25519.some((signature) => verify(null, signed, key, signature));
  });
}

const read = (call: ReceivedCall, signingKeys: readonly string[]) =>
  createReceiver({ signingKeys }).read({ headers: call.headers, body: Buffer.from(call.body) });

describe('ed25519SigningKeys', () => {
  it('sign every call besides the key of its target', async () => {
    const { actions, call, guarded } = await openActions({
      ed25519SigningKeys: [ed25519Vector.privateKey],
    });
    const [target] = await call({ event: { all: true } }, { type: 'requestResponse' });
    await guarded.append('order-1', event);
    const [received] = target?.server.received ?? [];
    if (!received || !target) throw new Error('it was not called');
    expect(actions.verificationKeys()).to.deep.equal([ed25519Vector.publicKey]);
    expect(signers(received, actions.verificationKeys())).to.deep.equal([ed25519Vector.publicKey]);
    const headers = {
      'webhook-id': String(received.headers['webhook-id']),
      'webhook-timestamp': String(received.headers['webhook-timestamp']),
      'webhook-signature': String(received.headers['webhook-signature']),
    };
    expect(new Webhook(target.signingKey).verify(received.body, headers)).to.be.an('object');
    for (const signingKeys of [[...actions.verificationKeys()], [target.signingKey]])
      expect((await read(received, signingKeys)).payload).to.deep.include({
        event_payload: { note: 'größer €' },
      });
    const another = generateEd25519SigningKey().publicKey;
    expect(isActionsError(await rejection(read(received, [another])), 'INVALID_SIGNATURE')).to.equal(true);
  });

  it('all sign each call while a key is rotated, for webhook and async targets', async () => {
    const pairs = [generateEd25519SigningKey(), generateEd25519SigningKey()];
    const { actions, call, guarded } = await openActions({
      ed25519SigningKeys: pairs.map(({ privateKey }) => privateKey),
    });
    const targets = await call({ event: { all: true } }, { type: 'webhook' }, { type: 'async' });
    await actions.targets.rotateSigningKey(targets[0]?.id ?? '', { graceMs: 60_000 });
    await guarded.append('order-1', event);
    const publicKeys = pairs.map(({ publicKey }) => publicKey);
    expect(actions.verificationKeys()).to.deep.equal(publicKeys);
    for (const { server } of targets)
      for (const received of await server.whenReceived(1))
        expect(signers(received, publicKeys)).to.deep.equal(publicKeys);
    const [received] = targets[0]?.server.received ?? [];
    expect(String(received?.headers['webhook-signature']).split(' ')).to.have.length(4);
    expect(String(received?.headers['zitadel-signature']).split(',v1=')).to.have.length(3);
  });

  it('are absent unless given', async () => {
    const { actions, call, guarded } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    await guarded.append('order-1', event);
    expect(String(target?.server.received[0]?.headers['webhook-signature'])).not.to.contain('v1a');
    expect(actions.verificationKeys()).to.deep.equal([]);
  });

  const { privateKey, publicKey } = generateEd25519SigningKey();
  const refused: readonly (readonly [string, unknown])[] = [
    ['a public key', [publicKey]],
    ['an HMAC key', [`whsec_${Buffer.alloc(32).toString('base64')}`]],
    ['a key without its prefix', [privateKey.slice(5)]],
    ['a key that was cut off', [privateKey.slice(0, -4)]],
    ['halves that do not belong together', [`whsk_${Buffer.alloc(64, 7).toString('base64')}`]],
    ['an empty key', ['']],
    ['a number', [7]],
    ['a key that is not in a list', privateKey],
  ];
  for (const [what, keys] of refused)
    it(`refuse ${what}, and do not show it`, async () => {
      const options = { eventStore: memoryEventStore(), ed25519SigningKeys: keys as readonly string[] };
      const error = await rejection(createActions(options));
      expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
      expect(String(error)).not.to.match(/[A-Za-z0-9+/]{30}/);
    });
});
