import { compactDecrypt, compactVerify, errors, type CompactVerifyGetKey } from 'jose';
import type { KeyObject } from 'node:crypto';

import { InvalidSignatureError } from '../errors.js';
import { jwksLookup, type JwksSource } from './jwksLookup.js';

export interface UnwrapOptions {
  readonly jwks: JwksSource | undefined;
  readonly decryptionKeys: ReadonlyMap<string, KeyObject>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

export interface UnwrappedBody {
  readonly payloadType: 'jwt' | 'jwe';
  readonly bytes: Uint8Array;
}

/** What the sender signs with. Named here, never taken from the token, so that neither `none` nor HS256 gets through. */
const signatureAlgorithms = ['EdDSA', 'Ed25519', 'RS256'];
const decryption = {
  keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES+A256KW'],
  contentEncryptionAlgorithms: ['A256GCM'],
};

/**
 * Reads bodies that are a compact JWS, or a compact JWE of one. The only file of the receiver that loads jose: it is
 * imported when the first such body comes.
 */
export function createUnwrap(options: UnwrapOptions): (body: string) => Promise<UnwrappedBody> {
  const lookup = options.jwks === undefined ? undefined : jwksLookup(options.jwks, options.now);
  return async (body) => {
    if (body.split('.').length !== 5) return { payloadType: 'jwt', bytes: await verify(body, lookup) };
    const nested = await decrypt(body, options.decryptionKeys);
    return { payloadType: 'jwe', bytes: await verify(nested, lookup) };
  };
}

async function decrypt(body: string, keys: ReadonlyMap<string, KeyObject>): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(
      body,
      ({ kid = '' }) => {
        const key = keys.get(kid);
        if (key !== undefined) return key;
        throw new InvalidSignatureError(
          'unknown-key',
          `the jwe is encrypted to key ${shown(kid)}, which decryptionKeys does not hold`,
        );
      },
      decryption,
    );
    return Buffer.from(plaintext).toString('latin1');
  } catch (error) {
    throw typed('jwe', 'the jwe does not decrypt', error);
  }
}

async function verify(body: string, lookup: CompactVerifyGetKey | undefined): Promise<Uint8Array> {
  if (lookup === undefined)
    throw new InvalidSignatureError(
      'unknown-key',
      'the body is a jwt, and this receiver has no jwks to verify it with; give it the public keys of the sender',
    );
  try {
    const { payload } = await compactVerify(body, lookup, { algorithms: signatureAlgorithms });
    return payload;
  } catch (error) {
    throw typed('jwt', 'the jwt does not verify', error);
  }
}

function typed(reason: 'jwt' | 'jwe', message: string, cause: unknown): InvalidSignatureError {
  if (cause instanceof InvalidSignatureError) return cause;
  if (cause instanceof errors.JWKSNoMatchingKey)
    return new InvalidSignatureError('unknown-key', `${message}: jwks does not hold its key`, { cause });
  if (cause instanceof errors.JWKSTimeout || (reason === 'jwt' && !(cause instanceof errors.JOSEError)))
    return new InvalidSignatureError('jwks-unavailable', `${message}: its keys cannot be loaded`, { cause });
  return new InvalidSignatureError(reason, message, { cause });
}

/** A `kid` is the text of somebody else. */
const shown = (kid: unknown): string => JSON.stringify(kid).slice(0, 100);
