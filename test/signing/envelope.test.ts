import { expect } from 'chai';
import fc from 'fast-check';
import { compactDecrypt, compactVerify, createLocalJWKSet } from 'jose';
import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { wrapBody, type Envelope } from '../../src/signing/envelope.js';
import { createJwtKeys } from '../../src/signing/jwtKeys.js';
import { preparePublicKey } from '../../src/signing/publicKey.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import { generateSigningKey, prepareSigningKey } from '../../src/signing/signingKey.js';
import { anyCharacter } from '../fuzz/anyCharacter.js';
import { rsaKeyPair } from '../support/publicKeys.js';

const signers = {
  EdDSA: generateKeyPairSync('ed25519').privateKey,
  RS256: rsaKeyPair().privateKey,
};
const recipients = [
  ['RSA-OAEP-256', rsaKeyPair(1)],
  ['ECDH-ES+A256KW', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['ECDH-ES+A256KW', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
] as const;
const read = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('envelope', () => {
  it('json is the body itself, without a promise', () => {
    expect(wrapBody({ payloadType: 'json' }, '{"a":1}')).to.equal('{"a":1}');
  });

  for (const [algorithm, key] of Object.entries(signers)) {
    const jwtKeys = createJwtKeys({ activeKeyID: 'signer', keys: { signer: key } });

    it(`jwt by ${algorithm} carries exactly the bytes, read by jose alone`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: anyCharacter }), async (body) => {
          const jws = await wrapBody({ payloadType: 'jwt', jwtKeys }, body);
          const verified = await compactVerify(jws, createLocalJWKSet(jwtKeys.jwks()), {
            algorithms: [algorithm],
          });
          expect(Buffer.from(verified.payload).equals(Buffer.from(body))).to.equal(true);
        }),
        { numRuns: 30 },
      );
    });

    for (const [agreement, pair] of recipients) {
      it(`jwe by ${agreement} of a ${algorithm} JWS is read by jose alone`, async () => {
        const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
        const envelope: Envelope = {
          payloadType: 'jwe',
          jwtKeys,
          recipient: preparePublicKey('reader', pem),
        };
        const body = JSON.stringify({ content: 'x'.repeat(100_000), é: '✓' });
        const jwe = await wrapBody(envelope, body);
        const { plaintext, protectedHeader } = await compactDecrypt(jwe, pair.privateKey);
        expect(protectedHeader).to.include({ alg: agreement, enc: 'A256GCM', kid: 'reader', cty: 'JWT' });
        const { payload } = await compactVerify(read(plaintext), createLocalJWKSet(jwtKeys.jwks()));
        expect(read(payload)).to.equal(body);
        expect(await wrapBody(envelope, body)).not.to.equal(jwe);
      });
    }
  }

  it('of every kind is a header-safe ASCII text, signed like any other body', async () => {
    const jwtKeys = createJwtKeys({ activeKeyID: 'signer', keys: { signer: signers.EdDSA } });
    const body = await wrapBody({ payloadType: 'jwt', jwtKeys }, '{"é":1}');
    expect(body).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const key = prepareSigningKey(generateSigningKey(randomBytes));
    const headers = signatureHeaders([key], { id: 'msg_1', timestampSeconds: 1, body });
    expect(headers['zitadel-signature']).to.match(/^t=1,v1=[0-9a-f]{64}$/);
  });
});
