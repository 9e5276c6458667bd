import { expect } from 'chai';
import type { NameLookup } from '../../../src/index.js';
import { until } from '../../support/conditions.js';
import { openActions, type OpenedActions } from '../../support/openActions.js';
import type { TargetServer } from '../../support/targetServer.js';

type Type = 'async' | 'webhook';

/** Targets of one instance at `server`, one for each path, all called for every event. */
const callIn = (
  { actions }: OpenedActions,
  instanceID: string,
  [server, type, ...paths]: readonly [TargetServer, Type, ...(readonly string[])],
) =>
  actions.runAs({ instanceID }, async () => {
    const ids: string[] = [];
    for (const path of paths) {
      const settings = { name: path, type, endpoint: server.url(path) };
      ids.push((await actions.targets.add(settings)).id);
    }
    await actions.executions.set({ event: { all: true } }, ids);
  });

describe('a tenant whose targets never answer', () => {
  const appendIn = (
    { actions, guarded }: OpenedActions,
    instanceID: string,
    place: number,
    data: object = {},
  ) =>
    actions.runAs({ instanceID }, () =>
      guarded.append(`order-${instanceID}${place}`, [{ type: 'placed', data: { ...data } }]),
    );
  const quietAt = (prefix: string) => (call: { readonly path: string }) =>
    call.path.startsWith(prefix) ? new Promise<never>(() => undefined) : {};

  it('leaves the async calls of others their places and their part of the queue', async () => {
    const opened = await openActions({
      limits: { asyncAtOnce: 8, callsPerTarget: 6, asyncQueue: 50, drainMs: 0 },
    });
    const slow = await opened.serve(quietAt('/slow'));
    const quick = await opened.serve({});
    await callIn(opened, 'a', [slow, 'async', '/slow1', '/slow2']);
    await callIn(opened, 'b', [quick, 'async', '/quick']);
    for (let place = 0; place < 100; place++) await appendIn(opened, 'a', place);
    expect(opened.actions.health().dropped).to.be.above(0);
    for (let place = 0; place < 20; place++) await appendIn(opened, 'b', place);
    await until(() => quick.received.length === 20);
  });

  it('leaves other tenants their places at a shared host', async () => {
    const opened = await openActions({ limits: { callsPerHost: 8, callsPerTarget: 6, drainMs: 0 } });
    const server = await opened.serve(quietAt('/slow'));
    await callIn(opened, 'a', [server, 'async', '/slow1', '/slow2']);
    await callIn(opened, 'b', [server, 'webhook', '/quick']);
    for (let place = 0; place < 50; place++) await appendIn(opened, 'a', place);
    await until(() => server.received.length >= 6);
    for (let place = 0; place < 20; place++) await appendIn(opened, 'b', place);
    expect(server.received.filter(({ path }) => path === '/quick')).to.have.length(20);
  });

  it('holds a bounded number of bytes of async calls, and counts and reports the dropped calls', async () => {
    const opened = await openActions({
      limits: { asyncAtOnce: 1, asyncQueueBytes: 1_000_000, drainMs: 0 },
    });
    const slow = await opened.serve(quietAt('/slow'));
    await callIn(opened, 'a', [slow, 'async', '/slow']);
    const data = { text: 'x'.repeat(100_000) };
    for (let place = 0; place < 30; place++) await appendIn(opened, 'a', place, data);
    const { dropped, queues } = opened.actions.health();
    expect(queues.async).to.deep.equal({ running: 1, waiting: 9 });
    expect(dropped).to.equal(20);
    expect(opened.reports.map(({ reason }) => reason)).to.deep.equal(
      Array.from({ length: 20 }, () => 'queue-full'),
    );
  });

  it('leaves the lookups of other tenants their places, and its own lookups leave the queue when given up', async () => {
    const asked: string[] = [];
    const lookup: NameLookup = (name, _options, callback) => {
      asked.push(name);
      if (!name.startsWith('never')) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const opened = await openActions({ network: { lookup, allow: ['127.0.0.0/8'] }, limits: { drainMs: 0 } });
    const { actions } = opened;
    const server = await opened.serve({});
    await actions.network.change({ lookup, allow: ['127.0.0.0/8', `*.example:${server.port}`] });
    const add = (instanceID: string, name: string, timeoutMs: number) =>
      actions.runAs({ instanceID }, async () => {
        const endpoint = `http://${name}.example:${server.port}/`;
        return (await actions.targets.add({ name, type: 'async', endpoint, timeoutMs })).id;
      });
    const never: string[] = [];
    for (let place = 0; place < 12; place++) never.push(await add('a', `never${place}`, 2_000));
    await actions.runAs({ instanceID: 'a' }, () => actions.executions.set({ event: { all: true } }, never));
    const quick = await add('b', 'quick', 10_000);
    await actions.runAs({ instanceID: 'b' }, () => actions.executions.set({ event: { all: true } }, [quick]));
    await appendIn(opened, 'a', 1);
    await until(() => asked.length > 0);
    await appendIn(opened, 'b', 1);
    await until(() => server.received.length === 1);
    // Calls that waited for a lookup were aborted before the lookup began.
    await until(() => opened.reports.filter(({ reason }) => reason === 'timeout').length === 12);
    expect(asked.filter((name) => name.startsWith('never'))).to.have.length.within(1, 3);
  });
});
