import { InvalidArgumentError } from '../../errors.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import { hashNumber } from './streamNames.js';
import { eventStoreIn } from './postgresErrors.js';
import { reservedWords } from './reservedWords.js';
import type { TableSet } from './prepareTables.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The format of the tables that this version writes. */
const schemaVersion = 1;
export const defaultSchema = 'eventstore_actions';

/** @throws {@link InvalidArgumentError} for a name that needs quotes or that PostgreSQL reserves */
export function requireSchemaName(schema: unknown): string {
  if (typeof schema !== 'string' || !/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new InvalidArgumentError(
      `schema is 1 to 63 lower-case letters, digits and underscores, the first no digit, not ${shownValue(schema)}; ` +
        'nothing was created',
    );
  if (reservedWords.has(schema) || schema.startsWith('pg_') || schema === 'information_schema')
    throw new InvalidArgumentError(
      `schema cannot be ${shownText(schema)}: PostgreSQL reserves this name; nothing was created`,
    );
  return schema;
}

/** The key of the advisory lock of the writers of this schema. Every schema and database has another key. */
export const lockKey = (schema: string): string => hashNumber(`eventstore-actions:${schema}`);

/** The channel on which writers of this schema notify followers of appends. */
export const channelOf = (schema: string): string => `${schema}_appended`.slice(0, 63);

/**
 * Returns the statements that create the tables, for migrations that you run yourself. Running them again changes nothing.
 *
 * @throws {@link InvalidArgumentError} for a malformed name of a schema
 */
export function schemaSQL(schema: string = defaultSchema): string {
  requireSchemaName(schema);
  return `CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.format (
  version integer NOT NULL
);
CREATE TABLE IF NOT EXISTS ${schema}.stream (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key bytea NOT NULL UNIQUE,               -- SHA-256 of the name: names of any length are unique
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL                  -- of its last event, from 0
);
CREATE TABLE IF NOT EXISTS ${schema}.event (
  position bigint PRIMARY KEY,             -- in the order of the commits, without holes
  stream bigint NOT NULL REFERENCES ${schema}.stream (id),
  category bigint NOT NULL,                -- hash of the stream's name up to its first "-"
  version bigint NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  created bigint NOT NULL,                 -- milliseconds since the Unix epoch, by the server's clock
  metadata text,                           -- JSON; NULL for none
  data text,                               -- JSON; NULL for bytes
  bytes bytea,
  UNIQUE (stream, version)
);
CREATE INDEX IF NOT EXISTS event_by_id ON ${schema}.event (stream, id);
CREATE INDEX IF NOT EXISTS event_by_category ON ${schema}.event (category, position);
INSERT INTO ${schema}.format (version) SELECT ${schemaVersion}
  WHERE NOT EXISTS (SELECT FROM ${schema}.format);
`;
}

export const eventTables = (schema: string): TableSet => ({
  schema,
  sql: schemaSQL(schema),
  format: { table: 'format', version: schemaVersion },
  last: 'event_by_category',
  place: eventStoreIn(schema),
  lock: lockKey(schema),
});
