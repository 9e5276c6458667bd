import { expect } from 'chai';
import express from 'express';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { createConsoleOf } from '../../src/console/console.js';
import type { Target } from '../../src/console/wire/targets.js';
import type { Problem } from '../../src/console/wire/shared.js';
import { createTimedServer } from '../../src/zitadel/actionServer.js';
import { closeAfterTest } from '../support/closings.js';
import { expectNoSecret, spellings } from '../support/canaries.js';
import { openActions } from '../support/openActions.js';
import { authenticate } from '../zitadel/openService.js';
import { listen } from '../support/listen.js';
import { changeHeaders, follow, openConsole, pageOfTests } from './openConsole.js';

describe('hostile input of the console', () => {
  it('is refused where a body is too long, not UTF-8, not JSON, ambiguous or missing', async () => {
    const { url } = await openConsole();
    const post = async (body: string | Uint8Array<ArrayBuffer>) => {
      const headers = { authorization: 'Bearer all', ...changeHeaders };
      const answer = await fetch(url('/api/explain'), { method: 'POST', headers, body });
      return [answer.status, ((await answer.json()) as Problem).code];
    };
    // One byte too many: with a much longer body the connection would end while the client still sends.
    expect(await post('x'.repeat(1_048_576 + 65_536 + 1))).to.deep.equal([413, 'TOO_LARGE']);
    expect(await post(new Uint8Array([0xff, 0xfe]))).to.deep.equal([400, 'INVALID_ARGUMENT']);
    expect(await post('{')).to.deep.equal([400, 'INVALID_ARGUMENT']);
    expect(await post('')).to.deep.equal([400, 'INVALID_ARGUMENT']);
    expect(await post(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)).to.deep.equal([
      400,
      'INVALID_ARGUMENT',
    ]);
    expect(await post('{"__proto__":{"kind":"event"},"name":"a"}')).to.deep.equal([400, 'INVALID_ARGUMENT']);
    expect(await post('{"kind":"event","name":"a","name":"b"}')).to.deep.equal([400, 'INVALID_ARGUMENT']);
  });

  it('comes back unchanged: markup, control characters and names of 1 000 characters', async () => {
    const { ask } = await openConsole();
    for (const name of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'line\u2028break\u0000\u001b[31m\u202e',
      '🦊'.repeat(1_000),
    ]) {
      const body = { name, type: 'webhook', endpoint: 'https://crm.example/' };
      const { document } = await ask<{ id: string }>('targets', { body });
      const shown = await ask<Target>(`targets/${document.id}`);
      expect(shown.document.name).to.equal(name);
      expect(shown.headers.get('content-type')).to.equal('application/json');
      expect(shown.headers.get('x-content-type-options')).to.equal('nosniff');
    }
  });

  it('is refused in addresses: parameters twice or unknown, bad escapes, other methods', async () => {
    const { ask, url } = await openConsole();
    for (const path of ['targets?limit=1&limit=2', 'calls?__proto__=1', 'calls/live?limit=1'])
      expect((await ask(path)).status, path).to.equal(400);
    for (const path of ['targets/%E0%A4%A', 'nothing', '', 'targets//', 'executions/one/more/of/it'])
      expect((await ask(path)).status, path).to.equal(404);
    expect((await ask(`targets/${'i'.repeat(300)}`)).status).to.equal(400);
    const headers = { authorization: 'Bearer all', ...changeHeaders };
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])
      expect((await fetch(url('/api/session'), { method, headers })).status, method).to.equal(405);
    expect((await fetch(url('/api/session'), { method: 'POST', headers, body: '{}' })).status).to.equal(405);
  });

  it('is refused where a body parser has already read the body', async () => {
    const { actions } = await openActions();
    const app = express();
    app.use(express.json());
    app.use('/console', createConsoleOf(actions, { authenticate }, { folder: pageOfTests() }));
    const port = await listen(createServer(app));
    const answer = await fetch(`http://127.0.0.1:${port}/console/api/explain`, {
      method: 'POST',
      headers: { authorization: 'Bearer all', ...changeHeaders },
      body: '{"kind":"event","name":"a"}',
    });
    expect([answer.status, ((await answer.json()) as Problem).message]).to.deep.equal([
      400,
      'the body is empty: register the console before parsers of bodies',
    ]);
  });

  it('loses its connection when its head or its body arrives slowly', async () => {
    const { actions } = await openActions();
    const served = createConsoleOf(actions, { authenticate }, { folder: pageOfTests() });
    const { server, close } = createTimedServer(served, { headMs: 200, requestMs: 600, idleMs: 300 });
    const port = await listen(server);
    closeAfterTest(close);
    for (const head of [
      'GET /api/session HTTP/1.1\r\nhost: a\r\nx-slow: ',
      'POST /api/explain HTTP/1.1\r\nhost: a\r\nauthorization: Bearer all\r\nx-actions-console: 1\r\n' +
        'content-type: application/json\r\ncontent-length: 1000\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(head);
      const drip = setInterval(() => socket.write('x'), 20);
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(drip);
    }
  });
});

/** Every answer of every endpoint, and of many that fail. */
async function everyAnswer(
  type: 'webhook' | 'requestResponse',
  { actions, call, ask, url }: Awaited<ReturnType<typeof openConsole>>,
) {
  const secret = 'canary-header-value';
  const endpoints = await call(
    { event: { all: true } },
    {
      type,
      path: '/hook/path?token=canary-query-value&other=canary-other-value',
      headers: { 'x-token': secret, authorization: 'Bearer canary-bearer-value' },
      script: ({ headers, path }) => ({ body: JSON.stringify({ echo: headers, path }) }),
    },
    { type: 'webhook', headers: { 'x-token': secret }, path: '/?canary-query-value', script: 'reset' },
  );
  const answers: unknown[] = [];
  const keep = async (path: string, asked: Parameters<typeof ask>[1] = {}) => {
    const answer = await ask<Record<string, unknown>>(path, asked);
    answers.push(answer.document, [...answer.headers]);
    return answer.document;
  };
  const live = await follow(url('/api/calls/live'));
  await live.next();
  const store = actions.intercept((await openActions()).store);
  await store.append('order-1', [{ type: 'order.placed', data: { amount: 1 } }]);
  answers.push(await live.next(), await live.next());
  const id = endpoints[0]?.id ?? '';
  for (const path of ['session', 'overview', 'targets', `targets/${id}`, 'executions', 'executions/tree'])
    await keep(path);
  for (const path of [
    'executions/one?id=event',
    'catalogue',
    'calls',
    'calls/1',
    'plots',
    'targets/none',
    'nothing',
  ])
    await keep(path);
  await keep('explain', { body: { kind: 'event', name: 'a' } });
  for (const send of [false, true]) await keep('rehearse', { body: { kind: 'event', name: 'a', send } });
  const added = await keep('targets', {
    body: {
      name: 'more',
      type: 'webhook',
      endpoint: 'https://crm.example/?canary-query-value',
      headers: { 'x-token': secret },
    },
  });
  const key = String(added['signingKey']);
  // Only this endpoint shows the stored text.
  answers.splice(answers.indexOf(added), 1);
  const { revision } = await keep(`targets/${String(added['id'])}`);
  for (const body of [
    { revision, headers: { 'x-token': null, 'x-more': secret } },
    { revision, timeoutMs: 5 },
    { revision: 'x', headers: { 'x-token': secret } },
    { revision, headers: { 'x-token\n': secret } },
    { revision, headers: { host: secret } },
    { revision, headers: { 'x-token': `${secret}\n` } },
    { revision, endpoint: 'https://user:canary-password-value@crm.example/' },
    { revision, endpoint: 'http://127.0.0.1:1/?canary-query-value' },
  ])
    await keep(`targets/${String(added['id'])}`, { body });
  await keep(`targets/${String(added['id'])}`);
  await keep('targets', {
    body: { name: 'more', type: 'webhook', endpoint: 'https://a.example/?canary-query-value' },
  });
  return {
    answers,
    secrets: [
      secret,
      'canary-bearer-value',
      'canary-query-value',
      'canary-other-value',
      'canary-password-value',
      ...[key, ...endpoints.map(({ signingKey }) => signingKey)].flatMap(spellings),
    ],
  };
}

describe('the secrets of targets', () => {
  // The second target amends the content, which belongs to the host from then on.
  for (const [captureBodies, type] of [
    [true, 'webhook'],
    [false, 'requestResponse'],
  ] as const)
    it(`are in no answer of the console, ${captureBodies ? 'with' : 'without'} the bodies of calls`, async () => {
      const opened = await openConsole({ calls: { captureBodies }, breaker: {} });
      const { answers, secrets } = await everyAnswer(type, opened);
      expect(answers.length).to.be.greaterThan(40);
      expectNoSecret(answers, secrets);
    });

  it('are not shown when another writer stored an endpoint that the library refuses', async () => {
    const { ask, actions, store } = await openConsole();
    const { id } = await actions.targets.add({
      name: 'crm',
      type: 'webhook',
      endpoint: 'https://crm.example/',
    });
    await store.append(`actions.target-default.${id}`, [
      {
        type: 'target.changed',
        data: { endpoint: 'https://user:canary-password@crm.example/a#canary-fragment' },
      },
    ]);
    const { document } = await ask<Target>(`targets/${id}`);
    expect(document.endpoint).to.equal('https://crm.example/a');
    await store.append(`actions.target-default.${id}`, [
      { type: 'target.changed', data: { endpoint: 'canary' } },
    ]);
    expect((await ask<Target>(`targets/${id}`)).document.endpoint).to.equal('***');
  });
});
