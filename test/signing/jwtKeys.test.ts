import { expect } from 'chai';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { InvalidArgumentError } from '../../src/errors.js';
import { createJwtKeys, type JwtKeysOptions } from '../../src/signing/jwtKeys.js';
import { rsaKeyPair } from '../support/publicKeys.js';

const ed25519 = generateKeyPairSync('ed25519');
const rsa = rsaKeyPair();
const pem = ed25519.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('jwt keys', () => {
  const forms: readonly [string, JwtKeysOptions['keys'][string], string][] = [
    ['ed25519 in PEM', pem, 'EdDSA'],
    ['ed25519 as a JWK', ed25519.privateKey.export({ format: 'jwk' }), 'EdDSA'],
    ['RSA in PEM', rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'RS256'],
    ['RSA in PKCS #1', rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(), 'RS256'],
    ['RSA as a KeyObject', rsa.privateKey, 'RS256'],
  ];
  for (const [name, key, algorithm] of forms) {
    it(`sign with ${name}; jose verifies with the published half`, async () => {
      const keys = createJwtKeys({ activeKeyID: 'k1', keys: { k1: key } });
      const body = '{"a":  "é",\n"a":1}';
      const jws = await keys.sign(body);
      expect(decodeProtectedHeader(jws)).to.deep.equal({ alg: algorithm, kid: 'k1', typ: 'JWT' });
      const { payload } = await compactVerify(jws, createLocalJWKSet(keys.jwks()));
      expect(Buffer.from(payload).toString()).to.equal(body);
    });
  }

  it('publish the public halves of all keys and nothing else', () => {
    const keys = createJwtKeys({ activeKeyID: 'new', keys: { old: rsa.privateKey, new: pem } });
    expect(keys.jwks().keys.map(({ kid, alg, use }) => ({ kid, alg, use }))).to.deep.equal([
      { kid: 'old', alg: 'RS256', use: 'sig' },
      { kid: 'new', alg: 'EdDSA', use: 'sig' },
    ]);
    const parts = new Set(keys.jwks().keys.flatMap((key) => Object.keys(key)));
    expect([...parts]).to.have.members(['kty', 'n', 'e', 'crv', 'x', 'kid', 'alg', 'use']);
    keys.jwks().keys.forEach((key) => (key.kid = 'changed'));
    expect(keys.jwks().keys[0]).to.have.property('kid', 'old');
  });

  it('show no private half when inspected or stringified', () => {
    const secrets = [
      ed25519.privateKey.export({ format: 'jwk' }).d ?? '',
      rsa.privateKey.export({ format: 'jwk' }).d ?? '',
      pem.split('\n')[1] ?? '',
    ];
    const keys = createJwtKeys({ activeKeyID: 'new', keys: { old: rsa.privateKey, new: pem } });
    const shown =
      inspect(keys, { depth: 9, showHidden: true }) + JSON.stringify(keys) + JSON.stringify(keys.jwks());
    for (const secret of secrets) {
      expect(secret).to.have.length.above(20);
      expect(shown).not.to.contain(secret);
    }
  });

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const refused: readonly [string, JwtKeysOptions, RegExp][] = [
    ['no key at all', { activeKeyID: 'k1', keys: {} }, /no key "k1"/],
    ['an active id that every object has', { activeKeyID: 'constructor', keys: { k1: pem } }, /no key/],
    ['words', { activeKeyID: 'k1', keys: { k1: 'secret-words' } }, /does not parse/],
    ['a public key', { activeKeyID: 'k1', keys: { k1: ed25519.publicKey } }, /private key/],
    [
      'a public key in PEM',
      { activeKeyID: 'k1', keys: { k1: rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString() } },
      /does not parse/,
    ],
    [
      'a public JWK',
      { activeKeyID: 'k1', keys: { k1: ed25519.publicKey.export({ format: 'jwk' }) } },
      /parse/,
    ],
    ['an HMAC secret', { activeKeyID: 'k1', keys: { k1: { kty: 'oct', k: 'c2VjcmV0' } } }, /parse/],
    ['RSA of 1024 bits', { activeKeyID: 'k1', keys: { k1: small.privateKey } }, /not 1024/],
    [
      'EC',
      { activeKeyID: 'k1', keys: { k1: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey } },
      /ed25519 or RSA, not ec/,
    ],
    [
      'RSA-PSS',
      { activeKeyID: 'k1', keys: { k1: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey } },
      /rsa-pss/,
    ],
    ['x25519', { activeKeyID: 'k1', keys: { k1: generateKeyPairSync('x25519').privateKey } }, /x25519/],
    [
      'an encrypted key',
      {
        activeKeyID: 'k1',
        keys: {
          k1: ed25519.privateKey
            .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
            .toString(),
        },
      },
      /unencrypted/,
    ],
    ['undefined', { activeKeyID: 'k1', keys: { k1: undefined as unknown as string } }, /does not parse/],
    ['an empty id', { activeKeyID: '', keys: { '': pem } }, /visible ASCII/],
    ['an id that breaks a line', { activeKeyID: 'k1', keys: { k1: pem, 'k\n2': pem } }, /visible ASCII/],
  ];
  for (const [name, options, why] of refused) {
    it(`are not ${name}`, () => {
      expect(() => createJwtKeys(options)).to.throw(InvalidArgumentError, why);
      try {
        createJwtKeys(options);
      } catch (error) {
        expect(inspect(error)).not.to.match(/secret-words|c2VjcmV0|BEGIN/);
      }
    });
  }
});
