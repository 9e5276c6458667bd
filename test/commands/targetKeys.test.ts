import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import type { AddPublicKey } from '../../src/index.js';
import { openActions, rejection, allStoreKinds } from '../support/openActions.js';
import { ecPair, rsaPair } from '../support/publicKeys.js';

const rsa = rsaPair();
const ec = ecPair();

for (const storeKind of allStoreKinds)
  describe(`public keys of a target, over ${storeKind}`, () => {
    it('are added, activated, deactivated, listed and removed', async () => {
      const { actions, add } = await openActions({ storeKind });
      const { id } = await add();
      const { keys } = actions.targets;
      const first = await keys.add(id, { publicKey: rsa.pem, keyID: '2026-01', expiresAt: 4e12 });
      const second = await keys.add(id, { publicKey: ec.pem, expiresAt: new Date('2999-01-01') });
      expect(first).to.include({ keyID: '2026-01', algorithm: 'RSA-OAEP-256' });
      expect(first.fingerprint).to.match(/^SHA256:[A-Za-z0-9+/]{43}$/);
      expect(second).to.include({ algorithm: 'ECDH-ES+A256KW' });

      const active = async () => (await keys.list(id)).filter((key) => key.active).map(({ keyID }) => keyID);
      expect(await active()).to.deep.equal([]);
      await keys.activate(id, '2026-01');
      expect(await active()).to.deep.equal(['2026-01']);
      await keys.activate(id, second.keyID);
      expect(await active()).to.deep.equal([second.keyID]);
      await keys.deactivate(id, second.keyID);
      expect(await active()).to.deep.equal([]);
      await keys.remove(id, '2026-01');
      const [{ created, changed } = {}, ...more] = await keys.list(id);
      expect(more).to.deep.equal([]);
      expect(Number(changed)).to.be.at.least(Number(created));
      expect(await keys.list(id)).to.deep.equal([
        {
          created,
          changed,
          keyID: second.keyID,
          publicKey: ec.pem.trim(),
          fingerprint: second.fingerprint,
          algorithm: 'ECDH-ES+A256KW',
          expiresAt: Date.parse('2999-01-01'),
          active: false,
        },
      ]);
      expect((await actions.targets.get(id)).keys).to.deep.equal(await keys.list(id));
    });

    it('write one event for each change, and no event where nothing changes', async () => {
      const { actions, add, read } = await openActions({ storeKind });
      const { id } = await add();
      const { keys } = actions.targets;
      const { keyID, position } = await keys.add(id, { publicKey: rsa.pem });
      const again = await keys.add(id, { publicKey: `\n${rsa.pem.replaceAll('\n', '\r\n')}` });
      expect(again).to.include({ keyID, position });
      for (let times = 0; times < 2; times++) await keys.activate(id, keyID);
      for (let times = 0; times < 2; times++) await keys.deactivate(id, keyID);
      for (let times = 0; times < 2; times++) await keys.remove(id, keyID);
      const types = (await read(`actions.target-default.${id}`)).map(({ type }) => type);
      expect(types).to.deep.equal([
        'target.added',
        'target.key.added',
        'target.key.activated',
        'target.key.deactivated',
        'target.key.removed',
      ]);
    });

    it('are limited to twenty', async () => {
      const { actions, add } = await openActions({ storeKind });
      const { id } = await add();
      const pairs = Array.from({ length: 25 }, () => ecPair());
      const codes: unknown[] = [];
      for (const { pem } of pairs)
        await actions.targets.keys.add(id, { publicKey: pem }).catch((error: unknown) => {
          codes.push(isActionsError(error) && error.code);
        });
      expect(codes).to.deep.equal(Array.from({ length: 5 }, () => 'INVALID_ARGUMENT'));
      expect(await actions.targets.keys.list(id)).to.have.length(20);
    });
  });

describe('public keys of a target', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['no key', {}],
    ['a number', { publicKey: 7 }],
    ['a text that is no key', { publicKey: 'canary' }],
    ['a private key', { publicKey: rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }) }],
    ['two keys', { publicKey: rsa.pem + ec.pem }],
    ['a certificate', { publicKey: rsa.pem.replaceAll('PUBLIC KEY', 'CERTIFICATE') }],
    ['a curve that is not for it', { publicKey: ecPair('secp256k1').pem }],
    ['an empty id', { publicKey: rsa.pem, keyID: '' }],
    ['an id with a space', { publicKey: rsa.pem, keyID: 'a b' }],
    ['an id with a line break', { publicKey: rsa.pem, keyID: 'a\n' }],
    ['an id that is too long', { publicKey: rsa.pem, keyID: 'k'.repeat(201) }],
    ['an expiry that has passed', { publicKey: rsa.pem, expiresAt: 1 }],
    ['an expiry that is no time', { publicKey: rsa.pem, expiresAt: Number.NaN }],
    ['an expiry that is an invalid date', { publicKey: rsa.pem, expiresAt: new Date('soon') }],
    ['an expiry as text', { publicKey: rsa.pem, expiresAt: '2999-01-01' }],
    ['a field that is not known', { publicKey: rsa.pem, active: true }],
  ];
  for (const [what, key] of refused)
    it(`refuse ${what}, and write nothing`, async () => {
      const { actions, add, read } = await openActions();
      const { id } = await add();
      const error = await rejection(actions.targets.keys.add(id, key as AddPublicKey));
      expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
      expect(String(error)).not.to.match(/canary|BEGIN PRIVATE/);
      expect(await read(`actions.target-default.${id}`)).to.have.length(1);
    });

  it('refuse malformed ids, and targets that do not exist', async () => {
    const { actions, add } = await openActions();
    const { id } = await add();
    const { keys } = actions.targets;
    const codeOf = async (promise: Promise<unknown>) => {
      const error = await rejection(promise);
      return isActionsError(error) ? error.code : error;
    };
    for (const keyID of ['', 'k'.repeat(201), 7 as unknown as string])
      for (const act of [keys.activate, keys.deactivate, keys.remove])
        expect(await codeOf(act(id, keyID))).to.equal('INVALID_ARGUMENT');
    for (const act of [keys.activate, keys.deactivate]) {
      const missing = await rejection(act(id, 'none'));
      expect(missing).to.include({ code: 'PUBLIC_KEY_NOT_FOUND', targetID: id, keyID: 'none' });
      expect(String(missing)).to.include(`"${id}" has no public key "none"; nothing was written`);
    }
    expect(await codeOf(keys.add('none', { publicKey: rsa.pem }))).to.equal('TARGET_NOT_FOUND');
    expect(await codeOf(keys.list('none'))).to.equal('TARGET_NOT_FOUND');
    expect(await keys.remove('none', 'none')).to.deep.equal({ position: undefined });
    await actions.close();
    expect(await codeOf(keys.list(id))).to.equal('ACTIONS_CLOSED');
    expect(await codeOf(keys.add(id, { publicKey: rsa.pem }))).to.equal('ACTIONS_CLOSED');
  });
});
