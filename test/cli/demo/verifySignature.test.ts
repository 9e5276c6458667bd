import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signaturesHold } from '../../../src/cli/demo/verifySignature.js';

const signingKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const body = '{"event_type":"issues.opened"}';
const at = new Date(1_893_456_000_000);
const seconds = String(at.getTime() / 1_000);

/** Signed without code of this library: by the reference package, and as ZITADEL's documentation describes. */
const headers = {
  'webhook-id': 'call',
  'webhook-timestamp': seconds,
  'webhook-signature': new Webhook(signingKey).sign('call', at, body),
  'zitadel-signature': `t=${seconds},v1=${createHmac('sha256', signingKey).update(`${seconds}.${body}`).digest('hex')}`,
};

const wrong: readonly (readonly [what: string, headers: Record<string, string | undefined>, body: string])[] =
  [
    ['another body', headers, `${body} `],
    ['another time', { ...headers, 'webhook-timestamp': String(Number(seconds) + 1) }, body],
    ['another id', { ...headers, 'webhook-id': 'other' }, body],
    ['no signature of ZITADEL', { ...headers, 'zitadel-signature': undefined }, body],
    ['no signature of Standard Webhooks', { ...headers, 'webhook-signature': undefined }, body],
    ['a signature that is cut off', { ...headers, 'webhook-signature': 'v1,AAAA' }, body],
  ];

describe('the endpoints of the demo', () => {
  it('verify the signatures of other implementations, also beside a second signature', () => {
    expect(signaturesHold(signingKey, headers, body)).to.equal(true);
    const rotated = {
      ...headers,
      'zitadel-signature': headers['zitadel-signature'].replace(',', `,v1=${'00'.repeat(32)},`),
      'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`,
    };
    expect(signaturesHold(signingKey, rotated, body)).to.equal(true);
  });

  for (const [what, given, text] of wrong)
    it(`refuse ${what}`, () => {
      expect(signaturesHold(signingKey, given, text)).to.equal(false);
    });

  it('refuse a signature of another key', () => {
    expect(signaturesHold(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, headers, body)).to.equal(false);
  });
});
