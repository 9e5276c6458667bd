import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { wrapBody } from '../../src/signing/envelope.js';
import { createJwtKeys } from '../../src/signing/jwtKeys.js';
import { preparePublicKey } from '../../src/signing/publicKey.js';
import { createReceiver, type IncomingCall } from '../../src/receiver/receiver.js';
import { rsaKeyPair } from '../support/publicKeys.js';
import { drawKey, now, refusal, requestBody, signedCall } from './support.js';

describe('receiver secrets', () => {
  it('are in no error, inspect or JSON, and neither is a right signature', async () => {
    const key = drawKey();
    const raw = Buffer.from(key.slice(6), 'base64');
    const reader = rsaKeyPair();
    const signer = generateKeyPairSync('ed25519');
    const readerPem = reader.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const jwtKeys = createJwtKeys({ activeKeyID: 'k1', keys: { k1: signer.privateKey } });
    const publicPem = reader.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const recipient = preparePublicKey('reader', publicPem);
    const receiver = createReceiver({
      signingKeys: [key],
      now: () => now,
      jwks: jwtKeys.jwks(),
      decryptionKeys: { reader: readerPem },
    });
    const good = signedCall([key], requestBody);
    const jwe = await wrapBody({ payloadType: 'jwe', jwtKeys, recipient }, requestBody);
    const hostile: readonly IncomingCall[] = [
      { ...good, body: `${requestBody} ` },
      { ...good, headers: { ...good.headers, 'webhook-id': 'msg_2' } },
      { ...good, headers: { 'webhook-signature': good.headers['webhook-signature'] } },
      { ...good, headers: { 'zitadel-signature': 'x' } },
      { ...good, headers: {} },
      { ...good, body: {} as string },
      signedCall([key], requestBody, { at: now - 1_000_000 }),
      signedCall([key], 'not json'),
      signedCall([key], jwe.slice(0, -2)),
      signedCall([key], await jwtKeys.sign('[]')),
      signedCall([key], requestBody, { headers: { 'actions-depth': 'x' } }),
    ];
    const outputs = [inspect(receiver, { depth: 9, showHidden: true }), JSON.stringify(receiver)];
    for (const call of hostile) {
      const error = await refusal(receiver, call);
      outputs.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.message);
    }
    for (const bad of [`${key}=`, key.slice(0, -2), `whsk_${key.slice(6)}`])
      try {
        createReceiver({ signingKeys: [bad] });
        expect.fail('was accepted');
      } catch (error) {
        outputs.push(inspect(error, { depth: 9, showHidden: true }));
      }

    const signatures = Object.values(good.headers).filter((value) => /v1[=,]/.test(value));
    const secrets = [
      key.slice(6, -2),
      raw.toString('hex'),
      raw.toString('base64url'),
      raw.toString('latin1'),
      readerPem.split('\n')[5] ?? '',
      reader.privateKey.export({ format: 'jwk' }).d ?? '',
      signer.privateKey.export({ format: 'jwk' }).d ?? '',
      ...signatures.map((value) => value.slice(value.indexOf('v1') + 3)),
    ];
    expect(secrets).to.have.length(9);
    for (const secret of secrets) {
      expect(secret.length).to.be.above(30);
      for (const output of outputs) expect(output.includes(secret), output).to.equal(false);
    }
  });
});
