import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError, isActionsError } from '../../errors.js';
import type { TargetKeys } from '../../index.js';
import { parseJSON, readTextFile } from '../shell/inputFile.js';
import type { Declaration } from './declaration.js';
import type { DeclaredKey } from './declaredKeys.js';
import { withoutConsequence } from '../shell/ownOptions.js';

/** A declared public key. */
export interface DesiredKey {
  readonly keyID: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly active: boolean;
}

/** The keys by the name of their declared target; empty for a target without declared keys. */
export type DesiredKeys = ReadonlyMap<string, readonly DesiredKey[]>;

/** Refuses a private JWK, which would otherwise be read as its public half. */
function pemOf(jwk: JsonWebKey): string {
  if ('d' in jwk) throw new InvalidArgumentError('this is a private key: keep it, and give its public half');
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw new InvalidArgumentError('its members do not form a public key');
  }
}

async function textOf({ pem, jwk, file = '' }: DeclaredKey, folder: string): Promise<string> {
  if (pem !== undefined) return pem;
  if (jwk !== undefined) return pemOf(jwk);
  const path = resolve(folder, file);
  const content = await readTextFile(path);
  return content.trimStart().startsWith('{') ? pemOf(parseJSON(content, path) as JsonWebKey) : content;
}

const refused = (target: string, keyID: string, message: string): InvalidArgumentError =>
  new InvalidArgumentError(
    `the key ${JSON.stringify(keyID)} of target ${JSON.stringify(target)}: ${message}; nothing was written`,
  );

/**
 * Reads the declared keys from their files.
 *
 * @param path - the path of the declaration; `-` is stdin, which counts as a file in the current folder
 * @throws {@link InvalidArgumentError} for a key that cannot encrypt, and for a repeated key
 */
export async function readDesiredKeys(
  { targets = {} }: Declaration,
  path: string,
  keys: Pick<TargetKeys, 'inspect'>,
): Promise<DesiredKeys> {
  const folder = path === '-' ? '.' : dirname(path);

  async function read(target: string, keyID: string, key: DeclaredKey): Promise<DesiredKey> {
    try {
      const publicKey = (await textOf(key, folder)).trim();
      const { fingerprint } = keys.inspect(publicKey);
      const expiry = key.expires === undefined ? {} : { expiresAt: Date.parse(key.expires) };
      return { keyID, publicKey, fingerprint, active: key.active === true, ...expiry };
    } catch (error) {
      throw isActionsError(error, 'INVALID_ARGUMENT')
        ? refused(target, keyID, withoutConsequence(error.message))
        : error;
    }
  }

  const desired = new Map<string, readonly DesiredKey[]>();
  for (const [target, { keys: declared }] of Object.entries(targets)) {
    if (!declared) continue;
    const list: DesiredKey[] = [];
    for (const [keyID, declaredKey] of Object.entries(declared)) {
      const key = await read(target, keyID, declaredKey);
      const same = list.find(({ fingerprint }) => fingerprint === key.fingerprint);
      if (same) throw refused(target, keyID, `it is the same as ${JSON.stringify(same.keyID)}`);
      list.push(key);
    }
    desired.set(target, list);
  }
  return desired;
}
