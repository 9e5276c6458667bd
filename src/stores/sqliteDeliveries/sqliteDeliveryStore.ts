import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { targetKey } from '../../deliveries/store/keys.js';
import { decode, encode } from '../../deliveries/store/codec.js';
import type {
  Commit,
  DeadLetter,
  DeadLetterQuery,
  DeliveryRequest,
  DeliveryStore,
  PartitionLease,
  PartitionState,
  WorkerBeat,
} from '../../deliveries/store/deliveryStore.js';
import { EventStoreUnavailableError, InvalidArgumentError, isActionsError } from '../../errors.js';
import { requireText } from '../../events/proposedAppend.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { openOwnFile } from '../sqlite/ownFile.js';
import { whyOf } from '../sqlite/sqliteErrors.js';
import { commitStatements } from './commitStatements.js';
import {
  cursorColumns,
  cursorOf,
  laneColumns,
  laneOf,
  letterColumns,
  letterConditions,
  letterOf,
} from './rowValues.js';
import { deliveryFile } from './deliveryFile.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The options of {@link sqliteDeliveryStore}. */
export interface SQLiteDeliveryStoreOptions {
  /** The path of a separate file on a local disk: not the event store's file. */
  readonly path: string;
}

const optionNames: OptionNames<SQLiteDeliveryStoreOptions> = { path: true };

/** How long opening the file and a commit wait for another process. Milliseconds. */
const openingMs = 10_000;
const busyMs = 2_000;

type Row = Readonly<Record<string, bigint | string | number | null>>;

function readState(db: Database.Database, partition: number): PartitionState | undefined {
  const position = db
    .prepare<[number], string | bigint | null>('SELECT position FROM partition WHERE number = ?')
    .pluck()
    .safeIntegers()
    .get(partition);
  if (position === undefined || position === null) return undefined;
  const rows = (columns: string, table: string) =>
    db
      .prepare<[number], Row>(`SELECT ${columns} FROM ${table} WHERE partition = ?`)
      .safeIntegers()
      .all(partition);
  return {
    position: BigInt(position),
    cursors: rows(cursorColumns, 'cursor').map(cursorOf),
    lanes: rows(laneColumns, 'lane').map(laneOf),
  };
}

const cannotOpen = (file: string, error: unknown): Error =>
  isActionsError(error)
    ? error
    : new EventStoreUnavailableError(
        `the delivery file ${shownText(file)} cannot be opened: ${whyOf(error)}`,
        { cause: error },
      );

/**
 * Keeps the progress of durable delivery in a separate SQLite file, for any number of processes on one machine. A power
 * failure may lose the last commits: deliveries are then repeated, and none is lost.
 *
 * @throws {@link MissingDependencyError} without better-sqlite3; {@link InvalidArgumentError} for a file of another kind;
 *   {@link EventStoreUnavailableError} for a file that cannot be opened
 */
export function sqliteDeliveryStore(options: SQLiteDeliveryStoreOptions): DeliveryStore {
  const { path } = readOptions(options, optionNames, 'sqliteDeliveryStore');
  const file = resolve(requireText(path, 'path'));
  if (path === ':memory:')
    throw new InvalidArgumentError(
      'path names a file, not ":memory:"; for a store in memory use memoryDeliveryStore(); nothing was opened',
    );
  const db = openOwnFile(file, deliveryFile, { openingMs, busyMs }, (error) => cannotOpen(file, error));
  const write = commitStatements(db);

  /** An error of SQLite, without the content of the file. */
  const guarded = <Result>(action: () => Result): Promise<Result> =>
    new Promise((done, failed) => {
      try {
        done(action());
      } catch (error) {
        const text = `the delivery file ${shownText(file)}: ${whyOf(error)}`;
        failed(new EventStoreUnavailableError(text, { cause: error, closed: !db.open }));
      }
    });

  const claim = db.transaction((partition: number, workerID: string, epoch: bigint) => {
    const known = db
      .prepare<[number], bigint>('SELECT epoch FROM partition WHERE number = ?')
      .pluck()
      .safeIntegers()
      .get(partition);
    if ((known ?? 0n) !== epoch) return undefined;
    db.prepare(
      `INSERT INTO partition (number, owner, epoch) VALUES (?, ?, ?)
       ON CONFLICT (number) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch`,
    ).run(partition, workerID, epoch + 1n);
    return { epoch: epoch + 1n, state: readState(db, partition) };
  });

  function letters(query: DeadLetterQuery): readonly DeadLetter[] {
    const [where, values] = letterConditions(query);
    const sql = `SELECT ${letterColumns} FROM dead_letter WHERE ${where} ORDER BY id LIMIT ?`;
    return db
      .prepare<unknown[], Row>(sql)
      .safeIntegers()
      .all(...values, query.limit)
      .map(letterOf);
  }

  return {
    timing: { commitMs: 250, leaseMs: 10_000 },
    partitions: () =>
      guarded(() =>
        db
          .prepare<[], { number: bigint; owner: string | null; epoch: bigint }>(
            'SELECT number, owner, epoch FROM partition',
          )
          .safeIntegers()
          .all()
          .map(({ number, owner, epoch }): PartitionLease => ({
            partition: Number(number),
            owner: owner ?? undefined,
            epoch,
          })),
      ),
    workers: () =>
      guarded(() => db.prepare<[], WorkerBeat>('SELECT id, host, process, started, beat FROM worker').all()),
    beat: (worker) =>
      guarded(() => {
        db.prepare(
          'INSERT OR REPLACE INTO worker (id, host, process, started, beat) VALUES (@id, @host, @process, @started, @beat)',
        ).run(worker);
      }),
    leave: (workerID) => guarded(() => void db.prepare('DELETE FROM worker WHERE id = ?').run(workerID)),
    claim: ({ partition, workerID, epoch }) => guarded(() => claim.immediate(partition, workerID, epoch)),
    commit: (commit: Commit) => guarded(() => write(commit)),
    release: ({ partition, workerID, epoch }) =>
      guarded(() => {
        db.prepare('UPDATE partition SET owner = NULL WHERE number = ? AND owner = ? AND epoch = ?').run(
          partition,
          workerID,
          epoch,
        );
      }),
    state: (partition) => guarded(() => db.transaction(() => readState(db, partition))()),
    deadLetters: (query) => guarded(() => letters(query)),
    deadLetter: (id) =>
      guarded(() => {
        const sql = `SELECT ${letterColumns} FROM dead_letter WHERE id = ?`;
        const row = db.prepare<[string], Row>(sql).safeIntegers().get(id);
        return row && letterOf(row);
      }),
    deadLetterCounts: () =>
      guarded(() => {
        const sql = 'SELECT instance, target, count(*) AS count FROM dead_letter GROUP BY instance, target';
        const rows = db.prepare<[], { instance: string; target: string; count: number }>(sql).all();
        return new Map(
          rows.map(({ instance, target, count }) => [
            targetKey({ instanceID: instance, targetID: target }),
            count,
          ]),
        );
      }),
    request: (request) =>
      guarded(() => {
        db.prepare(
          `INSERT OR IGNORE INTO request (id, number, partition, json)
           SELECT ?, 1 + coalesce(max(number), 0), ?, ? FROM request`,
        ).run(request.id, request.partition, encode(request));
      }),
    requests: (partition) =>
      guarded(() =>
        db
          .prepare<[number], string>('SELECT json FROM request WHERE partition = ? ORDER BY number')
          .pluck()
          .all(partition)
          .map((json) => decode(json) as DeliveryRequest),
      ),
    close: () =>
      guarded(() => {
        db.close();
      }),
  };
}
