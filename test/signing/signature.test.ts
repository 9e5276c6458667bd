import { expect } from 'chai';
import fc from 'fast-check';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';

import { InvalidArgumentError } from '../../src/errors.js';
import { HmacKey } from '../../src/signing/hmacKey.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import {
  generateEd25519SigningKey,
  generateSigningKey,
  prepareSigningKey,
  prepareVerificationKey,
  type HmacSigningKey,
} from '../../src/signing/signingKey.js';
import { ed25519Vector, standardVectors, zitadelVectors } from '../support/signatureVectors.js';

/** Keys of the published vectors may be any string, which the parser refuses, so these bypass the parser. */
const anyKey = (text: string): HmacSigningKey => ({
  kind: 'hmac',
  text: new HmacKey(Buffer.from(text)),
  bytes: new HmacKey(Buffer.from(text)),
});

const { id, t: timestampSeconds, body, privateKey, publicKey } = ed25519Vector;
const message = { id, timestampSeconds, body };

describe('signature', () => {
  describe('zitadel-signature', () => {
    for (const { key, t, body, v1 } of zitadelVectors) {
      it(`signs ${JSON.stringify(body)} at ${t} with ${key}`, () => {
        for (const bytes of [body, Buffer.from(body)]) {
          const headers = signatureHeaders([anyKey(key)], { id: 'msg_1', timestampSeconds: t, body: bytes });
          expect(headers['zitadel-signature']).to.equal(`t=${t},v1=${v1}`);
        }
      });
    }

    it('carries one v1 for each key, in their order', () => {
      const [first, second] = zitadelVectors;
      if (first === undefined || second === undefined) throw new Error('the vectors are gone');
      const headers = signatureHeaders([anyKey(first.key), anyKey(second.key)], {
        id: 'msg_1',
        timestampSeconds: first.t,
        body: first.body,
      });
      expect(headers['zitadel-signature']).to.equal(`t=${first.t},v1=${first.v1},v1=${second.v1}`);
    });
  });

  describe('Standard Webhooks', () => {
    for (const { secret, id, t, body, v1 } of standardVectors) {
      it(`signs ${id}`, () => {
        const headers = signatureHeaders([prepareSigningKey(secret)], { id, timestampSeconds: t, body });
        expect(headers).to.include({ 'webhook-id': id, 'webhook-timestamp': String(t) });
        expect(headers['webhook-signature']).to.equal(`v1,${v1}`);
      });
    }

    it('uses the decoded bytes as the key, never the text of the secret', () => {
      const headers = signatureHeaders(
        [prepareSigningKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')],
        message,
      );
      expect(headers['webhook-signature']).not.to.contain('ELhqG0Ku1gwOc1f4jyKdp3SFGFLAOdJ9bvpWLciCakI=');
    });

    it('adds v1a for an ed25519 key, as the Svix test suite does', () => {
      const hmac = prepareSigningKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
      const headers = signatureHeaders([hmac, prepareSigningKey(privateKey)], message);
      expect(headers['webhook-signature']).to.equal(
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= ' + `v1a,${ed25519Vector.v1a}`,
      );
      expect(headers['zitadel-signature'].match(/v1=/g)).to.have.length(1);
    });

    it('is accepted by the standardwebhooks package with either key while a key is rotated', () => {
      fc.assert(
        fc.property(fc.json(), (body) => {
          const [old, current] = [generateSigningKey(randomBytes), generateSigningKey(randomBytes)];
          const timestampSeconds = Math.floor(Date.now() / 1000);
          const headers = signatureHeaders([old, current].map(prepareSigningKey), {
            id: 'msg_1',
            timestampSeconds,
            body,
          });
          for (const key of [old, current])
            expect(new Webhook(key).verify(body, { ...headers })).to.deep.equal(JSON.parse(body));
          expect(() => new Webhook(generateSigningKey(randomBytes)).verify(body, { ...headers })).to.throw();
        }),
        { numRuns: 50 },
      );
    });
  });

  describe('refuses to send', () => {
    const key = prepareSigningKey(generateSigningKey(randomBytes));
    const table: readonly [string, () => unknown][] = [
      ['without a key', () => signatureHeaders([], message)],
      ['with an ed25519 key alone', () => signatureHeaders([prepareSigningKey(privateKey)], message)],
      ['an id with a dot', () => signatureHeaders([key], { ...message, id: 'msg.1' })],
      ['an empty id', () => signatureHeaders([key], { ...message, id: '' })],
      ['an id that breaks the header', () => signatureHeaders([key], { ...message, id: 'msg\r\nx: y' })],
      ['a fraction of a second', () => signatureHeaders([key], { ...message, timestampSeconds: 1.5 })],
      ['a time before the epoch', () => signatureHeaders([key], { ...message, timestampSeconds: -1 })],
      ['NaN', () => signatureHeaders([key], { ...message, timestampSeconds: NaN })],
    ];
    for (const [name, act] of table) it(name, () => expect(act).to.throw(InvalidArgumentError));
  });
});

describe('signing keys', () => {
  it('are whsec_ and the standard base64 of 32 bytes', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    expect(generateSigningKey(() => bytes)).to.equal(`whsec_${bytes.toString('base64')}`);
    expect(generateSigningKey(randomBytes)).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('of ed25519 are a pair of which either half verifies the other', () => {
    const pair = generateEd25519SigningKey(randomBytes);
    const prepared = prepareSigningKey(pair.privateKey);
    if (prepared.kind !== 'ed25519') throw new Error('not ed25519');
    const verificationKey = prepareVerificationKey(pair.publicKey);
    expect(verificationKey.equals(createPublicKey(prepared.privateKey))).to.equal(true);
    const hmac = prepareSigningKey(generateSigningKey(randomBytes));
    const headers = signatureHeaders([prepared, hmac], message);
    const signature = Buffer.from(headers['webhook-signature'].slice(4, 92), 'base64');
    const signed = Buffer.from(`${message.id}.${message.timestampSeconds}.${message.body}`);
    expect(verify(null, signed, verificationKey, signature)).to.equal(true);
  });

  const half = Buffer.alloc(16, 7).toString('base64');
  const refused: readonly string[] = [
    '',
    'whsec_',
    'whsec_ ',
    `whsec_${half}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n',
    `whsec_${Buffer.alloc(32, 0xff).toString('base64url')}`,
    `whsec_${Buffer.alloc(32, 7).toString('base64').replace('=', '')}`,
    `whsec_${'A'.repeat(42)}B=`,
    'v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsk_',
    `whsk_${Buffer.alloc(32, 7).toString('base64')}`,
    `whsk_${Buffer.alloc(64, 7).toString('base64')}`,
    publicKey,
  ];
  for (const key of refused) {
    it(`refuses ${JSON.stringify(key)} without showing it`, () => {
      expect(() => prepareSigningKey(key)).to.throw(InvalidArgumentError);
      try {
        prepareSigningKey(key);
      } catch (error) {
        const secret = key.replace(/^\w+_/, '').trim();
        if (secret.length > 4) expect(inspect(error)).not.to.contain(secret);
      }
    });
  }

  it('refuses a public key of the wrong kind or length', () => {
    for (const key of ['whpk_', `whpk_${half}`, privateKey, ''])
      expect(() => prepareVerificationKey(key)).to.throw(InvalidArgumentError);
  });

  it('show nothing of themselves when inspected', () => {
    const key = generateSigningKey(randomBytes);
    const prepared = prepareSigningKey(key);
    const shown = inspect(prepared, { depth: 9, showHidden: true }) + JSON.stringify(prepared);
    expect(shown).not.to.contain(key.slice(6));
  });
});
