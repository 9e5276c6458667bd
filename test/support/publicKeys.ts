import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';

export interface KeyPair {
  /** The key as a target gets it. */
  readonly pem: string;
  readonly privateKey: KeyObject;
}

const pair = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): KeyPair => ({
  pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  privateKey,
});

const drawn: KeyPairKeyObjectResult[] = [];

/**
 * An RSA pair of this process. Drawing a pair takes long, so tests share pairs, and use another place for another key.
 */
export const rsaKeyPair = (place = 0): KeyPairKeyObjectResult =>
  (drawn[place] ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));

export const rsaPair = (place = 0): KeyPair => pair(rsaKeyPair(place));
export const ecPair = (namedCurve = 'P-256'): KeyPair => pair(generateKeyPairSync('ec', { namedCurve }));

/** Signs jwt and jwe payloads. */
export const jwtKeysOptions = () => ({
  activeKeyID: 'signer',
  keys: { signer: generateKeyPairSync('ed25519').privateKey },
});
