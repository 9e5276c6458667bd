import { expect } from 'chai';
import { allEndpoints } from '../../src/console/allEndpoints.js';
import { createFeeds } from '../../src/console/plots/feeds.js';
import type { Overview } from '../../src/console/wire/session.js';
import { createDeliveries, memoryDeliveryStore } from '../../src/index.js';
import { manualClock } from '../support/manualClock.js';
import { openActions } from '../support/openActions.js';
import { changeHeaders, openConsole } from './openConsole.js';

/** The permissions that each endpoint requires, and a request that is answered 200 with them. */
const requirements: Readonly<Record<string, readonly string[]>> = {
  'GET session': [],
  'GET overview': ['action.target.read'],
  'GET targets': ['action.target.read'],
  'GET targets/{id}': ['action.target.read'],
  'POST targets': ['action.target.write'],
  'POST targets/{id}': ['action.target.write'],
  'POST targets/{id}/pause': ['action.target.write'],
  'POST targets/{id}/rotate': ['action.target.write'],
  'POST targets/{id}/remove': ['action.target.delete'],
  'GET executions': ['action.execution.read'],
  'GET executions/tree': ['action.execution.read'],
  'GET executions/one': ['action.execution.read'],
  'POST executions': ['action.execution.write'],
  'POST executions/remove': ['action.execution.write'],
  'GET catalogue': ['action.execution.read'],
  'POST explain': ['action.execution.read'],
  'POST rehearse': ['action.execution.read', 'action.target.read'],
  'GET calls': ['action.execution.read'],
  'GET calls/{number}': ['action.execution.read'],
  'GET calls/live': ['action.execution.read'],
  'GET plots': ['action.target.read'],
  'GET deliveries': ['action.target.read'],
  'GET deliveries/items': ['action.target.read'],
  'GET deliveries/items/{id}': ['action.target.read'],
  'POST deliveries/replay': ['action.target.write'],
  'POST deliveries/discard': ['action.target.write'],
};

/** Valid requests to every endpoint, for targets, executions and deliveries that exist. */
async function openWhole() {
  const { actions } = await openActions();
  const deliveries = createDeliveries({ actions, store: memoryDeliveryStore() });
  const opened = await openConsole({}, { deliveries });
  const { targets, executions } = opened.actions;
  const { id } = await targets.add({ name: 'crm', type: 'webhook', endpoint: 'https://crm.example/' });
  await executions.set({ event: { all: true } }, [id]);
  const { revision } = await targets.get(id);
  const execution = (await executions.get({ event: { all: true } })).revision;
  const bodies: Readonly<Record<string, unknown>> = {
    'POST targets': { name: 'other', type: 'webhook', endpoint: 'https://crm.example/' },
    'POST targets/{id}': { revision, timeoutMs: 5 },
    'POST targets/{id}/pause': { revision, paused: true },
    'POST targets/{id}/rotate': { revision },
    'POST targets/{id}/remove': { revision },
    'POST executions': { id: 'event/a', entries: [{ target: id }], revision: null },
    'POST executions/remove': { id: 'event', revision: execution },
    'POST explain': { kind: 'event', name: 'a' },
    'POST rehearse': { kind: 'event', name: 'a', send: true },
    'POST deliveries/replay': { targetID: id },
    'POST deliveries/discard': { targetID: id },
  };
  const pathOf = (row: string) =>
    row
      .split(' ')[1]!
      .replace('{id}', id)
      .replace('{number}', '1')
      .replace('executions/one', 'executions/one?id=event');
  const send = (row: string, headers: Readonly<Record<string, string>>) =>
    fetch(opened.url(`/api/${pathOf(row)}`), {
      method: row.split(' ')[0]!,
      headers: { ...(row.startsWith('POST') && changeHeaders), ...headers },
      ...(row.startsWith('POST') && { body: JSON.stringify(bodies[row] ?? {}) }),
    });
  /** The state that any change would alter. */
  const state = async () =>
    JSON.stringify([
      await targets.list(),
      await executions.list(),
      (await opened.read(`actions.target-default.${id}`)).length,
    ]);
  return { ...opened, send, state };
}

describe('the endpoints of the console', () => {
  it('each have a row in this test, and require the permissions of the ActionService', async () => {
    const { actions } = await openActions();
    const clock = manualClock();
    const closing = new AbortController().signal;
    const feeds = createFeeds({ actions, clock, closing });
    const endpoints = allEndpoints({ actions, deliveries: undefined }, { feeds, clock, closing });
    expect(
      Object.fromEntries(endpoints.map((each) => [`${each.method} ${each.path}`, each.permissions])),
    ).to.deep.equal(requirements);
  });

  it('refuse an unknown caller, and write nothing', async () => {
    const { send, state } = await openWhole();
    const before = await state();
    for (const row of Object.keys(requirements))
      for (const headers of [{}, { authorization: 'Bearer wrong' }])
        expect((await send(row, headers)).status, row).to.equal(401);
    expect(await state()).to.equal(before);
  });

  it('refuse a caller who lacks one of the required permissions, and write nothing', async () => {
    const { send, state } = await openWhole();
    const before = await state();
    for (const [row, permissions] of Object.entries(requirements))
      for (const permission of permissions) {
        const answer = await send(row, { authorization: `Bearer but ${permission}` });
        expect([answer.status, await answer.json()], row).to.deep.equal([
          403,
          { code: 'PERMISSION_DENIED', message: `this call needs the permission ${permission}` },
        ]);
      }
    expect(await state()).to.equal(before);
  });

  it('let a reader read everything, and refuse a reader every change and every rehearsal that calls targets', async () => {
    const { send, state } = await openWhole();
    const before = await state();
    for (const row of Object.keys(requirements)) {
      const abort = row === 'GET calls/live';
      if (abort) continue;
      const { status } = await send(row, { authorization: 'Bearer reader' });
      const isAllowed = row.startsWith('GET') || row === 'POST explain';
      if (isAllowed) expect(status, row).to.be.oneOf([200, 404]);
      else expect(status, row).to.equal(403);
    }
    expect(await state()).to.equal(before);
  });

  it('refuse requests from a page of another origin, and write nothing', async () => {
    const { send, state, port } = await openWhole();
    const before = await state();
    const all = { authorization: 'Bearer all' };
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { origin: 'https://evil.example' },
      { origin: `http://127.0.0.1:${port + 1}` },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const row of Object.keys(requirements))
      for (const headers of foreign) {
        const answer = await send(row, { ...all, ...headers });
        expect([answer.status, ((await answer.json()) as { code: string }).code], row).to.deep.equal([
          403,
          'CROSS_SITE',
        ]);
        expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
      }
    for (const row of Object.keys(requirements).filter((each) => each.startsWith('POST'))) {
      expect((await send(row, { ...all, 'x-actions-console': '' })).status, row).to.equal(403);
      expect((await send(row, { ...all, 'sec-fetch-site': 'none' })).status, row).to.equal(403);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
        expect((await send(row, { ...all, 'content-type': type })).status, row).to.equal(415);
    }
    expect(await state()).to.equal(before);
  });

  it('answer the page of the console itself, in every spelling of the host', async () => {
    const { ask, port } = await openConsole();
    for (const headers of [
      { origin: `http://127.0.0.1:${port}` },
      { origin: `HTTP://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ])
      expect((await ask('session', { headers })).status).to.equal(200);
    expect(
      (
        await ask('explain', {
          body: { kind: 'event', name: 'a' },
          headers: { origin: `http://127.0.0.1:${port}` },
        })
      ).status,
    ).to.equal(200);
  });

  it('show nothing of another instance', async () => {
    const { ask, actions, call } = await openConsole({ breaker: {} });
    const [mine] = await call({ event: { all: true } }, { name: 'mine' });
    await actions.runAs({ instanceID: 'elsewhere' }, async () => {
      const { id } = await actions.targets.add({
        name: 'theirs-secret',
        type: 'webhook',
        endpoint: mine?.server.url() ?? '',
      });
      await actions.executions.set({ event: { event: 'theirs-secret' } }, [id]);
      await actions.executions.set({ request: { all: true } }, [id]);
      await actions.request('/theirs-secret.S/M', {});
    });
    await ask('plots', { token: 'elsewhere' });
    const theirs = await actions.runAs({ instanceID: 'elsewhere' }, () => actions.targets.list());
    const id = theirs.items[0]?.id ?? '';
    for (const path of [
      'overview',
      'targets?limit=200',
      `targets?search=${id}`,
      `targets/${id}`,
      'executions',
      'executions/tree',
      'executions/one?id=event/theirs-secret',
      'calls',
      'calls/1',
      'plots',
      `plots?targetID=${id}`,
    ]) {
      const text = JSON.stringify((await ask(path)).document);
      // The message of an error repeats the requested id.
      if (!path.includes('theirs-secret')) expect(text, path).not.to.include('theirs-secret');
      if (!path.includes(id)) expect(text, path).not.to.include(id);
    }
    const overview = (await ask<Overview>('overview', { token: 'elsewhere' })).document;
    expect(overview.totals).to.include({ targets: 1, executions: 2, calledTargets: 1 });
    const { revision } = theirs.items[0] ?? { revision: '' };
    expect((await ask(`targets/${id}`, { body: { revision, timeoutMs: 5 } })).status).to.equal(404);
    expect((await ask(`targets/${id}/remove`, { body: { revision } })).status).to.equal(404);
    expect(
      (await actions.runAs({ instanceID: 'elsewhere' }, () => actions.targets.get(id))).revision,
    ).to.equal(revision);
  });
});
