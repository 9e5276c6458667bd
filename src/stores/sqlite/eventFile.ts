import type { FileKind } from './ownFile.js';

/** `PRAGMA user_version` of a file that this version writes. */
export const schemaVersion = 1;
/** `PRAGMA application_id`: tells an event store from any other SQLite file. */
export const applicationID = 0x65734163;

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

/** The file of an event store. */
export const eventFile = (synchronous: FileKind['synchronous']): FileKind => ({
  what: 'an event store',
  applicationID,
  schemaVersion,
  schema,
  synchronous,
});
