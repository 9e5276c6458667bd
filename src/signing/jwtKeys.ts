import { CompactSign, type JSONWebKeySet, type JWK } from 'jose';
import { createPublicKey, type KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';
import { membersOf, readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { shownValue } from '../lib/reading/shownValue.js';
import { parsePrivateKey, unacceptableKey, type PrivateKeyInput } from './privateKey.js';
import { rsaBits } from './publicKey.js';
import { shownText } from '../lib/shown/shownText.js';

/** The keys that sign payloads of type `jwt` and `jwe`. */
export interface JwtKeysOptions {
  /** The key that signs; the public halves of the others stay in {@link JwtKeys.jwks} for receivers that still need them. */
  readonly activeKeyID: string;
  /** Private keys by id (`kid`): ed25519, or RSA of 2048 to 8192 bits; as PEM, JWK or `KeyObject`. */
  readonly keys: Readonly<Record<string, PrivateKeyInput>>;
}

/** Signs payloads as JSON Web Signatures. Exposes public halves only. */
export interface JwtKeys {
  /** The id of the key that signs. */
  readonly activeKeyID: string;
  /** A compact JWS whose payload is exactly these bytes; a string is signed as UTF-8. @throws {@link InvalidArgumentError} */
  sign(payload: string | Uint8Array): Promise<string>;
  /** The public halves, for a handler that receivers can read. */
  jwks(): JSONWebKeySet;
}

const optionNames: OptionNames<JwtKeysOptions> = { activeKeyID: true, keys: true };

type SigningAlgorithm = 'EdDSA' | 'RS256';

interface JwtKey {
  readonly algorithm: SigningAlgorithm;
  readonly key: KeyObject;
}

/**
 * Parses the keys that sign `jwt` and `jwe` payloads: `EdDSA` (RFC 8037) for ed25519, `RS256` for RSA.
 *
 * @throws {@link InvalidArgumentError} for an active id without a key, and for a key that is not one of these
 */
export function createJwtKeys(options: JwtKeysOptions): JwtKeys {
  const { activeKeyID, keys: given } = readOptions(options, optionNames, 'jwtKeys');
  const keys = new Map(membersOf(given, 'the keys of jwtKeys').map(([id, key]) => [id, parseKey(id, key)]));
  const active = keys.get(activeKeyID);
  if (active === undefined)
    throw new InvalidArgumentError(
      `jwtKeys has no key ${shownValue(activeKeyID)}, which activeKeyID names; add it to keys; nothing was opened`,
    );
  const header = { alg: active.algorithm, kid: activeKeyID, typ: 'JWT' };
  const published = [...keys].map(([kid, { key, algorithm }]) => ({
    ...(createPublicKey(key).export({ format: 'jwk' }) as JWK),
    kid,
    alg: algorithm,
    use: 'sig',
  }));

  return {
    activeKeyID,
    sign: (payload) =>
      new CompactSign(typeof payload === 'string' ? Buffer.from(payload) : payload)
        .setProtectedHeader(header)
        .sign(active.key),
    jwks: () => ({ keys: published.map((key) => ({ ...key })) }),
  };
}

function parseKey(id: string, given: PrivateKeyInput): JwtKey {
  if (!/^[\x21-\x7e]{1,200}$/.test(id))
    throw new InvalidArgumentError(
      `the id of a jwt key has to be 1 to 200 visible ASCII characters, not ${shownValue(id)}; nothing was opened`,
    );
  const name = `the jwt key ${shownText(id)}`;
  const key = parsePrivateKey(name, given);
  if (key.asymmetricKeyType === 'ed25519') return { algorithm: 'EdDSA', key };
  if (key.asymmetricKeyType !== 'rsa')
    throw unacceptableKey(
      name,
      `it has to be ed25519 or RSA, not ${key.asymmetricKeyType ?? 'something else'}`,
    );
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < rsaBits.minimum || bits > rsaBits.maximum)
    throw unacceptableKey(
      name,
      `an RSA key has to have ${rsaBits.minimum} to ${rsaBits.maximum} bits, not ${bits}`,
    );
  return { algorithm: 'RS256', key };
}
