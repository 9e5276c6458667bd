import type Database from 'better-sqlite3';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';

/** `PRAGMA user_version` of a file that this version writes. */
const schemaVersion = 1;
/** `PRAGMA application_id`: tells an index from any other SQLite file. */
const applicationID = 0x65734164;
/** The format of the states in the rows. An index of another format is rebuilt. */
export const indexFormat = 2;

/**
 * The file has one generation of rows in use for each format, so that processes with two versions of this library can share
 * it, and possibly one that is being built. Versions, positions and dates (milliseconds since the Unix epoch) come from the
 * event store.
 */
const schema = `
CREATE TABLE generation (
  id INTEGER PRIMARY KEY,
  position INTEGER,                 -- the checkpoint: all target and execution events up to here are applied; NULL for none
  frontier INTEGER                  -- the newest position of any row; may be ahead of the checkpoint
) STRICT;
CREATE TABLE current (              -- empty before the first index is built
  format INTEGER PRIMARY KEY,       -- how states are written
  generation INTEGER NOT NULL
) STRICT;
CREATE TABLE target (
  generation INTEGER NOT NULL,
  instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,         -- of the last event applied
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  status TEXT NOT NULL,             -- active, or removed until the subscription has told of it
  name TEXT,
  type TEXT,
  endpoint TEXT,
  state TEXT NOT NULL,              -- JSON; secrets in it are sealed as they are in the events
  PRIMARY KEY (generation, instance_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE execution (
  generation INTEGER NOT NULL,
  instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  status TEXT NOT NULL,             -- set, or none until the subscription has told of it
  targets TEXT NOT NULL,            -- JSON, in order
  PRIMARY KEY (generation, instance_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE include (
  generation INTEGER NOT NULL,
  instance_id TEXT NOT NULL,
  included TEXT NOT NULL,
  execution TEXT NOT NULL,          -- whose list includes it
  PRIMARY KEY (generation, instance_id, included, execution)
) STRICT, WITHOUT ROWID;
CREATE TABLE failed_event (
  generation INTEGER NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (generation, stream, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE building (             -- one row while a process builds an index
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  generation INTEGER NOT NULL,
  holder TEXT NOT NULL,             -- for people
  host TEXT NOT NULL,
  process INTEGER NOT NULL,
  token TEXT NOT NULL,
  beat INTEGER NOT NULL             -- milliseconds since the Unix epoch
) STRICT;
PRAGMA application_id = ${applicationID};
PRAGMA user_version = ${schemaVersion};
`;

/** Tables whose rows belong to a generation. */
export const generationTables = ['target', 'execution', 'include', 'failed_event'] as const;

/**
 * Prepares the connection, and creates the tables in a new file. Several processes may do so at once.
 *
 * @throws {@link InvalidArgumentError} for a file of another kind or of a newer version
 */
export function prepareIndexFile(db: Database.Database, path: string): void {
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal')
    throw new EventStoreUnavailableError(
      `the index file ${JSON.stringify(path)} does not support a write-ahead log; use a file on a local disk`,
    );
  // The index can always be rebuilt from the events: losing its last commits in a power failure only costs time.
  db.pragma('synchronous = NORMAL');
  // A file that needs no change is opened without waiting for a process that writes it.
  const isOurs = db.pragma('application_id', { simple: true }) === applicationID;
  if (isOurs && db.pragma('user_version', { simple: true }) === schemaVersion) return;
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
    if (version === 0 && isEmpty) db.exec(schema);
    else if (db.pragma('application_id', { simple: true }) !== applicationID)
      throw new InvalidArgumentError(
        `${JSON.stringify(path)} is an SQLite file, but not an index of this library`,
      );
    else if (version > schemaVersion)
      throw new InvalidArgumentError(
        `the index file ${JSON.stringify(path)} has schema ${version}, this version knows schemas up to ${schemaVersion}: ` +
          'update eventstore-actions, or use another file; the file was not changed',
      );
  }).immediate();
}
