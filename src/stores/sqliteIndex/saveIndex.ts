import type Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailableError } from '../../errors.js';
import { entriesOf, includesOf } from '../../execution/execution.js';
import type { IndexRow, MemoryIndex } from '../../routing/conditionIndex.js';
import type { BuildingLock } from './buildingLock.js';
import { createStatements } from './statements.js';
import type { Writes } from './writes.js';

/** Rows a transaction, so that nobody waits long for it. */
const pieceRows = 1_000;

const keyOf = ({ instanceID, id }: IndexRow) => `${instanceID}.${id}`;

/** In the order of the tables, whose pages are then written once. */
function sorted(rows: Iterable<IndexRow>): readonly IndexRow[] {
  const keyed = Array.from(rows, (row) => ({ row, key: keyOf(row) }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
  return keyed.map(({ row }) => row);
}

/** Writes an index as a generation of rows, one transaction a step. The checkpoint comes last. */
export function* saveIndex(
  db: Database.Database,
  index: MemoryIndex,
  lock: BuildingLock,
  writes: Writes,
): Generator<undefined, void> {
  const sql = createStatements(db, lock.generation);

  function putRow(row: IndexRow): void {
    const { instanceID, id, version, created, changed, state } = row;
    if (row.kind === 'target') {
      const { name = null, type = null, endpoint = null } = row.state.status === 'active' ? row.state : {};
      const json = JSON.stringify(state);
      sql.putTarget.run(instanceID, id, version, created, changed, state.status, name, type, endpoint, json);
      return;
    }
    const entries = entriesOf(row.state);
    sql.putExecution.run(instanceID, id, version, created, changed, state.status, JSON.stringify(entries));
    for (const included of includesOf(entries)) sql.putInclude.run(instanceID, included, id);
  }

  function inTransaction(write: () => void): void {
    // What is written beside this must not take it along when it fails.
    writes.flush();
    db.transaction(() => {
      if (!lock.isHeld())
        throw new EventStoreUnavailableError(
          'another process has begun to build the index; the old one stays',
        );
      write();
    }).immediate();
  }

  const rows = sorted(index.rows());
  for (let start = 0; start < rows.length; start += pieceRows) {
    inTransaction(() => {
      rows.slice(start, start + pieceRows).forEach(putRow);
    });
    yield;
  }
  inTransaction(() => {
    for (const { stream, version, position, type, reason } of index.failedEvents)
      sql.putFailed.run(stream, version, position, type, reason);
    const { position = null, frontier } = index;
    if (frontier !== undefined) sql.advance.run({ position, frontier });
  });
}

/** Leaves the lock to others for a quarter of the time that each step took: they only ask for it now and then. */
export async function inTurns(steps: Iterable<undefined>, signal: AbortSignal | undefined): Promise<void> {
  let startedAt = performance.now();
  for (const _step of steps) {
    await sleep(Math.max(1, (performance.now() - startedAt) / 4));
    signal?.throwIfAborted();
    startedAt = performance.now();
  }
}
