import type { JWK } from 'jose';
import { createPrivateKey, KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';

/** A private key in one of the forms that people keep it in: PEM text, a JSON Web Key, or what node:crypto made of it. */
export type PrivateKeyInput = string | JWK | KeyObject;

/**
 * Reads a private key. `name` is how the error calls it, e.g. `the jwt key "k1"`.
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
  new InvalidArgumentError(`${name} is not acceptable: ${why}`);

function read(given: PrivateKeyInput): KeyObject | undefined {
  if (given instanceof KeyObject) return given;
  try {
    return createPrivateKey(typeof given === 'string' ? given : { key: given, format: 'jwk' });
  } catch {
    // What OpenSSL says is left out: it is about the bytes of a private key.
    return undefined;
  }
}
