import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes as systemRandom,
  type KeyObject,
} from 'node:crypto';

import { InvalidArgumentError, SecretUnreadableError } from '../errors.js';
import { z } from 'zod';
import { parseInput } from '../lib/input.js';
import { membersOf, readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { drawBytes } from '../lib/reading/drawBytes.js';
import { reading, requireFunction } from '../lib/reading/reading.js';
import { shownValue, shownType } from '../lib/reading/shownValue.js';
import { decodeBase64 } from './signingKey.js';
import type { Keyring, SealedSecret } from '../ports.js';
import { shownText } from '../lib/shown/shownText.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** The keys of a keyring. */
export interface KeyringOptions {
  /** The key that seals from now on; the others only open. */
  readonly activeKeyID: string;
  /** 32 bytes each, or their standard base64, by id. An id is 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly keys: Readonly<Record<string, string | Uint8Array>>;
  /** Draws the nonces; `size` is in bytes. @defaultValue the system's generator */
  readonly randomBytes?: (size: number) => Uint8Array;
}

const optionNames: OptionNames<KeyringOptions> = { activeKeyID: true, keys: true, randomBytes: true };

/**
 * Encrypts signing keys and header values at rest with AES-256-GCM under a random 96-bit nonce. The context of a secret
 * is authenticated, so a secret that is copied to another place does not open. A secret that is stored in the clear
 * still opens; {@link reseal} encrypts it.
 *
 * To rotate, add a key, make it active, re-encrypt, and only then remove the old key. NIST SP 800-38D bounds one key to
 * 2^32 random nonces.
 *
 * @throws {@link InvalidArgumentError} for a key that is not 32 bytes, or an active id without a key
 */
export function createKeyring(options: KeyringOptions): Keyring {
  const {
    activeKeyID,
    keys: given,
    randomBytes = systemRandom,
  } = readOptions(options, optionNames, 'createKeyring');
  requireFunction(randomBytes, 'randomBytes');
  const keys = new Map(membersOf(given, 'keys').map(([id, key]) => [id, parseKey(id, key)]));
  const activeKey = keys.get(activeKeyID);
  if (activeKey === undefined) {
    throw new InvalidArgumentError(
      `the keyring has no key ${shownValue(activeKeyID)}, which activeKeyID names; add it to keys; no keyring was made`,
    );
  }

  return {
    activeKeyID,
    seal(secret, context) {
      assertTexts({ secret, context });
      const nonce = drawBytes(randomBytes, nonceBytes, 'randomBytes', 'nothing was sealed');
      const cipher = createCipheriv(algorithm, activeKey, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return { algorithm, keyID: activeKeyID, value: sealed.toString('base64') };
    },
    open(given, context) {
      const sealed = takeSealed(given);
      assertTexts({ context });
      if (sealed.algorithm === 'plaintext') return sealed.value;
      const keyID = sealed.keyID ?? '';
      const key = keys.get(keyID);
      if (key === undefined) throw missingKey(keyID);
      return decrypt(key, keyID, Buffer.from(sealed.value, 'base64'), context);
    },
  };
}

function decrypt(key: KeyObject, keyID: string, sealed: Buffer, context: string): string {
  if (sealed.length < nonceBytes + tagBytes) throw changedSecret(keyID);
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const secret = decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8');
  try {
    return secret + decipher.final('utf8');
  } catch {
    throw changedSecret(keyID);
  }
}

const missingKey = (keyID: string): SecretUnreadableError =>
  new SecretUnreadableError(
    `a secret was sealed under key ${shownText(keyID)}, which this keyring does not hold; add that key to the keyring, or rotate the secret`,
  );

const changedSecret = (keyID: string): SecretUnreadableError =>
  new SecretUnreadableError(
    `a secret sealed under key ${shownText(keyID)} does not open: the keyring holds another key under this id, or the stored secret was changed or moved; restore the key, or rotate the secret`,
  );

/** @throws {@link InvalidArgumentError} that names each value that is no text, and shows none */
function assertTexts(texts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(texts))
    if (typeof value !== 'string')
      throw new InvalidArgumentError(
        `${name} is text, not ${shownType(value)}; nothing was sealed or opened`,
      );
}

const sealedSchema = z.object({
  algorithm: z.enum(['aes-256-gcm', 'plaintext']),
  keyID: z.string().optional(),
  value: z.string(),
});

const takeSealed = (given: SealedSecret) => parseInput(sealedSchema, given, 'the sealed secret');

function parseKey(id: string, key: string | Uint8Array): KeyObject {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id))
    throw new InvalidArgumentError(
      `the id of a keyring key has to be 1 to 64 of A-Z a-z 0-9 . _ -, not ${shownValue(id)}; no keyring was made`,
    );
  return reading(`key ${shownText(id)} of the keyring`, () => {
    const bytes = typeof key === 'string' ? decodeBase64(key.trim()) : key;
    if (!(bytes instanceof Uint8Array) || bytes.length !== 32)
      throw new InvalidArgumentError(
        `key ${shownText(id)} of the keyring has to be 32 bytes, or their standard base64; no keyring was made: make a key with: openssl rand -base64 32`,
      );
    return createSecretKey(bytes);
  });
}

/** Stores secrets in the clear: the keyring behind `keyring: 'plaintext'`. Opens no encrypted secret. */
export const plaintextKeyring: Keyring = Object.freeze({
  activeKeyID: 'plaintext',
  seal: (secret: string): SealedSecret => ({ algorithm: 'plaintext', value: secret }),
  open(sealed: SealedSecret): string {
    if (sealed.algorithm === 'plaintext') return sealed.value;
    throw missingKey(sealed.keyID ?? '');
  },
});

/** Whether `keyring` would store `sealed` unchanged today, so that nothing has to be written. */
export function isSealedUnderActiveKey(keyring: Keyring, sealed: SealedSecret): boolean {
  return sealed.algorithm === 'plaintext'
    ? keyring === plaintextKeyring
    : sealed.keyID === keyring.activeKeyID;
}

/**
 * The same secret, sealed under the active key; returned unchanged where it already is.
 *
 * @throws {@link SecretUnreadableError} when it does not open; nothing is lost: the sealed text is unchanged
 */
export function reseal(keyring: Keyring, sealed: SealedSecret, context: string): SealedSecret {
  return isSealedUnderActiveKey(keyring, sealed)
    ? sealed
    : keyring.seal(keyring.open(sealed, context), context);
}
