import type { Commit, FailedAttempt } from '../../deliveries/store/deliveryStore.js';
import {
  cursorColumns,
  cursorKeyBytes,
  failureColumns,
  laneColumns,
  laneKeyBytes,
  letterColumns,
  type Column,
} from './columns.js';
import { namesOf, replacing, Statement } from './statement.js';
import { keptText } from './text.js';

/** Rows of the log of failed attempts that are kept, and how many a commit removes at the most. */
const logRows = 10_000;
const trimmedAtOnce = 1_000;

/** The last of those with the same key: a statement writes a row once. */
function lastOf<Data>(rows: readonly Data[], keyOf: (row: Data) => string): readonly Data[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

/**
 * One commit as one statement: all of it or nothing, in one round trip, and no transaction waits for this process. It gives a
 * row where the lease holds and `commits` is what the partition has; else it changes nothing.
 */
export function commitStatement(schema: string, commit: Commit, commits: string): Statement {
  const { partition, workerID, epoch, change } = commit;
  const statement = new Statement();
  const table = (name: string): string => `${schema}.delivery_${name}`;

  // The lock of this row lets commits and claims of a partition take turns.
  statement.step(
    'held',
    `UPDATE ${table('partition')} SET position = ${statement.value(String(change.position), 'numeric')}, commits = commits + 1
     WHERE number = ${statement.value(partition, 'int4')} AND owner = ${statement.value(workerID, 'text')}
       AND epoch = ${statement.value(String(epoch), 'bigint')} AND commits = ${statement.value(commits, 'bigint')}
     RETURNING number, commits`,
  );

  function remove(name: string, keys: readonly Buffer[]): void {
    if (keys.length === 0) return;
    const list = statement.value(keys, 'bytea[]');
    statement.step(
      `removed_${name}`,
      `DELETE FROM ${table(name)} WHERE partition = (SELECT number FROM held) AND key = ANY (${list})`,
    );
  }
  function put<Data>(name: string, columns: readonly Column<Data>[], data: readonly Data[]): void {
    if (data.length === 0) return;
    statement.step(
      `put_${name}`,
      `INSERT INTO ${table(name)} (partition, ${namesOf(columns)})
       SELECT held.number, new.* FROM held CROSS JOIN ${statement.rows(columns, data)} ${replacing(columns, 'partition, key')}`,
    );
  }
  function removeByID(name: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    const list = statement.value(ids.map(keptText), 'text[]');
    statement.step(
      `removed_${name}`,
      `DELETE FROM ${table(name)} WHERE EXISTS (SELECT FROM held) AND id = ANY (${list})`,
    );
  }

  // The steps of a statement have no order among themselves: what is put is not removed as well.
  const hexOf = (key: Buffer): string => key.toString('hex');
  const putLanes = lastOf(change.putLanes, (row) => hexOf(laneKeyBytes(row)));
  const putCursors = lastOf(change.putCursors, (row) => hexOf(cursorKeyBytes(row)));
  const written = new Set([
    ...putLanes.map((row) => hexOf(laneKeyBytes(row))),
    ...putCursors.map((row) => hexOf(cursorKeyBytes(row))),
  ]);
  const isGone = (key: Buffer): boolean => !written.has(hexOf(key));
  remove('cursor', change.removeCursors.map(cursorKeyBytes).filter(isGone));
  put('cursor', cursorColumns, putCursors);
  remove('lane', change.removeLanes.map(laneKeyBytes).filter(isGone));
  put('lane', laneColumns, putLanes);

  const removed = new Set(commit.removed);
  const parked = lastOf(commit.parked, ({ id }) => id).filter(({ id }) => !removed.has(id));
  if (parked.length > 0)
    statement.step(
      'parked',
      `INSERT INTO ${table('dead_letter')} (${namesOf(letterColumns)})
       SELECT new.* FROM held CROSS JOIN ${statement.rows(letterColumns, parked)} ${replacing(letterColumns, 'id')}`,
    );
  removeByID('dead_letter', commit.removed);
  removeByID('request', commit.answered);
  logFailures(statement, table('attempt_log'), commit.failures);
  return statement;
}

function logFailures(statement: Statement, log: string, failures: readonly FailedAttempt[]): void {
  if (failures.length === 0) return;
  statement.step(
    'logged',
    `INSERT INTO ${log} (${namesOf(failureColumns)})
     SELECT new.* FROM held CROSS JOIN ${statement.rows(failureColumns, failures)}`,
  );
  // Commits of other partitions trim the same log: none waits for another.
  statement.step(
    'trimmed',
    `DELETE FROM ${log} WHERE EXISTS (SELECT FROM held) AND number IN (
       SELECT number FROM ${log} WHERE number <= (SELECT max(number) FROM ${log}) - ${logRows}
       ORDER BY number LIMIT ${trimmedAtOnce} FOR UPDATE SKIP LOCKED)`,
  );
}
