import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';
import { drawBytes } from '../lib/reading/drawBytes.js';
import { requireFunction } from '../lib/reading/reading.js';
import { HmacKey } from './hmacKey.js';

/** Prefixes of signing keys: HMAC secret, ed25519 private key, ed25519 public key (Standard Webhooks 1.0.0). */
export const signingKeyPrefix = { secret: 'whsec_', privateKey: 'whsk_', publicKey: 'whpk_' } as const;

/** An HMAC key, parsed once: both schemes take the same string as their key, in different encodings. */
export interface HmacSigningKey {
  readonly kind: 'hmac';
  /** The UTF-8 bytes of the whole string, for `zitadel-signature`. */
  readonly text: HmacKey;
  /** The decoded bytes, for Standard Webhooks. */
  readonly bytes: HmacKey;
}

/** An ed25519 key for `v1a` signatures of Standard Webhooks. */
interface Ed25519SigningKey {
  readonly kind: 'ed25519';
  readonly privateKey: KeyObject;
}

export type PreparedSigningKey = HmacSigningKey | Ed25519SigningKey;

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of padded standard base64 in its canonical spelling, else `undefined`. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!base64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Draws an HMAC signing key: `whsec_` and the standard base64 of 32 random bytes. */
export function generateSigningKey(randomBytes: (size: number) => Uint8Array): string {
  return signingKeyPrefix.secret + Buffer.from(randomBytes(32)).toString('base64');
}

/**
 * Draws an ed25519 key pair: `whsk_` (seed and public key, 64 bytes) for the sender, `whpk_` (32 bytes) for receivers.
 *
 * @param random - where the seed comes from; by default the system's generator
 */
export function generateEd25519SigningKey(random: (size: number) => Uint8Array = randomBytes): {
  readonly privateKey: string;
  readonly publicKey: string;
} {
  requireFunction(random, 'random');
  const seed = Buffer.from(drawBytes(random, 32, 'random', 'no key was made'));
  const publicKey = rawPublicKey(ed25519PrivateKey(seed));
  return {
    privateKey: signingKeyPrefix.privateKey + Buffer.concat([seed, publicKey]).toString('base64'),
    publicKey: signingKeyPrefix.publicKey + publicKey.toString('base64'),
  };
}

/**
 * Parses a signing key once, so that a call does not. Strict, as senders have to be: `whsec_` and standard base64 of 24
 * to 64 bytes, or `whsk_` and 64 bytes.
 *
 * @throws {@link InvalidArgumentError}; the message never shows the key
 */
export function prepareSigningKey(key: string): PreparedSigningKey {
  if (key.startsWith(signingKeyPrefix.secret)) {
    const bytes = decodeBase64(key.slice(signingKeyPrefix.secret.length));
    if (bytes === undefined || bytes.length < 24 || bytes.length > 64) {
      throw new InvalidArgumentError(
        'a signing key has to be whsec_ and the standard base64 of 24 to 64 bytes; nothing was signed: generate one with targets.rotateSigningKey',
      );
    }
    return { kind: 'hmac', text: new HmacKey(Buffer.from(key)), bytes: new HmacKey(bytes) };
  }
  if (key.startsWith(signingKeyPrefix.privateKey)) {
    const bytes = decodeBase64(key.slice(signingKeyPrefix.privateKey.length));
    const privateKey = bytes?.length === 64 ? ed25519PrivateKey(bytes.subarray(0, 32)) : undefined;
    if (
      bytes === undefined ||
      privateKey === undefined ||
      !rawPublicKey(privateKey).equals(bytes.subarray(32))
    ) {
      throw new InvalidArgumentError(
        'an ed25519 signing key has to be whsk_ and the standard base64 of 64 bytes: the seed and the public key that belongs to it; nothing was signed',
      );
    }
    return { kind: 'ed25519', privateKey };
  }
  throw new InvalidArgumentError(
    'a signing key has to begin with whsec_ or, for ed25519, with whsk_; nothing was signed',
  );
}

/** Parses an ed25519 key that signs. @throws {@link InvalidArgumentError} for anything else; the message never shows it */
export function prepareEd25519SigningKey(key: string): Ed25519SigningKey {
  const prepared = prepareSigningKey(key);
  if (prepared.kind === 'ed25519') return prepared;
  throw new InvalidArgumentError(
    'an ed25519 signing key has to begin with whsk_; nothing was signed: generate one with generateEd25519SigningKey',
  );
}

/** The public half that receivers are given: `whpk_` and the standard base64 of 32 bytes. */
export const verificationKeyOf = ({ privateKey }: Ed25519SigningKey): string =>
  signingKeyPrefix.publicKey + rawPublicKey(privateKey).toString('base64');

/** Parses the public half that receivers are given: `whpk_` and the standard base64 of 32 bytes. */
export function prepareVerificationKey(key: string): KeyObject {
  const bytes = key.startsWith(signingKeyPrefix.publicKey)
    ? decodeBase64(key.slice(signingKeyPrefix.publicKey.length))
    : undefined;
  if (bytes?.length !== 32) {
    throw new InvalidArgumentError(
      'an ed25519 verification key has to be whpk_ and the standard base64 of 32 bytes',
    );
  }
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
  });
}

/** RFC 8410: the prefix of the PKCS #8 form of an ed25519 key, before the 32 bytes of its seed. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  return Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');
}
