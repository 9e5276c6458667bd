import type { FileKind } from '../sqlite/ownFile.js';

const schemaVersion = 1;
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

export const indexFile: FileKind = {
  what: 'an index',
  applicationID,
  schemaVersion,
  schema,
  // The index can always be rebuilt from the events: losing its last commits in a power failure only costs time.
  synchronous: 'NORMAL',
};
