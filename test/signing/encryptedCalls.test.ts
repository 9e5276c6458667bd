import { expect } from 'chai';
import { compactDecrypt, compactVerify, createLocalJWKSet } from 'jose';
import { createReceiver } from '../../src/receiver/receiver.js';
import { json } from '../support/answers.js';
import { openActions, rejection, type TargetSettings } from '../support/openActions.js';
import { ecPair, jwtKeysOptions, rsaPair, type KeyPair } from '../support/publicKeys.js';
import { isActionsError } from '../../src/errors.js';

const pairs: readonly (readonly [string, KeyPair])[] = [
  ['RSA', rsaPair()],
  ['EC on P-256', ecPair()],
  ['EC on P-521', ecPair('P-521')],
];
const event = { type: 'order.placed', data: { note: 'größer €' } };

/** Actions with one target of payload type jwe, whose key is active. */
async function open(pair: KeyPair, settings: TargetSettings, now = Date.now) {
  const opened = await openActions({ jwtKeys: jwtKeysOptions(), now: () => now() });
  const [target] = await opened.call({ event: { all: true } }, { payloadType: 'jwe', ...settings });
  if (!target) throw new Error('no target was added');
  const { keys } = opened.actions.targets;
  await keys.add(target.id, { publicKey: pair.pem, keyID: 'reader', expiresAt: now() + 60_000 });
  await keys.activate(target.id, 'reader');
  return { ...opened, target };
}

for (const [name, pair] of pairs)
  describe(`a jwe payload to ${name}`, () => {
    it('is read by jose alone', async () => {
      const { actions, guarded, target } = await open(pair, { type: 'webhook' });
      await guarded.append('order-1', [event]);
      const [call] = target.server.received;
      expect(call?.headers['content-type']).to.equal('application/json');
      expect(call?.body).not.to.contain('order');
      const { plaintext, protectedHeader } = await compactDecrypt(call?.body ?? '', pair.privateKey);
      expect(protectedHeader).to.include({ kid: 'reader', cty: 'JWT', typ: 'JWT', enc: 'A256GCM' });
      const jws = await compactVerify(plaintext, createLocalJWKSet(actions.jwks()));
      const body = JSON.parse(Buffer.from(jws.payload).toString()) as object;
      expect(body).to.deep.include({ event_type: 'order.placed', event_payload: { note: 'größer €' } });
    });

    it('reaches a requestResponse target, whose plain answer is applied', async () => {
      const { actions, guarded, target, read } = await open(pair, {
        type: 'requestResponse',
        script: json({ note: 'amended' }),
      });
      await guarded.append('order-1', [event]);
      expect((await read('order-1'))[0]?.data).to.deep.equal({ note: 'amended' });
      const receiver = createReceiver({
        signingKeys: [target.signingKey],
        jwks: actions.jwks(),
        decryptionKeys: { reader: pair.privateKey },
      });
      const [call] = target.server.received;
      if (!call) throw new Error('it was not called');
      const { payload } = await receiver.read({ headers: call.headers, body: Buffer.from(call.body) });
      expect(payload).to.deep.include({ event_payload: { note: 'größer €' } });
    });

    it('reaches an async target', async () => {
      const { guarded, target } = await open(pair, { type: 'async' });
      await guarded.append('order-1', [event]);
      const [call] = await target.server.whenReceived(1);
      const { protectedHeader } = await compactDecrypt(call?.body ?? '', pair.privateKey);
      expect(protectedHeader.kid).to.equal('reader');
    });
  });

describe('a target of payload type jwe', () => {
  const pair = ecPair();
  const reasonOf = async (promise: Promise<unknown>) => {
    const error = await rejection(promise);
    return isActionsError(error, 'TARGET_INTERRUPTED') ? error.reason : error;
  };

  it('is an error, and is sent nothing, once its key has expired', async () => {
    let time = Date.now();
    const { guarded, target, reports, read } = await open(pair, { interruptOnError: true }, () => time);
    await guarded.append('order-1', [event]);
    time += 60_000;
    expect(await reasonOf(guarded.append('order-1', [event]))).to.equal('secret-unreadable');
    expect(target.server.received).to.have.length(1);
    expect(await read('order-1')).to.have.length(1);
    expect(reports.map(({ verdict, reason }) => [verdict, reason])).to.deep.equal([
      ['passed', undefined],
      ['failed', 'secret-unreadable'],
    ]);
  });

  const without: readonly (readonly [string, 'deactivate' | 'remove'])[] = [
    ['deactivated', 'deactivate'],
    ['removed', 'remove'],
  ];
  for (const [what, act] of without)
    it(`is an error, and is sent nothing, when its key is ${what}`, async () => {
      const { actions, guarded, target } = await open(pair, { interruptOnError: true });
      await actions.targets.keys[act](target.id, 'reader');
      expect(await reasonOf(guarded.append('order-1', [event]))).to.equal('secret-unreadable');
      expect(target.server.received).to.deep.equal([]);
    });

  it('is passed over without a key where the target does not interrupt, and an async target is reported', async () => {
    for (const type of ['webhook', 'requestResponse', 'async'] as const) {
      const { call, guarded, reports, read } = await openActions({ jwtKeys: jwtKeysOptions() });
      const [target] = await call({ event: { all: true } }, { type, payloadType: 'jwe' });
      await guarded.append('order-1', [event]);
      expect(await read('order-1')).to.have.length(1);
      expect(target?.server.received).to.deep.equal([]);
      expect(reports.map(({ reason }) => reason)).to.deep.equal(['secret-unreadable']);
    }
  });

  it('is sent to the next key as soon as the key is activated', async () => {
    const next = rsaPair(1);
    const { actions, guarded, target } = await open(pair, {});
    await actions.targets.keys.add(target.id, { publicKey: next.pem, keyID: 'next' });
    await guarded.append('order-1', [event]);
    await actions.targets.keys.activate(target.id, 'next');
    await guarded.append('order-1', [event]);
    const [before, after] = target.server.received;
    expect((await compactDecrypt(before?.body ?? '', pair.privateKey)).protectedHeader.kid).to.equal(
      'reader',
    );
    expect((await compactDecrypt(after?.body ?? '', next.privateKey)).protectedHeader.kid).to.equal('next');
  });

  it('cannot be added without keys to sign with', async () => {
    const { add } = await openActions();
    for (const payloadType of ['jwt', 'jwe'] as const) {
      const error = await rejection(add({ payloadType }));
      expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
    }
  });
});

describe('actions.jwks()', () => {
  it('shows the public halves alone, and nothing without jwtKeys', async () => {
    const { actions } = await openActions({ jwtKeys: jwtKeysOptions() });
    expect(actions.jwks().keys).to.have.length(1);
    expect(actions.jwks().keys[0]).to.have.all.keys('kty', 'crv', 'x', 'kid', 'alg', 'use');
    const { actions: without } = await openActions();
    expect(without.jwks()).to.deep.equal({ keys: [] });
  });
});
