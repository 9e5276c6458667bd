import { expect } from 'chai';
import {
  CompactEncrypt,
  CompactSign,
  UnsecuredJWT,
  exportJWK,
  type CompactJWEHeaderParameters,
  type JSONWebKeySet,
} from 'jose';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { wrapBody, type Envelope } from '../../src/signing/envelope.js';
import { createJwtKeys } from '../../src/signing/jwtKeys.js';
import { preparePublicKey } from '../../src/signing/publicKey.js';
import { createReceiver, type ReceiverOptions } from '../../src/receiver/receiver.js';
import { rsaKeyPair } from '../support/publicKeys.js';
import { drawKey, now, reasonOf, requestBody, signedCall } from './support.js';

const key = drawKey();
const ed25519 = generateKeyPairSync('ed25519');
const rsa = rsaKeyPair();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (publicKey: KeyObject): string => publicKey.export({ format: 'pem', type: 'spki' }).toString();

const jwtKeys = createJwtKeys({ activeKeyID: 'ed', keys: { ed: ed25519.privateKey, rsa: rsa.privateKey } });
const rsaKeys = createJwtKeys({ activeKeyID: 'rsa', keys: { rsa: rsa.privateKey } });
const jwks = jwtKeys.jwks();
const decryptionKeys = { reader: rsa.privateKey, curve: ec.privateKey };
const bytes = Buffer.from(requestBody);

const receiverWith = (options: Partial<ReceiverOptions>) =>
  createReceiver({ signingKeys: [key], now: () => now, ...options });
const receiver = receiverWith({ jwks, decryptionKeys });
const wrapped = async (envelope: Envelope): Promise<string> => wrapBody(envelope, requestBody);
const jws = (header: object, signer: Parameters<CompactSign['sign']>[0]): Promise<string> =>
  new CompactSign(bytes).setProtectedHeader(header as { alg: string }).sign(signer);
const jwe = (text: string, header: CompactJWEHeaderParameters, recipient: KeyObject): Promise<string> =>
  new CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(recipient);
const oaep = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'reader', cty: 'JWT' };

describe('receiver of jwt and jwe', () => {
  const envelopes: readonly [string, Envelope][] = [
    ['jwt by EdDSA', { payloadType: 'jwt', jwtKeys }],
    ['jwt by RS256', { payloadType: 'jwt', jwtKeys: rsaKeys }],
    [
      'jwe to RSA',
      { payloadType: 'jwe', jwtKeys, recipient: preparePublicKey('reader', pem(rsa.publicKey)) },
    ],
    [
      'jwe to EC',
      { payloadType: 'jwe', jwtKeys: rsaKeys, recipient: preparePublicKey('curve', pem(ec.publicKey)) },
    ],
  ];
  for (const [name, envelope] of envelopes) {
    it(`reads ${name}`, async () => {
      const call = await receiver.read(signedCall([key], await wrapped(envelope)));
      expect(call).to.deep.include({
        kind: 'request',
        payloadType: envelope.payloadType,
        payload: JSON.parse(requestBody) as unknown,
      });
    });

    it(`refuses ${name} with any of its parts changed`, async () => {
      const body = await wrapped(envelope);
      for (const [place, part] of body.split('.').entries()) {
        if (part === '') continue;
        const parts = body.split('.');
        const at = Math.floor(part.length / 2);
        parts[place] = part.slice(0, at) + (part[at] === 'A' ? 'B' : 'A') + part.slice(at + 1);
        const reason = await reasonOf(receiver, signedCall([key], parts.join('.')));
        expect(reason, `part ${place}`).to.be.oneOf(['jwt', 'jwe', 'unknown-key']);
      }
    });

    it(`refuses ${name} whose headers do not verify, before it looks inside`, async () => {
      expect(await reasonOf(receiver, signedCall([drawKey()], await wrapped(envelope)))).to.equal('mismatch');
    });
  }

  const signedByRSA = (alg: string): Promise<string> => jws({ alg, kid: 'rsa' }, rsa.privateKey);
  const table: readonly [string, () => Promise<string>, string][] = [
    ['alg none', async () => new UnsecuredJWT({}).encode(), 'jwt'],
    [
      'alg none that names a key',
      async () => {
        const header = Buffer.from('{"alg":"none","kid":"rsa"}').toString('base64url');
        return `${header}.${bytes.toString('base64url')}.`;
      },
      'jwt',
    ],
    [
      'HS256 keyed with the published key',
      () => jws({ alg: 'HS256', kid: 'rsa' }, createSecretKey(Buffer.from(pem(rsa.publicKey)))),
      'jwt',
    ],
    [
      'HS256 keyed with the signing key',
      () => jws({ alg: 'HS256', kid: 'rsa' }, createSecretKey(Buffer.from(key))),
      'jwt',
    ],
    ['RS512', () => signedByRSA('RS512'), 'jwt'],
    ['PS256', () => signedByRSA('PS256'), 'jwt'],
    ['an unknown kid', () => jws({ alg: 'EdDSA', kid: 'gone' }, ed25519.privateKey), 'unknown-key'],
    ['the kid of another key', () => jws({ alg: 'EdDSA', kid: 'rsa' }, ed25519.privateKey), 'unknown-key'],
    [
      'a foreign key under a known kid',
      () => jws({ alg: 'EdDSA', kid: 'ed' }, generateKeyPairSync('ed25519').privateKey),
      'jwt',
    ],
    [
      'a key of its own, brought along',
      async () => {
        const own = generateKeyPairSync('ed25519');
        return jws({ alg: 'EdDSA', kid: 'ed', jwk: await exportJWK(own.publicKey) }, own.privateKey);
      },
      'jwt',
    ],
    ['three parts that are nothing', async () => 'a.b.c', 'jwt'],
    ['two parts', async () => 'aaaa.bbbb', 'jwt'],
    ['five parts that are nothing', async () => 'a.b.c.d.e', 'jwe'],
    ['six parts', async () => 'a.b.c.d.e.f', 'jwt'],
    [
      'a jwe to an unknown key',
      async () => jwe(await jwtKeys.sign(requestBody), { ...oaep, kid: 'gone' }, rsa.publicKey),
      'unknown-key',
    ],
    [
      'a jwe to an id that every object has',
      async () => jwe(await jwtKeys.sign(requestBody), { ...oaep, kid: 'constructor' }, rsa.publicKey),
      'unknown-key',
    ],
    [
      'a jwe encrypted to another key',
      async () => jwe(await jwtKeys.sign(requestBody), oaep, rsaKeyPair(1).publicKey),
      'jwe',
    ],
    [
      'a jwe of another algorithm',
      async () => jwe(await jwtKeys.sign(requestBody), { ...oaep, alg: 'RSA-OAEP' }, rsa.publicKey),
      'jwe',
    ],
    [
      'a jwe of another content encryption',
      async () => jwe(await jwtKeys.sign(requestBody), { ...oaep, enc: 'A128CBC-HS256' }, rsa.publicKey),
      'jwe',
    ],
    ['a jwe without a signature', () => jwe(requestBody, oaep, rsa.publicKey), 'jwt'],
    [
      'a jwe of a jwe',
      async () => jwe(await jwe(await jwtKeys.sign(requestBody), oaep, rsa.publicKey), oaep, rsa.publicKey),
      'jwt',
    ],
    ['a signed text that is no call', () => jwtKeys.sign('[]'), 'INVALID_ARGUMENT'],
    [
      'signed bytes that are not UTF-8',
      () => jwtKeys.sign(Buffer.from(requestBody, 'latin1')),
      'INVALID_ARGUMENT',
    ],
  ];
  for (const [name, body, reason] of table)
    it(`refuses ${name}`, async () => {
      expect(await reasonOf(receiver, signedCall([key], await body()))).to.equal(reason);
    });

  it('refuses a jwt where the receiver has no keys to judge the jwt with', async () => {
    const call = signedCall([key], await jwtKeys.sign(requestBody));
    expect(await reasonOf(receiverWith({}), call)).to.equal('unknown-key');
    expect(await reasonOf(receiverWith({ jwks: { keys: [] } }), call)).to.equal('unknown-key');
  });

  it('refuses a jwt whose published key is broken', async () => {
    const broken = { keys: jwks.keys.map((one) => ({ ...one, x: 'AA', n: 'AA' })) };
    const call = signedCall([key], await jwtKeys.sign(requestBody));
    expect(await reasonOf(receiverWith({ jwks: broken }), call)).to.be.oneOf(['jwt', 'jwks-unavailable']);
  });

  describe('with a function that returns the keys', () => {
    it('asks once, again for an unknown kid at most every 30 seconds, and every 10 minutes', async () => {
      let time = now;
      let published: JSONWebKeySet = { keys: [] };
      let asked = 0;
      const loading = receiverWith({
        now: () => time,
        toleranceSeconds: 3_600,
        jwks: async () => {
          asked += 1;
          return published;
        },
      });
      const call = signedCall([key], await jwtKeys.sign(requestBody));
      expect(await reasonOf(loading, call)).to.equal('unknown-key');
      published = jwks;
      expect(await reasonOf(loading, call)).to.equal('unknown-key');
      expect(asked).to.equal(1);
      time += 30_000;
      await Promise.all([loading.read(call), loading.read(call)]);
      await loading.read(call);
      expect(asked).to.equal(2);
      published = { keys: [] };
      time += 600_000;
      expect(await reasonOf(loading, call)).to.equal('unknown-key');
      expect(asked).to.equal(3);
    });

    it('reports keys that cannot be fetched, and asks again the next time', async () => {
      let broken = true;
      const loading = receiverWith({
        jwks: () => {
          if (broken) throw new Error('the network is down');
          return jwks;
        },
      });
      const call = signedCall([key], await jwtKeys.sign(requestBody));
      expect(await reasonOf(loading, call)).to.equal('jwks-unavailable');
      broken = false;
      expect(await loading.read(call)).to.have.property('payloadType', 'jwt');
    });
  });

  it('reads the keys where the sender publishes keys', async () => {
    let answered = 0;
    const server = createServer((_, response) => {
      answered += 1;
      response.writeHead(answered === 1 ? 503 : 200, {
        'content-type': 'application/json',
        connection: 'close',
      });
      response.end(JSON.stringify(jwks));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
      const remote = receiverWith({ jwks: url });
      const call = signedCall([key], await jwtKeys.sign(requestBody));
      expect(await reasonOf(remote, call)).to.equal('jwks-unavailable');
      expect(await remote.read(call)).to.have.property('payloadType', 'jwt');
      expect(await remote.read(call)).to.have.property('payloadType', 'jwt');
      expect(answered).to.equal(2);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});
