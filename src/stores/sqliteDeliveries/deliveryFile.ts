import type Database from 'better-sqlite3';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';

const schemaVersion = 1;
/** `PRAGMA application_id`: tells deliveries from any other SQLite file. */
const applicationID = 0x65734164 + 1;

const schema = `
CREATE TABLE partition (
  number INTEGER PRIMARY KEY,
  position TEXT,                    -- NULL before its first commit; digits: of some stores it has 128 bits
  owner TEXT,
  epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE worker (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  process INTEGER NOT NULL,
  started TEXT NOT NULL,
  beat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cursor (               -- only for targets whose position differs from that of their partition
  partition INTEGER NOT NULL,
  instance TEXT NOT NULL,
  target TEXT NOT NULL,
  replay TEXT NOT NULL,
  position TEXT,
  until TEXT,
  origin TEXT NOT NULL,
  stop TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (partition, instance, target, replay)
) STRICT, WITHOUT ROWID;
CREATE TABLE lane (
  partition INTEGER NOT NULL,
  instance TEXT NOT NULL,
  target TEXT NOT NULL,
  replay TEXT NOT NULL,
  stream TEXT NOT NULL,
  unit TEXT NOT NULL,
  head INTEGER NOT NULL,
  is_done INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  head_created INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  faults INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (partition, instance, target, replay, stream, unit)
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letter (
  id TEXT PRIMARY KEY,
  partition INTEGER NOT NULL,
  instance TEXT NOT NULL,
  target TEXT NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  position TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  parked_at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  is_replaying INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letter_of_target ON dead_letter (target, id);
CREATE INDEX dead_letter_of_partition ON dead_letter (partition, is_replaying, id);
CREATE TABLE request (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL,          -- in the order in which they were asked
  partition INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempt_log (          -- the latest failures, in a ring
  number INTEGER PRIMARY KEY,
  delivery TEXT NOT NULL,
  instance TEXT NOT NULL,
  target TEXT NOT NULL,
  at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
PRAGMA application_id = ${applicationID};
PRAGMA user_version = ${schemaVersion};
`;

/**
 * Prepares the connection, and creates the tables in a new file. Several processes may do so at once.
 *
 * @throws {@link InvalidArgumentError} for a file of another kind or of a newer version
 */
export function prepareDeliveryFile(db: Database.Database, path: string): void {
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal')
    throw new EventStoreUnavailableError(
      `the delivery file ${JSON.stringify(path)} does not support a write-ahead log; use a file on a local disk`,
    );
  // A power failure may lose the last commits: the state goes back as a whole, and the deliveries since are repeated.
  db.pragma('synchronous = NORMAL');
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
    if (version === 0 && isEmpty) db.exec(schema);
    else if (db.pragma('application_id', { simple: true }) !== applicationID)
      throw new InvalidArgumentError(
        `${JSON.stringify(path)} is an SQLite file, but not one of deliveries: name a separate file`,
      );
    else if (version > schemaVersion)
      throw new InvalidArgumentError(
        `the delivery file ${JSON.stringify(path)} has schema ${version}, this version knows schemas up to ${schemaVersion}: ` +
          'update eventstore-actions, or use another file; the file was not changed',
      );
  }).immediate();
}
