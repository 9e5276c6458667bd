import Database from 'better-sqlite3';
import { expect } from 'chai';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createActions } from '../../../src/index.js';
import { indexStoreOf } from '../../../src/routing/givenIndexStore.js';
import { memoryEventStore } from '../../../src/stores/memory.js';
import { sqliteIndexStore } from '../../../src/stores/sqlite/index.js';
import { aTarget } from '../../support/openCommands.js';
import { closeAfterTest } from '../../support/closings.js';
import { isActionsError } from '../../../src/errors.js';
import { freshPath, nextTurn, open } from './openIndex.js';
import { until } from '../../support/conditions.js';

const everyEvent = { event: { all: true } } as const;

/** Actions with one target for every event, and their index file. */
async function openActions(path = freshPath()) {
  const indexStore = sqliteIndexStore({ path });
  const actions = await createActions({ eventStore: memoryEventStore(), indexStore, keyring: 'plaintext' });
  closeAfterTest(async () => {
    await actions.close();
    await indexStore.close();
  });
  const { id } = await actions.targets.add(aTarget('t'));
  const { position } = await actions.executions.set(everyEvent, [id]);
  await actions.whenApplied(position);
  await nextTurn();
  return { actions, id, path };
}

/** Another process that holds the lock. */
function hold(path: string): Database.Database {
  const db = new Database(path, { timeout: 1_000 });
  db.exec('BEGIN IMMEDIATE');
  return db;
}

const winner = (explained: { readonly winner: string | null }) => explained.winner;

describe('an index file that fails in use', () => {
  for (const emptied of ['current', 'generation'])
    it(`answers INDEX_NOT_READY at once where the rows of ${emptied} are gone, and is rebuilt`, async () => {
      const { actions, path } = await openActions();
      const db = new Database(path);
      db.exec(`DELETE FROM ${emptied}; DELETE FROM target; DELETE FROM execution`);
      db.close();
      let error: unknown;
      try {
        actions.explain({ event: 'never.asked.before' });
      } catch (thrown) {
        error = thrown;
      }
      expect(isActionsError(error, 'INDEX_NOT_READY'), String(error)).to.equal(true);
      expect(actions.health().caughtUp).to.equal(false);
      await actions.ready();
      expect(winner(actions.explain({ event: 'a' }))).to.equal('event');
    });

  it('costs a rebuild where a row is damaged, and no error shows the row', async () => {
    const { actions, path } = await openActions();
    const db = new Database(path);
    db.exec(`UPDATE execution SET targets = '[{"secret'`);
    db.close();
    let error: unknown;
    try {
      actions.explain({ event: 'a' });
    } catch (thrown) {
      error = thrown;
    }
    expect(isActionsError(error, 'INDEX_NOT_READY'), String(error)).to.equal(true);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.to.contain('secret');
    await actions.ready();
    expect(winner(actions.explain({ event: 'a' }))).to.equal('event');
    expect((await actions.verify()).drift).to.deep.equal([]);
  });

  it('costs a replay where its tables are gone: the index goes on in memory, and health says so', async () => {
    const { actions, id, path } = await openActions();
    const db = new Database(path);
    db.exec('DROP TABLE target; DROP TABLE execution; DROP TABLE building');
    db.close();
    await actions.targets.change(id, { timeoutMs: 5_000 });
    await actions.ready();
    expect(winner(actions.explain({ event: 'a' }))).to.equal('event');
    expect(actions.health()).to.have.property('indexFileFailure').that.contains('SQLITE_');
    expect((await actions.targets.get(id)).timeoutMs).to.equal(5_000);
    expect((await actions.rebuild()).drift).to.deep.equal([]);
  });

  it('costs a replay where the file becomes garbage, which a timer finds and reports', async () => {
    const path = freshPath();
    const store = open(path);
    const warnings: string[] = [];
    const hear = ({ message }: Error) => warnings.push(message);
    process.on('warning', hear);
    closeAfterTest(() => process.off('warning', hear));
    const replaced = new Promise<void>((resolve) => store.onReplaced(resolve));
    for (const file of [path, `${path}-wal`, `${path}-shm`])
      if (existsSync(file)) writeFileSync(file, 'garbage '.repeat(10_000));
    await replaced;
    expect(store.unusable).to.contain('the index file fails with SQLITE_');
    await nextTurn();
    expect(warnings).to.deep.equal([]);
  });

  it('waits with timers for the process that holds the lock, and then has the written events', async () => {
    const { actions, id, path } = await openActions();
    const other = hold(path);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    const changing = actions.targets.change(id, { timeoutMs: 5_000 });
    await until(() => ticks >= 20);
    other.exec('ROLLBACK');
    other.close();
    clearInterval(ticking);
    await changing;
    expect((await actions.targets.get(id)).timeoutMs).to.equal(5_000);
  });

  it('is the same file by a link: a process never waits for itself', async () => {
    const { actions, path } = await openActions();
    const link = `${path}.link`;
    symlinkSync(path, link);
    const other = sqliteIndexStore({ path: link });
    closeAfterTest(() => other.close());
    indexStoreOf(other).current.reach(10_000n);
    expect(actions.health().position).to.equal(10_000n);
  });

  it('is refused in words when the file holds garbage, and left alone', () => {
    const path = freshPath();
    writeFileSync(path, 'garbage '.repeat(1_000));
    let error: unknown;
    try {
      sqliteIndexStore({ path });
    } catch (thrown) {
      error = thrown;
    }
    expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
  });
});

describe('the lock of a builder', () => {
  const now = Date.now();
  const gone: Readonly<Record<string, readonly [host: string, process: number, beat: number]>> = {
    'of this host and process id, as the next container has them': [hostname(), process.pid, now],
    'of a process that runs, with a beat of a minute ago': [hostname(), 1, now - 60_000],
    'of another host, with a beat of a minute ago': ['elsewhere', 1, now - 60_000],
    'of another host, with a beat an hour ahead': ['elsewhere', 1, now + 3_600_000],
  };
  for (const [what, [host, process_, beat]] of Object.entries(gone))
    it(`is taken over: ${what}`, () => {
      const path = freshPath();
      const store = open(path);
      const db = new Database(path);
      db.prepare("INSERT INTO building VALUES (1, 99, 'a builder', ?, ?, 'its token', ?)").run(
        host,
        process_,
        beat,
      );
      db.close();
      store.shadow().release();
    });

  it('is respected while the builder beats', () => {
    const path = freshPath();
    const store = open(path);
    const db = new Database(path);
    db.prepare("INSERT INTO building VALUES (1, 99, 'a builder', 'elsewhere', 1, 'its token', ?)").run(
      Date.now(),
    );
    db.close();
    expect(() => store.shadow()).to.throw(/a builder is already building/);
  });
});
