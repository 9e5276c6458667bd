import type Database from 'better-sqlite3';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { isBusy } from './sqliteErrors.js';

/** `PRAGMA user_version` of a file that this version writes. */
export const schemaVersion = 1;
/** `PRAGMA application_id`: tells an event store from any other SQLite file. */
export const applicationID = 0x65734163;

/**
 * The category of a stream: its name up to and including the first `-`, or the whole name without a `-`. The index of
 * categories finds the events of a prefix without scanning other events.
 */
export function categoryOf(name: string): string {
  return name.slice(0, name.indexOf('-') + 1) || name;
}

const schema = `
CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  category INTEGER NOT NULL REFERENCES category (id)
) STRICT;
CREATE TABLE event (
  position INTEGER PRIMARY KEY,          -- in the order of the commits: there is one writer at a time
  stream INTEGER NOT NULL REFERENCES stream (id),
  category INTEGER NOT NULL,
  version INTEGER NOT NULL,              -- from 0
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  created INTEGER NOT NULL,              -- milliseconds since the Unix epoch
  metadata TEXT,                         -- JSON; NULL for none
  data ANY NOT NULL                      -- JSON as TEXT, bytes as BLOB
) STRICT;
CREATE UNIQUE INDEX event_by_version ON event (stream, version);
CREATE INDEX event_by_id ON event (stream, id, version);
CREATE INDEX event_by_category ON event (category, position, stream);
CREATE VIEW events AS                    -- for people
  SELECT position, stream.name AS stream, version, event.id AS id, type, created, metadata, data
  FROM event JOIN stream ON stream.id = event.stream;
PRAGMA application_id = ${applicationID};
PRAGMA user_version = ${schemaVersion};
`;

/** How long opening a file waits for another process that is creating it. Milliseconds. */
const openingMs = 10_000;

/** Prepares the connection, and creates the tables in a new file. Several processes may do so at once. */
export function prepareSchema(db: Database.Database, path: string, synchronous: 'FULL' | 'NORMAL'): void {
  insist(() => {
    requireOurs(db, path);
  });
  // Switching to WAL fails with SQLITE_BUSY at once, regardless of the busy timeout.
  const mode = insist(() => db.pragma('journal_mode = WAL', { simple: true }));
  if (mode !== 'wal')
    throw new EventStoreUnavailableError(
      `the event store file ${JSON.stringify(path)} does not support a write-ahead log; use a file on a local disk`,
    );
  db.pragma(`synchronous = ${synchronous}`);
  insist(() => {
    db.transaction(() => {
      requireOurs(db, path);
      if (versionOf(db) === 0) db.exec(schema);
    }).immediate();
  });
}

const versionOf = (db: Database.Database) => db.pragma('user_version', { simple: true }) as number;

function requireOurs(db: Database.Database, path: string): void {
  const version = versionOf(db);
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (version === 0 && empty) return;
  if (db.pragma('application_id', { simple: true }) !== applicationID)
    throw new InvalidArgumentError(`${JSON.stringify(path)} is an SQLite file but not an event store`);
  if (version > schemaVersion)
    throw new InvalidArgumentError(
      `the event store file ${JSON.stringify(path)} has schema ${version}, this version of eventstore-actions knows ` +
        `schemas up to ${schemaVersion}: update eventstore-actions; the file was not changed`,
    );
}

function insist<T>(action: () => T): T {
  const end = performance.now() + openingMs;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
