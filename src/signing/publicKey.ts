import { createPublicKey, hash, type KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';

/** How the content encryption key is encrypted to the holder of a public key (RFC 7518 section 4). */
type KeyAgreement = 'RSA-OAEP-256' | 'ECDH-ES+A256KW';

interface PublicKeyDescription {
  readonly algorithm: KeyAgreement;
  /** `SHA256:` and the unpadded base64 of the SHA-256 of the DER form: OpenSSL computes the same, OpenSSH spells it so. */
  readonly fingerprint: string;
}

/** A target's public key, parsed once: importing it costs too much for each call. */
export interface PreparedPublicKey extends PublicKeyDescription {
  readonly keyID: string;
  readonly key: KeyObject;
}

/** The bits of an RSA key. A larger key would slow every call down. */
export const rsaBits = { minimum: 2048, maximum: 8192 } as const;

const longestPem = 8_192;
const singlePublicKey = /^\s*-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * Reads a public key that payloads can be encrypted to: one PEM block of a SubjectPublicKeyInfo (`BEGIN PUBLIC KEY`),
 * RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521.
 *
 * @throws {@link InvalidArgumentError} for any other text, a private key or a certificate included; the message never
 *   shows the text
 */
export function inspectPublicKey(pem: string): PublicKeyDescription {
  const { algorithm, fingerprint } = preparePublicKey('', pem);
  return { algorithm, fingerprint };
}

/** The same key with its id, for {@link wrapBody}. */
export function preparePublicKey(keyID: string, pem: string): PreparedPublicKey {
  if (pem.includes('PRIVATE KEY'))
    throw refused('this is a private key: keep it, and give its public half (openssl pkey -pubout)');
  // OpenSSL would also read a certificate, or derive the public half of a private key.
  if (pem.length > longestPem || !singlePublicKey.test(pem))
    throw refused('it has to be one PEM block that begins with -----BEGIN PUBLIC KEY-----');
  const key = parse(pem);
  const der = key.export({ format: 'der', type: 'spki' });
  const fingerprint = `SHA256:${unpadded(hash('sha256', der, 'base64'))}`;
  return { keyID, key, algorithm: keyAgreement(key), fingerprint };
}

/** Base64 ends with at most two padding characters. */
const unpadded = (base64: string): string => base64.replace(/={1,2}$/, '');

function parse(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw refused('its bytes do not parse as a public key');
  }
}

function keyAgreement({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyAgreement {
  if (asymmetricKeyType === 'rsa') {
    const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
    if (modulusLength < rsaBits.minimum || modulusLength > rsaBits.maximum)
      throw refused(
        `an RSA key has to have ${rsaBits.minimum} to ${rsaBits.maximum} bits, not ${modulusLength}`,
      );
    if (publicExponent < 3n || publicExponent % 2n === 0n)
      throw refused('the public exponent of an RSA key has to be odd and at least 3');
    return 'RSA-OAEP-256';
  }
  if (asymmetricKeyType === 'ec') {
    const curve = asymmetricKeyDetails?.namedCurve;
    if (!curves.has(curve))
      throw refused(
        `an EC key has to be on P-256, P-384 or P-521, not on ${curve ?? 'a curve without a name'}`,
      );
    return 'ECDH-ES+A256KW';
  }
  throw refused(`it has to be RSA or EC, not ${asymmetricKeyType ?? 'something else'}`);
}

const refused = (why: string): InvalidArgumentError =>
  new InvalidArgumentError(`this public key is not acceptable: ${why}; nothing was written`);
