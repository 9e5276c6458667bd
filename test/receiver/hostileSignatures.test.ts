import { expect } from 'chai';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';

import { InvalidSignatureError } from '../../src/errors.js';
import { createReceiver } from '../../src/receiver/receiver.js';
import { drawKey, now, reasonOf, refusal, requestBody, signedCall } from './support.js';
import { anyCharacter } from '../fuzz/anyCharacter.js';

const key = drawKey();
const receiver = createReceiver({ signingKeys: [key], now: () => now });

describe('receiver refuses', () => {
  const { headers, body } = signedCall([key], requestBody);
  const without = (...names: string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
  const hex = /v1=(\w+)/.exec(headers['zitadel-signature'] ?? '')?.[1] ?? '';
  const t = now / 1_000;
  const zitadelAlone = without('webhook-signature');
  const standardAlone = without('zitadel-signature');

  const table: readonly [string, Record<string, string | string[]>, string][] = [
    ['a call without a signature', without('zitadel-signature', 'webhook-signature'), 'missing'],
    ['a missing id', { ...standardAlone, 'webhook-id': '' }, 'malformed'],
    ['an id with a dot', { ...standardAlone, 'webhook-id': 'msg.1' }, 'malformed'],
    ['another id', { ...standardAlone, 'webhook-id': 'msg_2' }, 'mismatch'],
    ['two ids', { ...standardAlone, 'webhook-id': ['msg_1', 'msg_1'] }, 'mismatch'],
    ['a missing timestamp', without('zitadel-signature', 'webhook-timestamp'), 'malformed'],
    ['a timestamp in words', { ...standardAlone, 'webhook-timestamp': 'hello' }, 'malformed'],
    ['a negative timestamp', { ...standardAlone, 'webhook-timestamp': `-${t}` }, 'malformed'],
    ['a fraction', { ...standardAlone, 'webhook-timestamp': `${t}.5` }, 'malformed'],
    ['an exponent', { ...standardAlone, 'webhook-timestamp': '17e8' }, 'malformed'],
    ['hexadecimal digits', { ...standardAlone, 'webhook-timestamp': '0x67748580' }, 'malformed'],
    ['milliseconds', { ...standardAlone, 'webhook-timestamp': String(now) }, 'malformed'],
    ['another timestamp', { ...standardAlone, 'webhook-timestamp': String(t + 1) }, 'mismatch'],
    [
      'a good ZITADEL header with a bad Standard one',
      { ...headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` },
      'mismatch',
    ],
    [
      'a good Standard header with a bad ZITADEL one',
      { ...headers, 'zitadel-signature': `t=${t},v1=${'0'.repeat(64)}` },
      'mismatch',
    ],
    [
      'a good Standard header with an unreadable ZITADEL one',
      { ...headers, 'zitadel-signature': 'x' },
      'malformed',
    ],
    [
      'a good ZITADEL header with an unreadable Standard one',
      { ...headers, 'webhook-signature': 'x' },
      'mismatch',
    ],
    ['an empty ZITADEL header', { ...zitadelAlone, 'zitadel-signature': '' }, 'malformed'],
    ['no t', { ...zitadelAlone, 'zitadel-signature': `v1=${hex}` }, 'malformed'],
    ['two t', { ...zitadelAlone, 'zitadel-signature': `t=${t},t=${t},v1=${hex}` }, 'malformed'],
    [
      'the header twice',
      { ...zitadelAlone, 'zitadel-signature': [`t=${t},v1=${hex}`, `t=${t},v1=${hex}`] },
      'malformed',
    ],
    ['an empty t', { ...zitadelAlone, 'zitadel-signature': `t=,v1=${hex}` }, 'malformed'],
    ['no v1', { ...zitadelAlone, 'zitadel-signature': `t=${t}` }, 'mismatch'],
    ['an empty v1', { ...zitadelAlone, 'zitadel-signature': `t=${t},v1=` }, 'mismatch'],
    ['v2 alone', { ...zitadelAlone, 'zitadel-signature': `t=${t},v2=${hex}` }, 'mismatch'],
    [
      'a part with two equal signs',
      { ...zitadelAlone, 'zitadel-signature': `t=${t},v1=${hex}=` },
      'malformed',
    ],
    ['a part without one', { ...zitadelAlone, 'zitadel-signature': `t=${t},v1` }, 'malformed'],
    [
      'half a signature',
      { ...zitadelAlone, 'zitadel-signature': `t=${t},v1=${hex.slice(0, 32)}` },
      'mismatch',
    ],
    [
      'letters that are not hex',
      { ...zitadelAlone, 'zitadel-signature': `t=${t},v1=${'g'.repeat(64)}` },
      'mismatch',
    ],
    [
      '21 signatures',
      { ...zitadelAlone, 'zitadel-signature': `t=${t}${`,v1=${hex}`.repeat(21)}` },
      'malformed',
    ],
    ['a depth in words', { ...headers, 'actions-depth': 'deep' }, 'INVALID_ARGUMENT'],
    ['a negative depth', { ...headers, 'actions-depth': '-1' }, 'INVALID_ARGUMENT'],
    ['two depths', { ...headers, 'actions-depth': ['0', '3'] }, 'INVALID_ARGUMENT'],
    ['a header that is not text', { ...headers, 'webhook-id': [7 as unknown as string] }, 'INVALID_ARGUMENT'],
  ];
  for (const [name, changed, reason] of table)
    it(name, async () => expect(await reasonOf(receiver, { headers: changed, body })).to.equal(reason));

  it('no signature for its spaces, capitals or later fields', async () => {
    for (const header of [
      `t=${t}, v1=${hex}`,
      `t=${t},v1=${hex.toUpperCase()}`,
      `v2=x,t=${t},v1=zz,v1=${hex}`,
    ])
      await receiver.read({ headers: { ...zitadelAlone, 'zitadel-signature': header }, body });
  });

  it('any change of any byte of the body', async () => {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await reasonOf(receiver, { headers, body: changed }), `byte ${at}`).to.equal('mismatch');
    }
    expect(await reasonOf(receiver, { headers, body: `${body} ` })).to.equal('mismatch');
    expect(await reasonOf(receiver, { headers, body: body.slice(1) })).to.equal('mismatch');
  });

  it('a body that was parsed, and says what to do', async () => {
    for (const parsed of [JSON.parse(body) as string, undefined as unknown as string]) {
      const error = await refusal(receiver, { headers, body: parsed });
      expect(error.message).to.contain('express.raw');
    }
  });

  it('the key of another target', async () => {
    expect(await reasonOf(receiver, signedCall([drawKey()], requestBody))).to.equal('mismatch');
  });

  it('the text of a secret as the key of Standard Webhooks, and its bytes as the key of ZITADEL', async () => {
    const decoded = Buffer.from(key.slice(6), 'base64');
    const swapped = {
      'zitadel-signature': `t=${t},v1=${createHmac('sha256', decoded).update(`${t}.${body}`).digest('hex')}`,
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(t),
      'webhook-signature': `v1,${createHmac('sha256', key).update(`msg_1.${t}.${body}`).digest('base64')}`,
    };
    const standard = { ...swapped, 'zitadel-signature': [] };
    const zitadel = { ...swapped, 'webhook-signature': [] };
    for (const one of [standard, zitadel])
      expect(await reasonOf(receiver, { headers: one, body })).to.equal('mismatch');
  });

  it('any headers and body with an error of its own', async () => {
    const piece = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 20 }),
      fc.constantFrom(
        't=',
        'v1=',
        'v1,',
        'v1a,',
        ',',
        ' ',
        '=',
        '.',
        String(now / 1_000),
        'A'.repeat(43),
        'ff'.repeat(32),
      ),
    );
    const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const names = [
      'zitadel-signature',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
      'actions-depth',
    ];
    const headers = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(value, fc.array(value, { maxLength: 2 })),
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.string({ unit: anyCharacter }), async (hostile, body) => {
        expect(await refusal(receiver, { headers: hostile, body })).to.be.instanceOf(InvalidSignatureError);
      }),
      { numRuns: 2_000 },
    );
  });
});
