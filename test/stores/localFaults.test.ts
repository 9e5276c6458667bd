import Database from 'better-sqlite3';
import { expect } from 'chai';
import { createActions, executionID, isActionsError, memoryEventStore } from '../../src/index.js';
import type { EventData } from '../../src/ports.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { collect } from '../../src/testing/contract/harness.js';
import { aTarget } from '../support/openCommands.js';
import { closeAfterTest } from '../support/closings.js';
import { openStore, rejection, storeKinds } from '../support/openActions.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { until } from '../support/conditions.js';

function freshFile(): string {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  return folder.file('events.db');
}

const codeOf = async (promise: Promise<unknown>) => {
  const error = await rejection(promise);
  return isActionsError(error) ? error.code : error;
};

describe('a local store', () => {
  for (const [what, now] of [
    [
      'throws',
      () => {
        throw new Error('no time');
      },
    ],
    ['gives NaN', () => NaN],
    ['gives a time past all dates', () => 9e15],
  ] as const)
    for (const [kind, open] of [
      ['memory', (options: { now: () => number }) => memoryEventStore(options)],
      ['SQLite', (options: { now: () => number }) => sqliteEventStore({ path: freshFile(), ...options })],
    ] as const)
      it(`in ${kind} refuses an append while its clock ${what}, and goes on after that`, async () => {
        let isBroken = true;
        const store = open({ now: () => (isBroken ? now() : 5) });
        closeAfterTest(() => store.close());
        expect(await codeOf(store.append('s', [{ type: 'a', data: {} }]))).to.equal('INVALID_ARGUMENT');
        isBroken = false;
        await store.append('s', [{ type: 'b', data: {} }]);
        expect((await collect(store.readStream('s'))).map(({ type }) => type)).to.deep.equal(['b']);
      });

  it('takes ids of 32 hex digits, and keeps each id as its UUID', async () => {
    const store = memoryEventStore();
    const id = '0123456789ABCDEF0123456789ABCDEF';
    const event = { id, type: 'a', data: {} };
    await store.append('s', [event], { expectedVersion: 'no-stream' });
    await store.append('s', [{ ...event, id: '01234567-89ab-cdef-0123-456789abcdef' }], {
      expectedVersion: 'no-stream',
    });
    expect((await collect(store.readStream('s'))).map((each) => each.id)).to.deep.equal([
      '01234567-89ab-cdef-0123-456789abcdef',
    ]);
    expect(await codeOf(store.append('s', [{ ...event, id: '0'.repeat(32) }]))).to.equal('INVALID_ARGUMENT');
  });

  it('refuses a list with a hole, and takes a list of a class of its own', async () => {
    const store = memoryEventStore();
    const holes = new Array<EventData>(2);
    holes[1] = { type: 'a', data: {} };
    expect(await codeOf(store.append('s', holes))).to.equal('INVALID_ARGUMENT');
    class Events extends Array<EventData> {}
    await store.append('s', Events.from([{ type: 'a', data: {} }]));
    expect(await collect(store.readStream('s'))).to.have.length(1);
  });

  it('returns damaged data as bytes, and the events after them', async () => {
    const path = freshFile();
    const store = sqliteEventStore({ path });
    closeAfterTest(() => store.close());
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    await store.append('actions.execution-default.event/a', [
      { type: 'execution.set', data: { targets: [] } },
    ]);
    const db = new Database(path);
    db.exec(`UPDATE event SET data = '{"targets": [secret', metadata = '{"x'`);
    db.close();
    const { id } = await actions.targets.add(aTarget('t'));
    await actions.whenApplied((await actions.executions.set({ event: { all: true } }, [id])).position);
    const again = await createActions({ eventStore: store, keyring: 'plaintext' });
    closeAfterTest(() => again.close());
    const { caughtUp, failedEvents } = again.health();
    expect([caughtUp, failedEvents.length]).to.deep.equal([true, 1]);
    expect(failedEvents[0]?.reason).not.to.contain('secret');
    expect((await again.executions.list()).items.map((each) => each.id)).to.deep.equal(['event']);
    expect((await again.rebuild()).drift).to.deep.equal([]);
    const [damaged] = await collect(store.readStream('actions.execution-default.event/a'));
    expect(damaged?.data).to.be.instanceOf(Uint8Array);
  });

  it('ends the projection when it is closed before the actions, and health says so', async () => {
    const store = memoryEventStore();
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    await store.close();
    expect(await codeOf(actions.targets.add(aTarget('t')))).to.equal('EVENT_STORE_UNAVAILABLE');
    await until(() => actions.health().failure !== undefined);
    expect(actions.health()).to.include({ connected: false }).and.property('failure').contains('closed');
    await actions.close();
  });

  for (const kind of storeKinds)
    it(`closed in ${kind} fails a rebuild and a comparison with its own error`, async () => {
      const store = await openStore(kind);
      const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
      await store.close?.();
      expect(await codeOf(actions.rebuild())).to.equal('EVENT_STORE_UNAVAILABLE');
      expect(await codeOf(actions.verify())).to.equal('EVENT_STORE_UNAVAILABLE');
      await actions.close();
    });
});

describe('commands', () => {
  it('refuse names with half a surrogate pair, which the store would keep as one name', async () => {
    const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    for (const name of ['\ud800pay', '\ud801pay', 'pay\udfff'])
      expect(await codeOf(actions.targets.add(aTarget(name)))).to.equal('INVALID_ARGUMENT');
    expect((await actions.targets.add(aTarget('\ud83d\ude00'))).id).to.be.a('string');
  });

  it('refuse a clock that gives no time', async () => {
    const eventStore = memoryEventStore();
    const actions = await createActions({ eventStore, keyring: 'plaintext', now: () => NaN });
    closeAfterTest(() => actions.close());
    const { id } = await actions.targets.add(aTarget('t'));
    expect(await codeOf(actions.targets.rotateSigningKey(id, { graceMs: 1_000 }))).to.equal(
      'INVALID_ARGUMENT',
    );
    expect((await actions.targets.get(id)).name).to.equal('t');
  });

  it('refuse a list that expands to too many targets, set below or above', async () => {
    const actions = await createActions({
      eventStore: memoryEventStore(),
      keyring: 'plaintext',
      limits: { resolvedTargets: 4 },
    });
    closeAfterTest(() => actions.close());
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.push((await actions.targets.add(aTarget(name))).id);
    const [x, y, top] = ['x', 'y', 'top'].map((event) => ({ event: { event } })) as [
      { event: { event: string } },
      { event: { event: string } },
      { event: { event: string } },
    ];
    await actions.executions.set(x, ids);
    await actions.executions.set(y, ids.slice(0, 1));
    await actions.executions.set(top, [{ include: x }, { include: y }]);
    expect(await codeOf(actions.executions.set(y, ids))).to.equal('INVALID_ARGUMENT');
    expect(await codeOf(actions.executions.set(top, [{ include: x }, ids[0]!, ids[1]!]))).to.equal(
      'INVALID_ARGUMENT',
    );
    expect((await actions.executions.get(y)).targets).to.deep.equal(ids.slice(0, 1));
    expect(executionID(y)).to.equal('event/y');
  });
});
