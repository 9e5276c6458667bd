import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';

export interface KeyPair {
  /** What a target is given. */
  readonly pem: string;
  readonly privateKey: KeyObject;
}

const pair = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): KeyPair => ({
  pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  privateKey,
});

const drawn: KeyPairKeyObjectResult[] = [];

/** An RSA pair of this process. To draw one takes long: tests share them, and ask for another place where keys differ. */
export const rsaKeyPair = (place = 0): KeyPairKeyObjectResult =>
  (drawn[place] ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));

export const rsaPair = (place = 0): KeyPair => pair(rsaKeyPair(place));
export const ecPair = (namedCurve = 'P-256'): KeyPair => pair(generateKeyPairSync('ec', { namedCurve }));

/** Signs jwt and jwe payloads. */
export const jwtKeysOptions = () => ({
  activeKeyID: 'signer',
  keys: { signer: generateKeyPairSync('ed25519').privateKey },
});
