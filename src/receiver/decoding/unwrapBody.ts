import type * as Jose from 'jose';
import type { CompactJWEHeaderParameters, CompactVerifyGetKey } from 'jose';
import type { KeyObject } from 'node:crypto';

import { InvalidSignatureError } from '../../errors.js';
import { jwksLookup, type JwksSource } from './jwksLookup.js';
import { shownValue } from '../../lib/reading/shownValue.js';

interface UnwrapOptions {
  readonly jwks: JwksSource | undefined;
  readonly decryptionKeys: ReadonlyMap<string, KeyObject>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

interface UnwrappedBody {
  readonly payloadType: 'jwt' | 'jwe';
  readonly bytes: Uint8Array;
}

/** The sender's algorithms. Listed here, never taken from the token, so that neither `none` nor HS256 is accepted. */
const signatureAlgorithms = ['EdDSA', 'Ed25519', 'RS256'];
const decryption = {
  keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES+A256KW'],
  contentEncryptionAlgorithms: ['A256GCM'],
};

/** Reads bodies that are a compact JWS, or a compact JWE of one. Loads jose only for those, not for json. */
export function createUnwrap({
  jwks,
  decryptionKeys,
  now,
}: UnwrapOptions): (body: string) => Promise<UnwrappedBody> {
  let lookup: CompactVerifyGetKey | undefined;
  return async (body) => {
    const jose = await import('jose');
    if (jwks === undefined)
      throw new InvalidSignatureError(
        'unknown-key',
        'the body is a jwt or a jwe, and this receiver has no jwks to verify it with; give it the public keys of the sender',
      );
    lookup ??= jwksLookup(jose, jwks, now);
    if (body.split('.', 6).length !== 5)
      return { payloadType: 'jwt', bytes: await verify(jose, body, lookup) };
    const nested = await decrypt(jose, body, decryptionKeys);
    return { payloadType: 'jwe', bytes: await verify(jose, nested, lookup) };
  };
}

async function decrypt(
  jose: typeof Jose,
  body: string,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<string> {
  try {
    const { plaintext } = await jose.compactDecrypt(body, keyOf(keys), decryption);
    return Buffer.from(plaintext).toString('latin1');
  } catch (error) {
    throw typed('jwe', 'the jwe does not decrypt', error);
  }
}

const keyOf =
  (keys: ReadonlyMap<string, KeyObject>) =>
  ({ kid = '' }: CompactJWEHeaderParameters): KeyObject => {
    const key = keys.get(kid);
    if (key !== undefined) return key;
    throw new InvalidSignatureError(
      'unknown-key',
      `the jwe is encrypted to key ${shownValue(kid)}, which decryptionKeys does not hold`,
    );
  };

async function verify(jose: typeof Jose, body: string, lookup: CompactVerifyGetKey): Promise<Uint8Array> {
  try {
    return (await jose.compactVerify(body, lookup, { algorithms: signatureAlgorithms })).payload;
  } catch (error) {
    throw typed('jwt', 'the jwt does not verify', error);
  }
}

const typed = (reason: 'jwt' | 'jwe', message: string, cause: unknown): InvalidSignatureError =>
  cause instanceof InvalidSignatureError ? cause : new InvalidSignatureError(reason, message, { cause });
