import type { KeyObject } from 'node:crypto';

import { membersOf } from '../../lib/reading/readOptions.js';
import { parsePrivateKey, unacceptableKey, type PrivateKeyInput } from '../../signing/privateKey.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Private keys by id (`kid`), as PEM, JWK or `KeyObject`: RSA, or EC. */
export type DecryptionKeys = Readonly<Record<string, PrivateKeyInput>>;

/** @throws {@link InvalidArgumentError}; the message never shows the key */
export function prepareDecryptionKeys(keys: DecryptionKeys): ReadonlyMap<string, KeyObject> {
  return new Map(membersOf(keys, 'decryptionKeys').map(([id, key]) => [id, parse(id, key)]));
}

function parse(id: string, given: PrivateKeyInput): KeyObject {
  const name = `the decryption key ${shownText(id)}`;
  const key = parsePrivateKey(name, given);
  if (!['rsa', 'ec'].includes(key.asymmetricKeyType ?? ''))
    throw unacceptableKey(name, `it has to be RSA or EC, not ${key.asymmetricKeyType ?? 'something else'}`);
  return key;
}
