import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { InvalidArgumentError } from '../../../src/errors.js';
import { inspectPublicKey, preparePublicKey } from '../../../src/signing/publicKey.js';

const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).publicKey;

describe('public keys of targets', () => {
  it('are RSA or EC, and say which algorithm a key takes', () => {
    expect(inspectPublicKey(pem(rsa.publicKey)).algorithm).to.equal('RSA-OAEP-256');
    for (const curve of ['P-256', 'P-384', 'P-521'])
      expect(inspectPublicKey(pem(ec(curve))).algorithm, curve).to.equal('ECDH-ES+A256KW');
  });

  it('have the fingerprint that OpenSSL computes, with any line breaks', () => {
    const text = pem(rsa.publicKey);
    const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: text });
    const digest = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der });
    const expected = `SHA256:${digest.toString('base64').replace('=', '')}`;
    expect(inspectPublicKey(text).fingerprint).to.equal(expected);
    expect(inspectPublicKey(`\n${text.replaceAll('\n', '\r\n')}  `).fingerprint).to.equal(expected);
  });

  it('are kept with their id', () => {
    expect(preparePublicKey('k1', pem(rsa.publicKey))).to.include({ keyID: 'k1', algorithm: 'RSA-OAEP-256' });
  });

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const smallExponent = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const offCurve = Buffer.from(p256.publicKey.export({ format: 'der', type: 'spki' }));
  offCurve.writeUInt8(offCurve.readUInt8(offCurve.length - 1) ^ 1, offCurve.length - 1);
  const asPem = (der: Buffer): string =>
    `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;

  const withExponent = (e: string): string =>
    pem(createPublicKey({ format: 'jwk', key: { ...rsa.publicKey.export({ format: 'jwk' }), e } }));

  it('may have any odd exponent from 3 on', () => {
    expect(inspectPublicKey(pem(smallExponent.publicKey)).algorithm).to.equal('RSA-OAEP-256');
  });

  const refused: readonly [string, string, RegExp][] = [
    ['nothing', '', /PEM block/],
    ['words', 'not a key', /PEM block/],
    ['an RSA private key', rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), /private key/],
    [
      'an old RSA private key',
      rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(),
      /private key/,
    ],
    ['an EC private key', p256.privateKey.export({ format: 'pem', type: 'sec1' }).toString(), /private key/],
    [
      'a private key behind a public one',
      pem(rsa.publicKey) + rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      /private key/,
    ],
    ['two public keys', pem(rsa.publicKey) + pem(rsa.publicKey), /one PEM block/],
    ['PKCS #1', rsa.publicKey.export({ format: 'pem', type: 'pkcs1' }).toString(), /PEM block/],
    ['a certificate', pem(rsa.publicKey).replaceAll('PUBLIC KEY', 'CERTIFICATE'), /PEM block/],
    ['DER in base64', rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), /PEM block/],
    ['a JWK', JSON.stringify(rsa.publicKey.export({ format: 'jwk' })), /PEM block/],
    ['bytes that are no key', asPem(Buffer.alloc(100, 7)), /do not parse/],
    ['an empty block', '-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----', /do not parse/],
    ['a key cut short', pem(rsa.publicKey).replace(/\n[^\n]+\n-----END/, '\n-----END'), /do not parse/],
    ['a point that is not on its curve', asPem(offCurve), /do not parse/],
    ['RSA of 1024 bits', pem(small.publicKey), /2048 to 8192 bits, not 1024/],
    ['RSA with the exponent 1', withExponent('AQ'), /exponent/],
    ['RSA with an even exponent', withExponent('AQAA'), /exponent/],
    ['secp256k1', pem(ec('secp256k1')), /P-256/],
    ['RSA-PSS', pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey), /rsa-pss/],
    ['ed25519', pem(generateKeyPairSync('ed25519').publicKey), /RSA or EC, not ed25519/],
    ['x25519', pem(generateKeyPairSync('x25519').publicKey), /RSA or EC, not x25519/],
    ['text without end', `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(1_000_000)}`, /PEM block/],
  ];
  for (const [name, text, why] of refused) {
    it(`are not ${name}`, () => {
      expect(() => inspectPublicKey(text)).to.throw(InvalidArgumentError, why);
      try {
        inspectPublicKey(text);
      } catch (error) {
        const line = text.split('\n').find((part) => part.length > 40) ?? 'no such line';
        expect(String(error)).not.to.contain(line.slice(0, 40));
      }
    });
  }
});
