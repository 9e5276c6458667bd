import { expect } from 'chai';
import { fold } from '../../src/decider.js';
import { isActionsError } from '../../src/errors.js';
import { target, type TargetCommand, type TargetEvent } from '../../src/target/target.js';
import { deciderSpec } from '../../src/testing/deciderSpec.js';
import { targetSettings } from '../support/targetSettings.js';

const added: TargetEvent = {
  type: 'target.added',
  data: { ...targetSettings, payloadType: 'jwe', signingKeys: [] },
};
const removed: TargetEvent = { type: 'target.removed', data: {} };
const now = 1_000;

const key = (keyID: string, expiresAt?: number) => ({
  keyID,
  publicKey: `pem of ${keyID}`,
  fingerprint: `SHA256:${keyID}`,
  algorithm: 'RSA-OAEP-256',
  ...(expiresAt !== undefined && { expiresAt }),
});
const keyAdded = (keyID: string, expiresAt?: number): TargetEvent => ({
  type: 'target.key.added',
  data: key(keyID, expiresAt),
});
const activated = (keyID: string): TargetEvent => ({ type: 'target.key.activated', data: { keyID } });
const deactivated = (keyID: string): TargetEvent => ({ type: 'target.key.deactivated', data: { keyID } });
const keyRemoved = (keyID: string): TargetEvent => ({ type: 'target.key.removed', data: { keyID } });

const add = (given: ReturnType<typeof key>, hasDrawnID = false): TargetCommand => ({
  type: 'addKey',
  targetID: 't',
  key: given,
  hasDrawnID,
  now,
});
const activate = (keyID: string): TargetCommand => ({ type: 'activateKey', targetID: 't', keyID, now });
const deactivate = (keyID: string): TargetCommand => ({ type: 'deactivateKey', targetID: 't', keyID });
const remove = (keyID: string): TargetCommand => ({ type: 'removeKey', targetID: 't', keyID });
const code = (expected: Parameters<typeof isActionsError>[1]) => (error: unknown) =>
  isActionsError(error, expected);

describe('public keys of a target', () => {
  const { given } = deciderSpec(target);

  it('are added, and adding activates no key', () => {
    given(added)
      .when(add(key('a')))
      .then(keyAdded('a'));
    given(added)
      .when(add(key('a', now + 1)))
      .then(keyAdded('a', now + 1));
    const state = fold(target, [added, keyAdded('a')]);
    expect(state.status === 'active' && state.keys).to.deep.equal([
      { ...key('a'), active: false, created: 0, changed: 0 },
    ]);
  });

  it('are known by their fingerprint: the same key again changes nothing', () => {
    given(added, keyAdded('a'))
      .when(add(key('a')))
      .thenNothing();
    given(added, keyAdded('a'))
      .when(add({ ...key('a'), keyID: 'drawn' }, true))
      .thenNothing();
  });

  it('keep their id and expiry', () => {
    given(added, keyAdded('a'))
      .when(add({ ...key('a'), keyID: 'b' }))
      .thenThrows(code('ALREADY_EXISTS'));
    given(added, keyAdded('a'))
      .when(add(key('a', now + 5)))
      .thenThrows(code('ALREADY_EXISTS'));
    given(added, keyAdded('a'))
      .when(add({ ...key('b'), keyID: 'a' }))
      .thenThrows(code('ALREADY_EXISTS'));
    given(added, keyAdded('a'), keyRemoved('a'))
      .when(add({ ...key('b'), keyID: 'a' }))
      .then({ type: 'target.key.added', data: { ...key('b'), keyID: 'a' } });
  });

  it('have not expired at the time of adding or activating', () => {
    given(added)
      .when(add(key('a', now)))
      .thenThrows(code('INVALID_ARGUMENT'));
    given(added, keyAdded('a', now)).when(activate('a')).thenThrows(code('INVALID_ARGUMENT'));
    given(added, keyAdded('a', now + 1))
      .when(activate('a'))
      .then(activated('a'));
  });

  it('are limited to twenty', () => {
    const twenty = Array.from({ length: 20 }, (_, place) => keyAdded(`k${place}`));
    given(added, ...twenty)
      .when(add(key('one more')))
      .thenThrows(code('INVALID_ARGUMENT'));
    given(added, ...twenty)
      .when(add(key('k7')))
      .thenNothing();
    given(added, ...twenty, keyRemoved('k0'))
      .when(add(key('one more')))
      .then(keyAdded('one more'));
  });

  it('are activated in the place of the active key', () => {
    given(added, keyAdded('a'), keyAdded('b'), activated('a')).when(activate('b')).then(activated('b'));
    given(added, keyAdded('a'), keyAdded('b'), activated('a'), activated('b'))
      .when(activate('b'))
      .thenNothing();
    given(added, keyAdded('a'), keyAdded('b'), activated('a'), activated('b'))
      .when(deactivate('a'))
      .thenNothing();
  });

  it('are deactivated only once', () => {
    given(added, keyAdded('a'), activated('a')).when(deactivate('a')).then(deactivated('a'));
    given(added, keyAdded('a')).when(deactivate('a')).thenNothing();
  });

  it('are removed, active or not; removing an unknown key changes nothing', () => {
    given(added, keyAdded('a'), activated('a')).when(remove('a')).then(keyRemoved('a'));
    given(added, keyAdded('a'), keyRemoved('a')).when(remove('a')).thenNothing();
    given(added).when(remove('a')).thenNothing();
  });

  it('cannot be activated or deactivated when the target does not have them', () => {
    for (const history of [[added], [added, keyAdded('b')], [added, keyAdded('a'), keyRemoved('a')]])
      for (const command of [activate('a'), deactivate('a')])
        given(...history)
          .when(command)
          .thenThrows((error) => isActionsError(error, 'PUBLIC_KEY_NOT_FOUND') && error.keyID === 'a');
  });

  it('belong to a target that exists', () => {
    for (const history of [[], [added, removed], [added, keyAdded('a'), removed]]) {
      for (const command of [add(key('a')), activate('a'), deactivate('a')])
        given(...history)
          .when(command)
          .thenThrows(code('TARGET_NOT_FOUND'));
      given(...history)
        .when(remove('a'))
        .thenNothing();
    }
  });
});
