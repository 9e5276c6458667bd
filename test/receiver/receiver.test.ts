import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';

import { InvalidArgumentError } from '../../src/errors.js';
import { createReceiver } from '../../src/receiver/receiver.js';
import { memorySeenStore } from '../../src/receiver/seenStore.js';
import { drawKey, now, reasonOf, refusal, requestBody, signedCall } from './support.js';

const key = drawKey();
const clock = (): number => now;
const receiver = createReceiver({ signingKeys: [key], now: clock });

describe('receiver', () => {
  it('reads the calls of the library', async () => {
    const headers = { 'actions-depth': '2', 'actions-deadline-ms': '1500', 'actions-rehearsal': 'true' };
    for (const encode of [(text: string) => text, (text: string) => Buffer.from(text)]) {
      const call = signedCall([key], requestBody, { id: 'msg_abc', headers });
      expect(await receiver.read({ ...call, body: encode(requestBody) })).to.deep.equal({
        id: 'msg_abc',
        kind: 'request',
        payload: JSON.parse(requestBody) as unknown,
        payloadType: 'json',
        depth: 2,
        deadlineMs: 1_500,
        rehearsal: true,
        duplicate: false,
      });
    }
  });

  it('assumes depth 0 and no rehearsal without the headers for them', async () => {
    const call = await receiver.read(signedCall([key], requestBody));
    expect(call).to.include({ depth: 0, rehearsal: false, deadlineMs: undefined });
  });

  it('reads every depth that a guarded service accepts, and refuses any other', async () => {
    const deep = await receiver.read(
      signedCall([key], requestBody, { headers: { 'actions-depth': '123456789' } }),
    );
    expect(deep).to.include({ depth: 123_456_789 });
    for (const depth of ['1234567890', '-1', '1.5', '', 'x'])
      expect(
        await refusal(receiver, signedCall([key], requestBody, { headers: { 'actions-depth': depth } })),
      ).to.be.instanceOf(InvalidArgumentError);
  });

  it('reads headers in any case, as a Headers object, and as lists', async () => {
    const call = signedCall([key], requestBody);
    const upper = Object.fromEntries(
      Object.entries(call.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const lists = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, [value]]));
    for (const headers of [upper, lists, new Headers(call.headers)])
      expect(await receiver.read({ headers, body: call.body })).to.have.property('id', 'msg_1');
  });

  it('accepts what the standardwebhooks package signs', async () => {
    const signed = new Webhook(key).sign('msg_2', new Date(now), requestBody);
    const headers = {
      'webhook-id': 'msg_2',
      'webhook-timestamp': String(now / 1_000),
      'webhook-signature': signed,
    };
    expect(await receiver.read({ headers, body: requestBody })).to.include({ id: 'msg_2', kind: 'request' });
  });

  it('accepts both signatures with the key in every usual form', async () => {
    for (const form of [key, `v1,${key}`, key.slice('whsec_'.length), ` ${key}\n`]) {
      const other = createReceiver({ signingKeys: [form], now: clock });
      expect(await other.read(signedCall([key], requestBody))).to.have.property('id', 'msg_1');
    }
  });

  it("accepts ZITADEL's header alone, and then has no id, since that scheme signs none", async () => {
    const { headers, body } = signedCall([key], requestBody);
    const call = await receiver.read({
      headers: { 'zitadel-signature': headers['zitadel-signature'], 'webhook-id': 'msg_unsigned' },
      body,
    });
    expect(call.id).to.equal(undefined);
  });

  describe('duplicate', () => {
    it('is recognised by id where a store is given', async () => {
      const asked: number[] = [];
      const memory = memorySeenStore({ now: clock });
      const seen = {
        add: (id: string, ttlSeconds: number) => {
          asked.push(ttlSeconds);
          return memory.add(id, ttlSeconds);
        },
      };
      const counting = createReceiver({ signingKeys: [key], now: clock, seen });
      const read = async (id: string): Promise<boolean> =>
        (await counting.read(signedCall([key], requestBody, { id }))).duplicate;
      expect([await read('msg_1'), await read('msg_1'), await read('msg_2')]).to.deep.equal([
        false,
        true,
        false,
      ]);
      expect(asked).to.deep.equal([86_400, 86_400, 86_400]);
    });

    it('is never asked about a call that does not verify or cannot be read', async () => {
      const added: string[] = [];
      const seen = { add: (id: string) => added.push(id) > 0 };
      const counting = createReceiver({ signingKeys: [key], now: clock, seen });
      await refusal(counting, signedCall([drawKey()], requestBody));
      await refusal(counting, signedCall([key], 'not a call'));
      expect(added).to.deep.equal([]);
    });

    it('cannot be evaded by taking the signed id away', async () => {
      const seen = memorySeenStore({ now: clock });
      const counting = createReceiver({ signingKeys: [key], now: clock, seen });
      const { headers, body } = signedCall([key], requestBody);
      const stripped = { 'zitadel-signature': headers['zitadel-signature'], 'webhook-id': 'msg_other' };
      expect(await reasonOf(counting, { headers: stripped, body })).to.equal('missing');
    });
  });

  describe('options', () => {
    const refused: readonly [string, Parameters<typeof createReceiver>[0]][] = [
      ['no key', { signingKeys: [] }],
      ['an empty key', { signingKeys: [''] }],
      ['whsec_ alone', { signingKeys: ['whsec_'] }],
      ['a key cut short', { signingKeys: [key.slice(0, -1)] }],
      ['a private ed25519 key', { signingKeys: [`whsk_${Buffer.alloc(64).toString('base64')}`] }],
      ['a public ed25519 key cut short', { signingKeys: ['whpk_AAAA'] }],
      ['one key as text', { signingKeys: key as unknown as string[] }],
      ['an object for a key', { signingKeys: [{} as unknown as string] }],
      ['no tolerance', { signingKeys: [key], toleranceSeconds: 0 }],
      ['a tolerance that is not a number', { signingKeys: [key], toleranceSeconds: NaN }],
      ['endless tolerance', { signingKeys: [key], toleranceSeconds: Infinity }],
      ['a memory shorter than a replay', { signingKeys: [key], rememberSeconds: 599 }],
      ['no room for a body', { signingKeys: [key], maximumBytes: 0 }],
      ['jwks that is no set', { signingKeys: [key], jwks: {} as { keys: [] } }],
      ['jwks with a hole', { signingKeys: [key], jwks: { keys: [null] } as unknown as { keys: [] } }],
      ['a decryption key in words', { signingKeys: [key], decryptionKeys: { k1: 'words' } }],
    ];
    for (const [name, options] of refused)
      it(`are not ${name}`, () => expect(() => createReceiver(options)).to.throw(InvalidArgumentError));
  });
});
