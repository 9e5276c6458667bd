import { createSecretKey, type KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../../errors.js';
import { decodeBase64, prepareVerificationKey, signingKeyPrefix } from '../../signing/signingKey.js';

/** Everything a receiver verifies with, parsed once. */
export interface VerificationKeys {
  /** For `zitadel-signature`. */
  readonly text: readonly KeyObject[];
  /** For `v1` of Standard Webhooks. */
  readonly bytes: readonly KeyObject[];
  /** For `v1a` of Standard Webhooks. */
  readonly ed25519: readonly KeyObject[];
}

/** A shorter text without a prefix is a password that happens to be base64, not a key of Standard Webhooks. */
const leastBareBytes = 24;

/**
 * Parses keys as liberally as receivers have to: `whsec_...`, the same as Supabase shows it (`v1,whsec_...`) or without its
 * prefix, `whpk_...` for ed25519, and any other text for ZITADEL's header alone.
 *
 * @throws {@link InvalidArgumentError} for an empty key or list, and for a private ed25519 key
 */
export function prepareVerificationKeys(keys: readonly string[]): VerificationKeys {
  const text = new Set<string>();
  const bytes: Buffer[] = [];
  const ed25519: KeyObject[] = [];
  for (const given of keys) {
    if (typeof given !== 'string' || given.trim() === '')
      throw new InvalidArgumentError('a signing key is empty');
    const key = given.trim().replace(/^v1a?,(?=wh)/, '');
    if (key.startsWith(signingKeyPrefix.privateKey))
      throw new InvalidArgumentError('whsk_ is a private key: a receiver needs only its public half, whpk_');
    if (key.startsWith(signingKeyPrefix.publicKey)) {
      ed25519.push(prepareVerificationKey(key));
      continue;
    }
    text.add(key);
    const prefixed = key.startsWith(signingKeyPrefix.secret);
    const decoded = decodeBase64(prefixed ? key.slice(signingKeyPrefix.secret.length) : key);
    if (prefixed && (decoded === undefined || decoded.length === 0))
      throw new InvalidArgumentError(
        'a signing key has to be whsec_ and standard base64: this one is not complete',
      );
    if (decoded === undefined || (!prefixed && decoded.length < leastBareBytes)) continue;
    bytes.push(decoded);
    if (!prefixed) text.add(signingKeyPrefix.secret + key);
  }
  if (text.size === 0 && ed25519.length === 0)
    throw new InvalidArgumentError('a receiver needs at least one key in signingKeys');
  return {
    text: [...text].map((key) => createSecretKey(key, 'utf8')),
    bytes: bytes.map((key) => createSecretKey(key)),
    ed25519,
  };
}
