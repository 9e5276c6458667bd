import type Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailableError } from '../../errors.js';
import type { MemoryIndex } from '../../routing/memoryIndex.js';
import type { PlacedRow } from '../../routing/memoryRows.js';
import { indexedAggregates } from '../../routing/rows/reduceEvent.js';
import { IndexBusyError } from '../../routing/onceFree.js';
import type { BuildingLock } from './buildingLock.js';
import type { FileAccess } from './fileAccess.js';
import { createSQLiteRows } from './sqliteRows.js';
import { createStatements } from './statements.js';
import type { Writes } from './writes.js';

/** Rows in a transaction: few, so that other processes soon get the lock. */
const pieceRows = 1_000;

/** How long a step waits for another process that holds the lock. Milliseconds. */
const retryMs = 20;

export interface SaveOptions {
  readonly db: Database.Database;
  readonly access: FileAccess;
  readonly lock: BuildingLock;
  readonly writes: Writes;
}

/** Sorts rows by the primary key of their table, so that each page of the file is written once. */
function sorted(rows: Iterable<PlacedRow>): readonly PlacedRow[] {
  const keyed = Array.from(rows, (row) => ({ row, key: `${row[0].instanceID}.${row[0].id}` }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
  return keyed.map(({ row }) => row);
}

export const takenOver = (): EventStoreUnavailableError =>
  new EventStoreUnavailableError('another process has begun to build the index; the old one stays');

/** Returns the steps that write an index as a generation of rows, each in one transaction. The checkpoint comes last. */
export function stepsToSave(
  index: MemoryIndex,
  { db, access, lock, writes }: SaveOptions,
): readonly (() => void)[] {
  const sql = createStatements(db, lock.generation);
  const into = createSQLiteRows(sql);

  function putRow(placed: PlacedRow): void {
    const [place, row] = placed;
    into.put(place, row);
    if (placed[0].kind !== 'execution') return;
    for (const included of indexedAggregates.execution.includes((placed as ExecutionRow)[1].state))
      into.include(place, included);
  }

  const inTransaction = (write: () => void) => (): void => {
    access.use(() => {
      // Commit the gathered writes first: a failed step must not roll them back.
      writes.flush();
      db.transaction(() => {
        if (!lock.isHeld()) throw takenOver();
        write();
      }).immediate();
    });
  };

  const rows = sorted(index.rows());
  const steps: (() => void)[] = [];
  for (let start = 0; start < rows.length; start += pieceRows)
    steps.push(inTransaction(() => rows.slice(start, start + pieceRows).forEach(putRow)));
  steps.push(
    inTransaction(() => {
      for (const { stream, version, position, type, reason } of index.failedEvents)
        sql.putFailed.run(stream, version, position, type, reason);
      const { position = null, frontier } = index;
      if (frontier !== undefined) sql.advance.run({ position, frontier });
    }),
  );
  return steps;
}

type ExecutionRow = Extract<PlacedRow, readonly [{ readonly kind: 'execution' }, unknown]>;

/**
 * Runs the steps. Pauses after each step for a quarter of its time, so that other processes get the lock, and repeats a
 * step while another process holds the lock.
 *
 * @throws the reason of `signal`, and the errors of a step
 */
export async function inTurns(
  steps: readonly (() => void)[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const step of steps) {
    for (;;) {
      const startedAt = performance.now();
      const isDone = tryStep(step);
      await sleep(isDone ? Math.max(1, (performance.now() - startedAt) / 4) : retryMs);
      signal?.throwIfAborted();
      if (isDone) break;
    }
  }
}

function tryStep(step: () => void): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof IndexBusyError) return false;
    throw error;
  }
}
