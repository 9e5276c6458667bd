import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createKeyring } from '../../src/index.js';
import { openActions } from '../support/openActions.js';
import type { ReceivedCall } from '../support/targetServer.js';

/** Computes the signature as the scheme describes, without code of the library. */
function zitadelSignature(key: string, seconds: string, body: string): string {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(`${seconds}.${body}`).digest('hex');
}

function standardSignature(key: string, { headers, body }: ReceivedCall): string {
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`;
}

const webhookHeaders = ({ headers }: ReceivedCall) => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
});

const keyring = () => createKeyring({ activeKeyID: 'k1', keys: { k1: Buffer.alloc(32, 1) } });
const event = { type: 'order.placed', data: { note: 'größer €' } };

function required(call: ReceivedCall | undefined): ReceivedCall {
  if (!call) throw new Error('the target was not called');
  return call;
}

describe('the call of a target', () => {
  it('is a POST of JSON that is signed in both schemes with the key that add showed', async () => {
    const { call, guarded } = await openActions({ keyring: keyring() });
    const [target] = await call({ event: { all: true } }, { path: '/hooks?tenant=7' });
    const before = Math.floor(Date.now() / 1_000);
    await guarded.append('order-1', [event]);

    const received = required(target?.server.received[0]);
    const key = target?.signingKey ?? '';
    expect(key).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(received).to.include({ method: 'POST', path: '/hooks?tenant=7' });
    expect(received.headers).to.include({
      'content-type': 'application/json',
      'actions-depth': '1',
      'actions-deadline-ms': '10000',
    });
    expect(received.headers).not.to.have.any.keys('traceparent', 'actions-rehearsal', 'user-agent');
    const seconds = String(received.headers['webhook-timestamp']);
    expect(Number(seconds)).to.be.within(before, Math.ceil(Date.now() / 1_000));
    expect(received.headers['zitadel-signature']).to.equal(
      `t=${seconds},v1=${zitadelSignature(key, seconds, received.body)}`,
    );
    expect(received.headers['webhook-signature']).to.equal(standardSignature(key, received));
    expect(new Webhook(key).verify(received.body, webhookHeaders(received))).to.deep.include({
      event_type: 'order.placed',
      event_payload: { note: 'größer €' },
    });
  });

  it('is signed with both keys while a key is rotated, and with the new key alone after the rotation', async () => {
    let time = Date.now();
    const { actions, call, guarded } = await openActions({ keyring: keyring(), now: () => time });
    const [target] = await call({ event: { all: true } }, {});
    const { signingKey } = await actions.targets.rotateSigningKey(target?.id ?? '', { graceMs: 60_000 });
    const keys = [target?.signingKey ?? '', signingKey];

    await guarded.append('order-1', [event]);
    time += 60_001;
    await guarded.append('order-1', [event]);

    const [during, after] = (target?.server.received ?? []).map(required);
    if (!during || !after) throw new Error('the target was not called twice');
    for (const key of keys) {
      expect(during.headers['webhook-signature']).to.contain(standardSignature(key, during));
      expect(during.headers['zitadel-signature']).to.contain(
        zitadelSignature(key, String(during.headers['webhook-timestamp']), during.body),
      );
      expect(new Webhook(key).verify(during.body, webhookHeaders(during))).to.be.an('object');
    }
    expect(after.headers['webhook-signature']).to.equal(standardSignature(signingKey, after));
    expect(String(after.headers['zitadel-signature']).split('v1=')).to.have.length(2);
  });

  it('carries the headers of its target, decrypted, and never a header of a reserved name', async () => {
    const { call, guarded } = await openActions({ keyring: keyring() });
    const [target] = await call(
      { event: { all: true } },
      { headers: { 'x-api-key': 'k-123', 'X-Tenant': 'seven' } },
    );
    await guarded.append('order-1', [event]);
    expect(required(target?.server.received[0]).headers).to.include({
      'x-api-key': 'k-123',
      'x-tenant': 'seven',
    });
  });

  it('carries its time-out: the shorter of its own and the rest of the budget', async () => {
    const { call, guarded } = await openActions({ limits: { budgetMs: 100_000 } });
    const [short, long] = await call({ event: { all: true } }, { timeoutMs: 60_000 }, { timeoutMs: 200_000 });
    await guarded.append('order-1', [event]);
    expect(required(short?.server.received[0]).headers['actions-deadline-ms']).to.equal('60000');
    const left = Number(required(long?.server.received[0]).headers['actions-deadline-ms']);
    expect(left).to.be.within(1, 100_000);
  });
});
