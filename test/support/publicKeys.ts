import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface KeyPair {
  /** What a target is given. */
  readonly pem: string;
  readonly privateKey: KeyObject;
}

const pair = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): KeyPair => ({
  pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  privateKey,
});

export const rsaPair = (): KeyPair => pair(generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const ecPair = (namedCurve = 'P-256'): KeyPair => pair(generateKeyPairSync('ec', { namedCurve }));

/** Signs jwt and jwe payloads. */
export const jwtKeysOptions = () => ({
  activeKeyID: 'signer',
  keys: { signer: generateKeyPairSync('ed25519').privateKey },
});
