import type { FileKind } from '../sqlite/ownFile.js';

const schemaVersion = 1;
const applicationID = 0x65734165;

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

export const deliveryFile: FileKind = {
  what: 'a file of deliveries',
  applicationID,
  schemaVersion,
  schema,
  // A power failure may lose the last commits: the state goes back as a whole, and the deliveries since are repeated.
  synchronous: 'NORMAL',
};
