import type { SealedSecret } from '../../src/ports.js';
import { target, type TargetCommand, type TargetEvent } from '../../src/target/target.js';
import { deciderSpec } from '../../src/testing/deciderSpec.js';
import { targetSettings } from '../support/targetSettings.js';

const sealed = (keyID: string): SealedSecret => ({ algorithm: 'aes-256-gcm', keyID, value: 'bytes' });

const added: TargetEvent = {
  type: 'target.added',
  data: {
    ...targetSettings,
    headers: { 'x-api-key': sealed('k1') },
    signingKeys: [{ key: sealed('k1') }],
  },
};
const reseal = (signingKey: string, header: string): TargetCommand => ({
  type: 'reseal',
  signingKeys: [{ key: sealed(signingKey) }],
  headers: { 'x-api-key': sealed(header) },
});
const rotated = (keyID: string): TargetEvent => ({
  type: 'target.signingKey.rotated',
  data: { signingKeys: [{ key: sealed(keyID) }] },
});
const changed = (keyID: string): TargetEvent => ({
  type: 'target.changed',
  data: { headers: { 'x-api-key': sealed(keyID) } },
});

describe('secrets of a target', () => {
  const { given } = deciderSpec(target);

  it('are recorded as far as secrets were sealed again', () => {
    given(added).when(reseal('k2', 'k2')).then(rotated('k2'), changed('k2'));
    given(added).when(reseal('k2', 'k1')).then(rotated('k2'));
    given(added).when(reseal('k1', 'k2')).then(changed('k2'));
  });

  it('that stay unchanged make no event, nor do secrets of a target that is gone', () => {
    given(added).when(reseal('k1', 'k1')).thenNothing();
    given(added, rotated('k2'), changed('k2')).when(reseal('k2', 'k2')).thenNothing();
    given(added, { type: 'target.removed', data: {} }).when(reseal('k2', 'k2')).thenNothing();
    given().when(reseal('k2', 'k2')).thenNothing();
  });
});
