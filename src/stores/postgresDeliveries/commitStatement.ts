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
import { namesOf } from '../../deliveries/store/storedRows.js';
import { replacing, Statement } from './statement.js';
import { keptText } from './text.js';

/** How many rows the log of failed attempts keeps, and how many rows one commit removes at most. */
const logRows = 10_000;
const trimmedAtOnce = 1_000;

/** Keeps the last row of each key: a statement can write a row once. */
function lastOf<Data>(rows: readonly Data[], keyOf: (row: Data) => string): readonly Data[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

/**
 * Builds one statement for one commit: it writes everything or nothing in one round trip, and no transaction stays open
 * while this process works. The statement returns a row where the worker holds the lease and the partition has the number
 * of commits that `commits` says; otherwise it changes nothing.
 */
export function commitStatement(schema: string, commit: Commit, commits: string): Statement {
  const { partition, workerID, epoch, change } = commit;
  const statement = new Statement();
  const table = (name: string): string => `${schema}.delivery_${name}`;

  // This row's lock runs the commits and claims of a partition one after another.
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

  // The steps of a statement run in no fixed order: do not remove a row that the same statement writes.
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
  // Commits of several partitions trim the same log: SKIP LOCKED keeps them from waiting for each other.
  statement.step(
    'trimmed',
    `DELETE FROM ${log} WHERE EXISTS (SELECT FROM held) AND number IN (
       SELECT number FROM ${log} WHERE number <= (SELECT max(number) FROM ${log}) - ${logRows}
       ORDER BY number LIMIT ${trimmedAtOnce} FOR UPDATE SKIP LOCKED)`,
  );
}
