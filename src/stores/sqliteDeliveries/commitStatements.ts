import type Database from 'better-sqlite3';
import type { Commit } from '../../deliveries/store/deliveryStore.js';
import {
  cursorColumns,
  cursorValues,
  failureColumns,
  failureValues,
  laneColumns,
  laneValues,
  letterColumns,
  letterValues,
} from './rowValues.js';

/** How many rows the log of failed attempts keeps; new rows overwrite the oldest. */
const logRows = 10_000;

const places = (columns: string): string =>
  columns
    .split(', ')
    .map(() => '?')
    .join(', ');

/** Writes one commit in one transaction where the worker holds the lease: everything or nothing. */
export function commitStatements(db: Database.Database): (commit: Commit) => boolean {
  const advance = db.prepare(
    'UPDATE partition SET position = ? WHERE number = ? AND owner = ? AND epoch = ?',
  );
  const putLane = db.prepare(
    `INSERT OR REPLACE INTO lane (partition, ${laneColumns}) VALUES (?, ${places(laneColumns)})`,
  );
  const removeLane = db.prepare(
    'DELETE FROM lane WHERE partition = ? AND instance = ? AND target = ? AND replay = ? AND stream = ? AND unit = ?',
  );
  const putCursor = db.prepare(
    `INSERT OR REPLACE INTO cursor (partition, ${cursorColumns}) VALUES (?, ${places(cursorColumns)})`,
  );
  const removeCursor = db.prepare(
    'DELETE FROM cursor WHERE partition = ? AND instance = ? AND target = ? AND replay = ?',
  );
  const putLetter = db.prepare(
    `INSERT OR REPLACE INTO dead_letter (${letterColumns}) VALUES (${places(letterColumns)})`,
  );
  const removeLetter = db.prepare('DELETE FROM dead_letter WHERE id = ?');
  const answer = db.prepare('DELETE FROM request WHERE id = ?');
  const lastLog = db.prepare<[], number>('SELECT coalesce(max(number), 0) FROM attempt_log').pluck();
  const log = db.prepare(
    `INSERT INTO attempt_log (number, ${failureColumns}) VALUES (?, ${places(failureColumns)})`,
  );
  const trimLog = db.prepare('DELETE FROM attempt_log WHERE number <= ?');

  const write = db.transaction((commit: Commit): boolean => {
    const { partition, workerID, epoch, change, failures } = commit;
    // Update the partition first, by owner and epoch: where no row changes, the worker has lost the lease.
    if (advance.run(String(change.position), partition, workerID, epoch).changes === 0) return false;
    for (const { instanceID, targetID, replay } of change.removeCursors)
      removeCursor.run(partition, instanceID, targetID, replay);
    for (const row of change.putCursors) putCursor.run(partition, ...cursorValues(row));
    for (const { instanceID, targetID, replay, stream, unit } of change.removeLanes)
      removeLane.run(partition, instanceID, targetID, replay, stream, unit);
    for (const row of change.putLanes) putLane.run(partition, ...laneValues(row));
    for (const letter of commit.parked) putLetter.run(...letterValues(letter));
    for (const id of commit.removed) removeLetter.run(id);
    for (const id of commit.answered) answer.run(id);
    if (failures.length === 0) return true;
    let number = lastLog.get() ?? 0;
    for (const failure of failures) log.run(++number, ...failureValues(failure));
    trimLog.run(number - logRows);
    return true;
  });
  return (commit) => write.immediate(commit);
}
