import { expect } from 'chai';
import { isActionsError } from '../../../src/errors.js';
import type { AppendResult, EventData } from '../../../src/ports.js';
import { openDatabase } from '../../../src/stores/sqlite/driver.js';
import { GroupCommit } from '../../../src/stores/sqlite/sqliteGroupCommit.js';
import { eventFile } from '../../../src/stores/sqlite/eventFile.js';
import { prepareFile } from '../../../src/stores/sqlite/ownFile.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { proposeAppend } from '../../../src/events/proposedAppend.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { walCommits } from './walCommits.js';
import { until } from '../../support/conditions.js';

const event: EventData = { type: 'e', data: {} };
const uuid = '22222222-2222-4222-8222-222222222222';

/** The transaction alone, on a connection whose limits and locks the test sets. */
function groupCommitOn(path: string, lockMs?: number) {
  const db = openDatabase(path, { timeout: 0 });
  prepareFile(db, path, eventFile('NORMAL'), 10_000);
  const announced: string[] = [];
  const group = new GroupCommit({
    db,
    path,
    now: Date.now,
    announce: (streams) => announced.push(...streams),
    lockMs,
  });
  const append = (
    stream: string,
    events: readonly EventData[],
    signal?: AbortSignal,
  ): Promise<AppendResult> =>
    group.add(
      proposeAppend(stream, events, {}, () => uuid),
      signal,
    );
  return { db, append, announced };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return isActionsError(error) ? error.code : String(error);
  }
}

describe('group commit', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = folder.file('events.db');
  });
  afterEach(() => {
    folder.remove();
  });

  it('lets 64 appends at once share one commit, and each later append have its own', async () => {
    await using store = sqliteEventStore({ path });
    await store.append('first', [event]);
    const before = walCommits(path);
    await Promise.all(Array.from({ length: 64 }, (_, index) => store.append(`s-${index}`, [event])));
    expect(walCommits(path) - before).to.equal(1);
    for (let index = 0; index < 5; index += 1) await store.append('s-1', [event]);
    expect(walCommits(path) - before).to.equal(6);
  });

  it('answers after the commit: another connection sees every acknowledged event', async () => {
    await using store = sqliteEventStore({ path });
    const other = openDatabase(path, { readonly: true });
    const count = other.prepare<[string], number>(
      'SELECT count(*) FROM event JOIN stream ON stream.id = event.stream WHERE stream.name = ?',
    );
    try {
      const seen = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          store.append(`s-${index}`, [event]).then(() => count.pluck().get(`s-${index}`)),
        ),
      );
      expect(seen).to.deep.equal(Array.from({ length: 30 }, () => 1));
    } finally {
      other.close();
    }
  });

  it('writes no commit for refused, repeated or empty appends', async () => {
    await using store = sqliteEventStore({ path });
    await store.append('s', [{ ...event, id: uuid }]);
    const before = walCommits(path);
    const answers = await Promise.all([
      codeOf(store.append('s', [event], { expectedVersion: 4n })),
      codeOf(store.append('s', [{ ...event, id: uuid }])),
      codeOf(store.append('s', [])),
    ]);
    expect(answers).to.deep.equal(['CONCURRENCY_CONFLICT', 'done', 'done']);
    expect(walCommits(path)).to.equal(before);
  });

  it('does not let an append that cannot be written fail the other appends', async () => {
    const { db, append, announced } = groupCommitOn(path);
    await append('before', [event]);
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 10}`);
    const answers = await Promise.all([
      codeOf(append('a', [event])),
      codeOf(append('large', [{ type: 'e', data: 'x'.repeat(1_000_000) }])),
      codeOf(append('b', [event])),
    ]);
    expect(answers).to.deep.equal(['done', 'EVENT_STORE_UNAVAILABLE', 'done']);
    expect(announced).to.deep.equal(['before', 'a', 'b']);
    expect(db.prepare('SELECT name FROM stream ORDER BY id').pluck().all()).to.deep.equal([
      'before',
      'a',
      'b',
    ]);
    db.close();
  });

  it('waits for the lock of another process without holding up the event loop', async () => {
    const { db, append } = groupCommitOn(path, 60_000);
    const other = openDatabase(path, {});
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    const appended = append('s', [event]);
    await until(() => turns >= 20);
    other.exec('COMMIT');
    expect((await appended).version).to.equal(0n);
    clearInterval(turning);
    other.close();
    db.close();
  });

  it('gives up with nothing written when the lock is never released', async () => {
    const { db, append } = groupCommitOn(path, 30);
    const other = openDatabase(path, {});
    other.exec('BEGIN IMMEDIATE');
    expect(await codeOf(append('s', [event]))).to.equal('EVENT_STORE_UNAVAILABLE');
    other.exec('COMMIT');
    expect(db.prepare('SELECT count(*) FROM event').pluck().get()).to.equal(0);
    expect((await append('s', [event])).version).to.equal(0n);
    other.close();
    db.close();
  });

  it('drops an append whose signal is aborted before its transaction begins, and no other append', async () => {
    const { db, append } = groupCommitOn(path);
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const answers = Promise.allSettled([append('s', [event], controller.signal), append('t', [event])]);
    controller.abort(reason);
    const [aborted, other] = await answers;
    expect(aborted).to.deep.equal({ status: 'rejected', reason });
    expect(other.status).to.equal('fulfilled');
    expect(db.prepare('SELECT name FROM stream').pluck().all()).to.deep.equal(['t']);
    db.close();
  });

  it('says that the outcome is unknown when the commit itself fails', async () => {
    const { db, append } = groupCommitOn(path);
    // A deferred constraint is the one failure that a test can have at COMMIT, and nowhere before.
    db.exec(`PRAGMA foreign_keys = ON; CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (parent REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER break AFTER INSERT ON event WHEN new.type = 'breaks' BEGIN INSERT INTO child VALUES (7); END;`);
    const breaking = append('s', [{ ...event, type: 'breaks' }]).catch((error: unknown) => error);
    expect(await breaking).to.include({ code: 'OUTCOME_UNKNOWN', stream: 's', expectedVersion: 'any' });
    expect(await breaking)
      .to.have.property('eventIDs')
      .that.deep.equals([uuid]);
    expect((await append('s', [event])).version).to.equal(0n);
    db.close();
  });
});
