import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { createKeyring, type CallsOptions, type KeptCall } from '../../../src/index.js';
import { expectNoSecret, spellings } from '../../support/canaries.js';
import { json } from '../../support/answers.js';
import { openActions, rejection } from '../../support/openActions.js';

const canaries = {
  header: 'CANARY-HEADER-8412',
  query: 'CANARY-QUERY-2291',
  password: 'CANARY-PASSWORD-77',
  answer: 'CANARY-ANSWER-5530',
};
const target = {
  type: 'requestResponse',
  interruptOnError: true,
  path: `/hook?token=${canaries.query}`,
  headers: { authorization: `Bearer ${canaries.header}` },
} as const;
const condition = { event: { event: 'order.placed' } } as const;
const keyring = createKeyring({ activeKeyID: 'k', keys: { k: Buffer.alloc(32, 9) } });

describe('the latest calls', () => {
  it('show the request, the answer and the decision of each call, of one instance alone', async () => {
    const { actions, call, guarded } = await openActions({ now: () => 1_000 });
    const answer = { quantity: 2 };
    const [first, second] = await call(
      condition,
      { ...target, script: json(answer) },
      { type: 'webhook', interruptOnError: true, script: { status: 500 } },
    );
    const data = { quantity: 1 };
    await rejection(guarded.append('order-1', [{ type: 'order.placed', data }]));
    const [failed, amended, ...others] = actions.calls.list();
    expect(others).to.deep.equal([]);
    expect(amended).to.include({
      number: 1,
      at: '1970-01-01T00:00:01.000Z',
      targetID: first?.id,
      verdict: 'amended',
    });
    const sizes = { contentBytes: JSON.stringify(data).length, answerBytes: JSON.stringify(answer).length };
    expect(amended).to.include({ ...sizes, status: 200, condition: 'event/order.placed', stream: 'order-1' });
    expect(amended).not.to.have.any.keys('sentBody', 'answerBody', 'reason');
    expect(failed).to.include({
      number: 2,
      targetID: second?.id,
      verdict: 'failed',
      reason: 'status',
      status: 500,
    });
    expect(actions.runAs({ instanceID: 'other' }, () => actions.calls.list())).to.deep.equal([]);
  });

  it('stay as they are when onCall changes the report that it receives', async () => {
    const onCall = (report: object) => Object.assign(report, { verdict: 'refused', instanceID: 'other' });
    const { actions, call, guarded } = await openActions({ onCall });
    await call(condition, target);
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    expect(actions.calls.list().map(({ verdict }) => verdict)).to.deep.equal(['passed']);
  });

  it('show bodies only where they are asked for, with fields masked, and never a secret', async () => {
    const { actions, call, guarded } = await openActions({
      keyring,
      calls: { captureBodies: true, redact: ['Password'] },
    });
    const content = { note: 'x', deep: [{ password: canaries.password }] };
    const [endpoint] = await call(condition, {
      ...target,
      script: json({ ...content, echo: `Bearer ${canaries.header}`, passWord: canaries.answer }),
    });
    await guarded.append('order-1', [{ type: 'order.placed', data: content }]);
    const [kept] = actions.calls.list();
    expect(endpoint?.server.received[0]?.body).to.include(canaries.password);
    expect(JSON.parse(kept?.sentBody ?? '')).to.deep.include({
      event_payload: { note: 'x', deep: [{ password: '***' }] },
    });
    expect(JSON.parse(kept?.answerBody ?? '')).to.deep.equal({
      note: 'x',
      deep: [{ password: '***' }],
      echo: '***',
      passWord: '***',
    });
    expectNoSecret([kept], [...Object.values(canaries), ...spellings(endpoint?.signingKey ?? '')]);
  });

  it('show no request body for a call that was never sent', async () => {
    const { actions, call, guarded } = await openActions({
      calls: { captureBodies: true },
      breaker: { failures: 1 },
      limits: { contentBytes: 100 },
    });
    await call(condition, { type: 'webhook', script: { status: 500 } });
    await guarded.append('order-1', [{ type: 'order.placed', data: { note: 'sent' } }]);
    await guarded.append('order-1', [{ type: 'order.placed', data: { note: 'refused by the breaker' } }]);
    await call({ event: { event: 'order.noted' } }, { type: 'webhook' });
    await guarded.append('order-1', [{ type: 'order.noted', data: { note: 'x'.repeat(100) } }]);
    const calls = actions.calls.list().map(({ reason, sentBody }) => [reason, sentBody !== undefined]);
    expect(calls).to.deep.equal([
      ['content-too-large', false],
      ['circuit-open', false],
      ['status', true],
    ]);
  });

  for (const payloadType of ['json', 'jwt'] as const)
    it(`show nothing of a call that its target repeats: no signature, query or ${payloadType} token`, async () => {
      const { actions, call, guarded } = await openActions({
        keyring,
        calls: { captureBodies: true },
        jwtKeys: { activeKeyID: 'k', keys: { k: generateKeyPairSync('ed25519').privateKey } },
      });
      const sent: string[] = [];
      const [endpoint] = await call(condition, {
        ...target,
        payloadType,
        script({ headers, body }) {
          const names = ['zitadel-signature', 'webhook-signature'];
          const signatures = names.flatMap((name) => String(headers[name]).split(/[ ,]|v1=/));
          sent.push(
            ...signatures.filter((part) => part.length > 20),
            ...(payloadType === 'jwt' ? [body] : []),
          );
          const forwardedErrorMessage = `${canaries.query} ${sent.join(' ')}`;
          return json({
            forwardedStatusCode: 403,
            forwardedErrorMessage,
            headers,
            ...(payloadType === 'jwt' && { body }),
          });
        },
      });
      const error = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: {} }]));
      const [kept] = actions.calls.list();
      expect(endpoint?.server.received).to.have.lengthOf(1);
      expect(kept?.answerBody).to.include('zitadel-signature');
      expect(sent.length).to.be.greaterThan(1);
      expectNoSecret([kept, (error as Error).message], [canaries.query, canaries.header, ...sent]);
    });

  it('cut bodies at 4 kB between characters, and show none that is not JSON or too deep', async () => {
    const { actions, call } = await openActions({ calls: { captureBodies: true } });
    const endpoints = await call(
      { request: { all: true } },
      { type: 'webhook' },
      { type: 'webhook' },
      { type: 'webhook' },
    );
    const [page, deep, long] = endpoints.map(({ server }) => server);
    page?.answer({ body: `<html>${canaries.answer}` });
    deep?.answer({ body: '['.repeat(60_000) });
    long?.answer({ body: JSON.stringify({ text: '€'.repeat(3_000) }) });
    await actions.request('/a.S/M', { a: 1 });
    const bodies = actions.calls.list().map(({ answerBody }) => answerBody ?? '');
    expect(bodies.slice(1)).to.deep.equal(['(JSON of more than 100 levels)', '(not JSON)']);
    expect(Buffer.byteLength(bodies[0] ?? '')).to.be.within(4_094, 4_096);
    expect(bodies[0]).to.match(/€$/);
  });

  it('never hold bodies without captureBodies', async () => {
    const { actions, call } = await openActions();
    await call({ request: { all: true } }, { ...target, script: json({ a: canaries.answer }) });
    await actions.request('/a.S/M', { password: canaries.password });
    expectNoSecret(actions.calls.list(), Object.values(canaries));
  });

  it('are followed as calls happen, beside a subscriber that reads nothing', async () => {
    const { actions, call } = await openActions();
    const [endpoint] = await call({ request: { all: true } }, { type: 'webhook' });
    const idle = actions.calls.subscribe()[Symbol.asyncIterator]();
    const ending = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const told of actions.calls.subscribe({ signal: ending.signal }))
        seen.push((told as KeptCall).number);
    })();
    void idle.next();
    for (let place = 0; place < 20; place += 1) await actions.request('/a.S/M', {});
    ending.abort();
    await following;
    expect(endpoint?.server.received).to.have.length(20);
    expect(seen).to.deep.equal(Array.from({ length: 20 }, (_, place) => place + 1));
    await actions.close();
    await idle.next();
    expect(await idle.next()).to.have.property('value');
  });

  /** The cost of ten calls: reads of the clock, and counted sizes. */
  async function costOf(calls: CallsOptions) {
    let [readings, sizes] = [0, 0];
    const now = () => {
      readings += 1;
      return 1_000;
    };
    const { actions, call } = await openActions({ calls, now });
    await call({ request: { all: true } }, { type: 'webhook', script: json({ a: 1 }) });
    const { byteLength } = Buffer;
    readings = 0;
    Buffer.byteLength = (...parameters) => {
      sizes += 1;
      return byteLength(...parameters);
    };
    try {
      for (let place = 0; place < 10; place += 1) await actions.request('/a.S/M', {});
    } finally {
      Buffer.byteLength = byteLength;
    }
    return { actions, readings, sizes };
  }

  it('cost nothing where the option switches calls off', async () => {
    const kept = await costOf({});
    expect(kept.actions.calls.list()).to.have.length(10);
    for (const calls of [{ count: 0 }, { bytes: 0 }]) {
      const off = await costOf(calls);
      expect([kept.readings - off.readings, kept.sizes - off.sizes]).to.deep.equal([10, 10]);
      expect(off.actions.calls.list()).to.deep.equal([]);
      expect(() => off.actions.calls.subscribe()).to.throw('are not kept');
    }
  });

  it('refuse unknown options', async () => {
    for (const calls of [{ count: -1 }, { bytes: 0.5 }, { redact: [''] }, { more: 1 }, 5])
      expect(await rejection(openActions({ calls: calls as never }))).to.have.property(
        'code',
        'INVALID_ARGUMENT',
      );
  });
});
