import type { JWK } from 'jose';
import { createPrivateKey, KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';

/** Private keys by id (`kid`), as PEM, JWK or `KeyObject`: RSA, or EC. */
export type DecryptionKeys = Readonly<Record<string, string | JWK | KeyObject>>;

/** @throws {@link InvalidArgumentError}; the message never shows the key */
export function prepareDecryptionKeys(keys: DecryptionKeys): ReadonlyMap<string, KeyObject> {
  return new Map(Object.entries(keys).map(([id, key]) => [id, parse(id, key)]));
}

function parse(id: string, given: string | JWK | KeyObject): KeyObject {
  let key: KeyObject;
  try {
    if (given instanceof KeyObject) key = given;
    else key = createPrivateKey(typeof given === 'string' ? given : { key: given, format: 'jwk' });
  } catch {
    throw refused(id, 'it does not parse as an unencrypted private key in PEM or JWK form');
  }
  if (key.type !== 'private' || !['rsa', 'ec'].includes(key.asymmetricKeyType ?? ''))
    throw refused(id, 'it has to be an RSA or EC private key');
  return key;
}

const refused = (id: string, why: string): InvalidArgumentError =>
  new InvalidArgumentError(`the decryption key ${JSON.stringify(id)} is not acceptable: ${why}`);
