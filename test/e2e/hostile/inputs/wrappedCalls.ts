import { generateKeyPairSync } from 'node:crypto';
import { createReceiver } from '../../../../src/receiver/receiver.js';
import { createJwtKeys } from '../../../../src/signing/jwtKeys.js';
import { drawKey, now, signedCall } from '../../../receiver/support.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const key = drawKey();
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const { jwks } = createJwtKeys({ activeKeyID: 'ed', keys: { ed: ed25519 } });
const receiver = createReceiver({
  signingKeys: [key],
  now: () => now,
  jwks: jwks(),
  decryptionKeys: { reader: rsa },
});
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** A body whose webhook signature is right, so that the envelope is opened. */
const body = (textOf: (n: number) => string): GrowingInput => ({
  n: 200_000,
  prepare(n) {
    const call = signedCall([key], textOf(n));
    return () => receiver.read(call);
  },
});

const jwsHeader = encoded('{"alg":"EdDSA","kid":"ed"}');
const jweHeader = encoded('{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"reader","cty":"JWT"}');

export const inputs: GrowingInputs = {
  'a JWT of a long payload': body((n) => `${jwsHeader}.${'e'.repeat(n)}.${'A'.repeat(86)}`),
  'a JWT of a long signature': body((n) => `${jwsHeader}.e30.${'A'.repeat(n)}`),
  'a JWT whose header nests': body((n) => `${encoded(`{"alg":${'['.repeat(n)}`)}.e30.AAAA`),
  'a JWT whose header has many members': body(
    (n) => `${encoded(`{${'"a":1,'.repeat(n / 4)}"alg":"EdDSA","kid":"ed"}`)}.e30.AAAA`,
  ),
  'a JWE of a long key': body((n) => `${jweHeader}.${'A'.repeat(n)}.AAAA.AAAA.AAAA`),
  'a JWE of a long text': body((n) => `${jweHeader}.${'A'.repeat(342)}.AAAA.${'A'.repeat(n)}.AAAA`),
  'a JWE whose header nests': body((n) => `${encoded(`{"alg":${'{"a":'.repeat(n)}`)}.A.A.A.A`),
  'parts of a JWE without an end': body((n) => `${jweHeader}${'.A'.repeat(n)}`),
};
