import { InvalidArgumentError } from '../../errors.js';
import type { AddPublicKey, PublicKey } from '../../index.js';
import type { DesiredKey } from './desiredKeys.js';
import { mostKeys } from '../../target/settings.js';

/** A change of the public keys of a target. */
export type KeyStep =
  | {
      readonly action: 'addKey';
      readonly kind: 'key';
      readonly target: string;
      readonly id: string;
      readonly input: AddPublicKey;
    }
  | {
      readonly action: 'activateKey' | 'deactivateKey' | 'removeKey';
      readonly kind: 'key';
      readonly target: string;
      readonly id: string;
    };

const isSame = (left: PublicKey, right: DesiredKey): boolean =>
  left.keyID === right.keyID && left.fingerprint === right.fingerprint && left.expiresAt === right.expiresAt;

/**
 * Plans the changes that make the keys of a target match the declaration. The changes in `before` come ahead of the
 * target's own change, so that the target stays callable at any time: the active key is removed last, except where it makes
 * room for a key with the same id or bytes.
 *
 * @throws {@link InvalidArgumentError} for an expired key that is to be added or activated
 */
export function planKeys(
  target: string,
  existing: readonly PublicKey[],
  desired: readonly DesiredKey[],
  now: number,
): { readonly before: readonly KeyStep[]; readonly after: readonly KeyStep[] } {
  const kept = existing.filter((key) => desired.some((each) => isSame(key, each)));
  const added = desired.filter((key) => !existing.some((each) => isSame(each, key)));
  const gone = existing.filter((key) => !kept.includes(key));
  const isInTheWay = ({ keyID, fingerprint }: PublicKey) =>
    desired.length >= mostKeys || added.some((key) => key.keyID === keyID || key.fingerprint === fingerprint);
  const wanted = desired.find(({ active }) => active);
  const inUse = kept.find(({ active }) => active);
  const last = gone.filter((key) => key.active && !isInTheWay(key));

  const assertValid = ({ keyID, expiresAt }: DesiredKey) => {
    if (expiresAt === undefined || expiresAt > now) return;
    throw new InvalidArgumentError(
      `the key ${JSON.stringify(keyID)} of target ${JSON.stringify(target)} has expired; nothing was written`,
    );
  };
  const step = (
    action: Exclude<KeyStep['action'], 'addKey'>,
    { keyID }: Pick<PublicKey, 'keyID'>,
  ): KeyStep => ({
    action,
    kind: 'key',
    target,
    id: keyID,
  });
  added.forEach(assertValid);
  const activates = wanted && inUse?.keyID !== wanted.keyID ? [wanted] : [];
  activates.forEach(assertValid);
  return {
    before: [
      ...gone.filter((key) => !last.includes(key)).map((key) => step('removeKey', key)),
      ...added.map(({ keyID, publicKey, expiresAt }): KeyStep => {
        const input = { keyID, publicKey, ...(expiresAt !== undefined && { expiresAt }) };
        return { action: 'addKey', kind: 'key', target, id: keyID, input };
      }),
      ...activates.map((key) => step('activateKey', key)),
    ],
    after: [
      ...(wanted === undefined && inUse ? [step('deactivateKey', inUse)] : []),
      ...last.map((key) => step('removeKey', key)),
    ],
  };
}
