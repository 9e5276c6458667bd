import type { JWK } from 'jose';
import { createPrivateKey, KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';

/** A private key as users keep it: PEM text, a JSON Web Key, or a `KeyObject`. */
export type PrivateKeyInput = string | JWK | KeyObject;

/**
 * Reads a private key. `name` stands for the key in the error, e.g. `the jwt key "k1"`.
 *
 * @throws {@link InvalidArgumentError}; the message never shows the key
 */
export function parsePrivateKey(name: string, given: PrivateKeyInput): KeyObject {
  const key = read(given);
  if (key === undefined)
    throw unacceptableKey(name, 'it does not parse as an unencrypted private key in PEM or JWK form');
  if (key.type !== 'private') throw unacceptableKey(name, 'it has to be a private key');
  return key;
}

export const unacceptableKey = (name: string, why: string): InvalidArgumentError =>
  new InvalidArgumentError(`${name} is not acceptable: ${why}; nothing was called or written`);

function read(given: PrivateKeyInput): KeyObject | undefined {
  try {
    if (given instanceof KeyObject) return given;
    return createPrivateKey(typeof given === 'string' ? given : { key: given, format: 'jwk' });
  } catch {
    // OpenSSL's message is left out: it may quote bytes of a private key.
    return undefined;
  }
}
