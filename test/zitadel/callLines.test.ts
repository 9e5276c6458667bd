import { expect } from 'chai';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Caller } from '../../src/index.js';
import { serveCalls } from '../../src/zitadel/serving/callLines.js';
import { pulseMs } from '../../src/zitadel/serving/pulse.js';
import { createActionService, type Access } from '../../src/zitadel/index.js';
import { createServer } from 'node:http';
import { closeAfterTest } from '../support/closings.js';
import { manualClock } from '../support/manualClock.js';
import { openActions } from '../support/openActions.js';
import { authenticate, tokens } from './openService.js';
import { listen } from '../support/listen.js';

async function open(judge: (headers: Headers) => Access | undefined = authenticate) {
  const opened = await openActions();
  const { handler } = createActionService(opened.actions, { authenticate: judge });
  const port = await listen(createServer(handler));
  const url = (query = '') => `http://127.0.0.1:${port}/actions/calls${query}`;
  const ask = async (query = '', token = 'all') => {
    const answer = await fetch(url(query), { headers: { authorization: `Bearer ${token}` } });
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return { status: answer.status, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };
  return { ...opened, url, ask };
}

/** The lines of a streamed answer as they arrive. */
async function follow(url: string) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { authorization: 'Bearer all' }, agent: false }, resolve).on('error', reject);
  });
  closeAfterTest(() => {
    answer.destroy();
  });
  const lines = createInterface({ input: answer })[Symbol.asyncIterator]();
  return {
    answer,
    /** `undefined` for an empty line. */
    async next() {
      const line = String((await lines.next()).value);
      return line === '' ? undefined : (JSON.parse(line) as Record<string, unknown>);
    },
  };
}

describe('the latest calls of a served process', () => {
  it('are lines of JSON, the oldest first, filtered, for callers who may read executions', async () => {
    const { actions, call, ask } = await open();
    await call({ request: { all: true } }, { type: 'webhook' });
    for (const name of ['A', 'B', 'C']) await actions.request(`/a.S/${name}`, {});
    const conditions = async (query: string) => (await ask(query)).lines.map(({ condition }) => condition);
    expect(await conditions('')).to.deep.equal(['request/a.S/A', 'request/a.S/B', 'request/a.S/C']);
    expect(await conditions('?limit=2')).to.deep.equal(['request/a.S/B', 'request/a.S/C']);
    expect(await conditions('?condition=request/a.S/B')).to.deep.equal(['request/a.S/B']);
    expect(await conditions('?verdict=failed')).to.deep.equal([]);
    expect(await conditions('?since=2200-01-01T00:00:00Z')).to.deep.equal([]);
    expect((await ask('', 'only action.execution.read')).lines).to.have.length(3);
    expect((await ask('', 'elsewhere')).lines).to.deep.equal([]);
    expect((await ask('', 'wrong')).status).to.equal(401);
    expect((await ask('', 'but action.execution.read')).status).to.equal(403);
    for (const wrong of [
      'limit=x',
      'limit=0',
      'since=soon',
      'verdict=none',
      'follow=maybe',
      'more=1',
      'limit=1&limit=2',
    ])
      expect((await ask(`?${wrong}`)).status, wrong).to.equal(400);
  });

  it('go on with follow=true, and end with the actions', async () => {
    const { actions, call, url } = await open();
    await call({ request: { all: true } }, { type: 'webhook' });
    await actions.request('/a.S/A', {});
    const { answer, next } = await follow(url('?follow=true'));
    expect(await next()).to.include({ condition: 'request/a.S/A' });
    await actions.request('/a.S/B', {});
    expect(await next()).to.include({ condition: 'request/a.S/B', number: 2 });
    const ended = new Promise<void>((resolve) => answer.on('close', resolve));
    await actions.close();
    await ended;
  });

  for (const [what, judge] of Object.entries<() => Promise<Caller>>({
    'its token is taken back': () => Promise.reject(new Error('no')),
    'its token belongs to another instance': () => Promise.resolve({ instanceID: 'elsewhere' }),
    'its token is not judged until the next pulse': () => new Promise(() => undefined),
  }))
    it(`end for a follower when ${what}`, async () => {
      const { actions, call } = await openActions();
      await call({ request: { all: true } }, { type: 'webhook' });
      await actions.request('/a.S/A', {});
      const clock = manualClock();
      let admit: () => Promise<Caller> = () => Promise.resolve({ instanceID: 'default' });
      const port = await listen(
        createServer((request, response) => {
          void serveCalls(request, response, { actions, admit: () => admit(), clock });
        }),
      );
      const { answer, next } = await follow(`http://127.0.0.1:${port}/actions/calls?follow=true`);
      expect(await next()).to.include({ condition: 'request/a.S/A' });
      clock.advance(pulseMs);
      await clock.started(1);
      await actions.request('/a.S/B', {});
      expect(await next(), 'an empty line').to.equal(undefined);
      expect(await next()).to.include({ condition: 'request/a.S/B' });
      admit = judge;
      const ended = new Promise<void>((resolve) => answer.on('close', resolve));
      clock.advance(pulseMs);
      await new Promise(setImmediate);
      clock.advance(pulseMs);
      await ended;
      expect(clock.pending()).to.deep.equal([]);
    });

  it('end when the follower leaves, and are refused where 100 follow', async () => {
    const { url, ask } = await open();
    const followers = await Promise.all(Array.from({ length: 100 }, () => follow(url('?follow=true'))));
    expect((await ask('?follow=true')).status).to.equal(400);
    for (const { answer } of followers) answer.destroy();
    let status = 400;
    for (let tries = 0; tries < 200 && status !== 200; tries += 1) {
      const abort = new AbortController();
      const headers = { authorization: 'Bearer all' };
      ({ status } = await fetch(url('?follow=true'), { headers, signal: abort.signal }));
      abort.abort();
    }
    expect(status).to.equal(200);
  });

  it('are not delayed by a follower that reads nothing', async () => {
    const { actions, call, url } = await open();
    await call({ request: { all: true } }, { type: 'webhook' });
    const { answer } = await follow(url('?follow=true'));
    answer.pause();
    for (let place = 0; place < 300; place += 1) await actions.request('/a.S/A', {});
    expect(actions.calls.list({ limit: 1_000 })).to.have.length(300);
  });

  it('accept no other method of HTTP', async () => {
    const { url } = await open(() => tokens['all']);
    expect((await fetch(url(), { method: 'POST', body: '{}' })).status).to.equal(405);
  });
});
