import { AlreadyExistsError, InvalidArgumentError, PublicKeyNotFoundError } from '../errors.js';
import { mostKeys } from './settings.js';
import { shownText } from '../lib/shown/shownText.js';

/** The stored data of a public key that is added. */
export interface AddedKey {
  /** The id of the key: the `kid` of payloads. */
  readonly keyID: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** `SHA256:` and the unpadded base64 of the SHA-256 of the DER form. */
  readonly fingerprint: string;
  /** The algorithm that content keys are encrypted with. */
  readonly algorithm: string;
  /** Milliseconds since the epoch. Absent: never. */
  readonly expiresAt?: number | undefined;
}

/** A public key as its target holds it. Dates are milliseconds since the epoch, by the event store's clock. */
export interface HeldKey extends AddedKey {
  /** Whether payloads are encrypted to it now. */
  readonly active: boolean;
  /** When it was added. */
  readonly created: number;
  /** When it was added, activated or deactivated last. */
  readonly changed: number;
}

/** A public key that payloads for a target are encrypted to. */
export interface PublicKey extends AddedKey {
  /** Whether payloads are encrypted to it now. */
  readonly active: boolean;
  /** When it was added, by the event store's clock. */
  readonly created: Date;
  /** When it was added, activated or deactivated last. */
  readonly changed: Date;
}

/** `at` is when the store recorded the event, in milliseconds since the epoch; absent on an event that is not stored yet. */
export type PublicKeyEvent =
  | { readonly type: 'target.key.added'; readonly data: AddedKey; readonly at?: number }
  | {
      readonly type: 'target.key.activated' | 'target.key.deactivated' | 'target.key.removed';
      readonly data: { readonly keyID: string };
      readonly at?: number;
    };

export type PublicKeyCommand =
  | {
      readonly type: 'addKey';
      readonly key: AddedKey;
      /** Whether the library drew the id: an equal stored key then serves in its place. */
      readonly hasDrawnID: boolean;
      readonly now: number;
    }
  | { readonly type: 'activateKey'; readonly keyID: string; readonly now: number }
  | { readonly type: 'deactivateKey' | 'removeKey'; readonly keyID: string };

const hasExpired = ({ expiresAt }: Pick<AddedKey, 'expiresAt'>, now: number): boolean =>
  expiresAt !== undefined && expiresAt <= now;

function decideAdd(
  {
    targetID,
    key,
    hasDrawnID,
    now,
  }: Extract<PublicKeyCommand, { readonly type: 'addKey' }> & { readonly targetID: string },
  keys: readonly HeldKey[],
): readonly PublicKeyEvent[] {
  if (hasExpired(key, now))
    throw new InvalidArgumentError(
      'the public key has expired already: expiresAt has to be in the future; nothing was written',
    );
  const equal = keys.find(({ fingerprint }) => fingerprint === key.fingerprint);
  if (equal) {
    const hasSameID = hasDrawnID || equal.keyID === key.keyID;
    if (hasSameID && equal.expiresAt === key.expiresAt) return [];
    throw new AlreadyExistsError(
      `the target ${shownText(targetID)} has this public key as ${shownText(equal.keyID)}; remove that first to give it another id or expiry; nothing was written`,
    );
  }
  if (keys.some(({ keyID }) => keyID === key.keyID))
    throw new AlreadyExistsError(
      `the target ${shownText(targetID)} has another public key ${shownText(key.keyID)}; choose another id, or leave it out; nothing was written`,
    );
  if (keys.length >= mostKeys)
    throw new InvalidArgumentError(
      `the target ${shownText(targetID)} has ${mostKeys} public keys already, the most of a target; remove one first; nothing was written`,
    );
  return [{ type: 'target.key.added', data: key }];
}

/** The events that follow from a command on the public keys of a target; none where nothing changes. */
export function decidePublicKey(
  command: PublicKeyCommand & { readonly targetID: string },
  keys: readonly HeldKey[],
): readonly PublicKeyEvent[] {
  if (command.type === 'addKey') return decideAdd(command, keys);
  const { targetID, keyID } = command;
  const key = keys.find((each) => each.keyID === keyID);
  if (!key) {
    if (command.type === 'removeKey') return [];
    throw new PublicKeyNotFoundError(targetID, keyID);
  }
  switch (command.type) {
    case 'activateKey':
      if (hasExpired(key, command.now))
        throw new InvalidArgumentError(
          `public key ${shownText(keyID)} of target ${shownText(targetID)} has expired; add another key and activate it; nothing was written`,
        );
      return key.active ? [] : [{ type: 'target.key.activated', data: { keyID } }];
    case 'deactivateKey':
      return key.active ? [{ type: 'target.key.deactivated', data: { keyID } }] : [];
    case 'removeKey':
      return [{ type: 'target.key.removed', data: { keyID } }];
  }
}

const withActive = (key: HeldKey, active: boolean, at: number): HeldKey =>
  key.active === active ? key : { ...key, active, changed: at };

/** The keys of a target after an event. */
export function evolvePublicKeys(
  keys: readonly HeldKey[],
  { type, data, at = 0 }: PublicKeyEvent,
): readonly HeldKey[] {
  switch (type) {
    case 'target.key.added':
      return [...keys, { ...data, active: false, created: at, changed: at }];
    case 'target.key.activated':
      return keys.map((key) => withActive(key, key.keyID === data.keyID, at));
    case 'target.key.deactivated':
      return keys.map((key) => (key.keyID === data.keyID ? withActive(key, false, at) : key));
    case 'target.key.removed':
      return keys.filter((key) => key.keyID !== data.keyID);
  }
}

/** A key for operators, who read dates. */
export const shownKey = ({ created, changed, ...key }: HeldKey): PublicKey => ({
  ...key,
  created: new Date(created),
  changed: new Date(changed),
});
