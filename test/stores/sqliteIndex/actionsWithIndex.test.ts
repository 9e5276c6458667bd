import Database from 'better-sqlite3';
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActions, memoryEventStore, type Actions, type EventStore } from '../../../src/index.js';
import { indexStoreOf } from '../../../src/routing/givenIndexStore.js';
import { sqliteIndexStore, type SQLiteIndexStore } from '../../../src/stores/sqlite/index.js';
import { aTarget } from '../../support/openCommands.js';

/** Notes where each subscription started. */
function noting(store: EventStore) {
  const starts: (bigint | undefined)[] = [];
  const noted: EventStore = {
    ...store,
    subscribe(options) {
      starts.push(options.after);
      return store.subscribe(options);
    },
  };
  return { noted, starts };
}

describe('actions with an index file', () => {
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  async function open(
    eventStore: EventStore,
    path: string,
  ): Promise<{ actions: Actions; indexStore: SQLiteIndexStore }> {
    const indexStore = sqliteIndexStore({ path });
    const actions = await createActions({ eventStore, indexStore, keyring: 'plaintext' });
    closing.unshift(
      () => actions.close(),
      () => indexStore.close(),
    );
    return { actions, indexStore };
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'index-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(folder, { recursive: true });
  });

  it('start from the checkpoint, and know the events before and after it', async () => {
    const path = join(folder, 'index.db');
    const store = memoryEventStore();
    const { noted, starts } = noting(store);
    const first = await open(noted, path);
    const { id } = await first.actions.targets.add(aTarget('order'));
    const { position } = await first.actions.executions.set({ event: { group: 'order' } }, [id]);
    await first.actions.whenApplied(position);
    await first.actions.close();
    await first.indexStore.close();

    const without = await createActions({ eventStore: store, keyring: 'plaintext' });
    await without.executions.set({ event: { event: 'order.placed' } }, [id]);
    await without.close();

    const second = await open(noted, path);
    // One subscription built the new file, one followed from there, and one resumed at the checkpoint.
    expect(starts).to.deep.equal([undefined, 0n, position]);
    expect(second.actions.explain({ event: 'order.placed' }).winner).to.equal('event/order.placed');
    expect(second.actions.explain({ event: 'order.paid' }).winner).to.equal('event/order.*');
    expect((await second.actions.verify()).drift).to.deep.equal([]);
  });

  it('share the first building of the index with a rebuild that is asked for meanwhile', async () => {
    const store = memoryEventStore();
    const writing = await createActions({ eventStore: store, keyring: 'plaintext' });
    const { id } = await writing.targets.add(aTarget('order'));
    await writing.executions.set({ event: { all: true } }, [id]);
    await writing.close();

    const { noted, starts } = noting(store);
    const indexStore = sqliteIndexStore({ path: join(folder, 'index.db') });
    const actions = await createActions({
      eventStore: noted,
      indexStore,
      keyring: 'plaintext',
      awaitReady: false,
    });
    closing.unshift(
      () => actions.close(),
      () => indexStore.close(),
    );
    const told: number[] = [];
    const impatient = new AbortController();
    const given = actions.rebuild({ signal: impatient.signal });
    impatient.abort(new Error('too long'));
    const [rebuilt, verified, left] = await Promise.all([
      actions.rebuild({ onProgress: ({ events }) => told.push(events) }),
      actions.verify(),
      given.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ]);
    expect(left).to.have.property('message', 'too long');
    expect(rebuilt).to.deep.include({ events: 2, drift: [] });
    expect(verified).to.deep.include({ events: 2, drift: [] });
    expect(told.at(-1)).to.equal(2);
    await actions.ready();
    // One subscription builds the index, one follows, and one compares.
    expect(starts.filter((after) => after === undefined)).to.have.length(2);
    expect(actions.explain({ event: 'order.placed' }).winner).to.equal('event');
  });

  it('write each event once, however many processes share the file', async () => {
    const path = join(folder, 'index.db');
    const store = memoryEventStore();
    const { actions: one } = await open(store, path);
    const { actions: other } = await open(store, path);
    const { id } = await one.targets.add(aTarget('order'));
    const { position } = await other.executions.set({ event: { all: true } }, [id]);
    for (const actions of [one, other]) {
      await actions.whenApplied(position);
      expect(actions.explain({ event: 'order.placed' }).targets.map(({ name }) => name)).to.deep.equal([
        'order',
      ]);
    }
    expect((await one.verify()).drift).to.deep.equal([]);
  });

  it('rebuild an index of another store or of another format', async () => {
    const path = join(folder, 'index.db');
    const old = memoryEventStore();
    const { actions, indexStore } = await open(old, path);
    const { id } = await actions.targets.add(aTarget('order'));
    await actions.whenApplied((await actions.executions.set({ event: { all: true } }, [id])).position);
    await actions.close();
    await indexStore.close();

    const other = await open(memoryEventStore(), path);
    expect(other.actions.explain({ event: 'order.placed' }).winner).to.equal(null);
    await other.actions.close();
    await other.indexStore.close();

    const db = new Database(path);
    db.prepare('UPDATE current SET format = 99').run();
    db.close();
    const mended = await open(old, path);
    expect(mended.actions.explain({ event: 'order.placed' }).winner).to.equal('event');
    expect(indexStoreOf(mended.indexStore).unusable).to.equal(undefined);
  });

  it('answer nothing from an unusable index, until it is rebuilt', async () => {
    const { actions, indexStore } = await open(memoryEventStore(), join(folder, 'index.db'));
    const { id } = await actions.targets.add(aTarget('order'));
    await actions.whenApplied((await actions.executions.set({ event: { all: true } }, [id])).position);
    indexStoreOf(indexStore).invalidate('another process uses the file for another store');
    expect(actions.health()).to.include({ caughtUp: false });
    await actions.ready();
    expect(indexStoreOf(indexStore).unusable).to.equal(undefined);
    expect(actions.explain({ event: 'order.placed' }).winner).to.equal('event');
  });

  it('mend an index whose rows were changed from outside, and say what was wrong', async () => {
    const path = join(folder, 'index.db');
    const { actions } = await open(memoryEventStore(), path);
    const { id } = await actions.targets.add(aTarget('order'));
    await actions.whenApplied((await actions.executions.set({ event: { all: true } }, [id])).position);
    await new Promise((resolve) => setImmediate(resolve));
    const db = new Database(path);
    db.exec(`UPDATE execution SET targets = '[]'`);
    db.close();
    const expected = [{ instanceID: 'default', kind: 'execution', id: 'event', difference: 'changed' }];
    expect((await actions.verify()).drift).to.deep.equal(expected);
    expect((await actions.rebuild()).drift).to.deep.equal(expected);
    expect((await actions.rebuild()).drift).to.deep.equal([]);
    expect(actions.explain({ event: 'order.placed' }).winner).to.equal('event');
  });
});
