import type { FailingPlace } from '../postgres/postgresErrors.js';
import { hashNumber } from '../postgres/streamNames.js';
import type { TableSet } from '../postgres/prepareTables.js';
import { defaultSchema, requireSchemaName } from '../postgres/eventTables.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The format of the tables that this version writes. */
const formatVersion = 1;

export const deliveriesIn = (schema: string): FailingPlace => ({
  subject: `the delivery store in schema ${shownText(schema)}`,
  outcome: 'the step was written completely or not at all',
});

/**
 * Returns the statements that create the tables of durable delivery, for migrations that you run yourself. Running them
 * again changes nothing.
 *
 * @throws {@link InvalidArgumentError} for a malformed name of a schema
 */
export function deliverySchemaSQL(schema: string = defaultSchema): string {
  requireSchemaName(schema);
  return `CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.delivery_partition (
  number integer PRIMARY KEY,
  position numeric,                        -- NULL before its first commit; of any event store, up to 128 bits
  owner text,
  epoch bigint NOT NULL,                   -- counts claims
  commits bigint NOT NULL                  -- counts commits: a late one is told from the next
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_worker (
  id text PRIMARY KEY,
  host text NOT NULL,
  process bigint NOT NULL,
  started text NOT NULL,
  beat bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_cursor (  -- only for targets that are elsewhere than their partition
  partition integer NOT NULL,
  key bytea NOT NULL,                      -- SHA-256 of instance, target and replay
  instance text NOT NULL,
  target text NOT NULL,
  replay text NOT NULL,
  position numeric,
  until numeric,
  origin text NOT NULL,
  stop text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (partition, key)
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_lane (
  partition integer NOT NULL,
  key bytea NOT NULL,                      -- SHA-256 of instance, target, replay, unit and stream: names of any length
  instance text NOT NULL,
  target text NOT NULL,
  replay text NOT NULL,
  stream text NOT NULL,
  unit text NOT NULL,
  head numeric NOT NULL,
  is_done boolean NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  head_created double precision NOT NULL,  -- times are milliseconds since the Unix epoch
  attempts integer NOT NULL,
  faults integer NOT NULL,
  first_at double precision NOT NULL,
  next_at double precision NOT NULL,
  state text NOT NULL,
  status integer NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (partition, key)
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_dead_letter (
  id text COLLATE "C" PRIMARY KEY,
  partition integer NOT NULL,
  instance text NOT NULL,
  target text NOT NULL,
  stream text NOT NULL,
  version numeric NOT NULL,
  position numeric NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  attempts integer NOT NULL,
  first_at double precision NOT NULL,
  parked_at double precision NOT NULL,
  status integer NOT NULL,
  reason text NOT NULL,
  blocks boolean NOT NULL,
  is_replaying boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS delivery_dead_letter_of_target ON ${schema}.delivery_dead_letter (target, id);
CREATE INDEX IF NOT EXISTS delivery_dead_letter_of_partition
  ON ${schema}.delivery_dead_letter (partition, is_replaying, id);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_request (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- in the order in which they were asked
  id text NOT NULL UNIQUE,
  partition integer NOT NULL,
  json text NOT NULL
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_attempt_log (  -- the latest failures, to be looked at
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery text NOT NULL,
  instance text NOT NULL,
  target text NOT NULL,
  at double precision NOT NULL,
  attempt integer NOT NULL,
  duration_ms double precision NOT NULL,
  status integer NOT NULL,
  reason text NOT NULL
);
CREATE TABLE IF NOT EXISTS ${schema}.delivery_format (
  version integer NOT NULL
);
INSERT INTO ${schema}.delivery_format (version) SELECT ${formatVersion}
  WHERE NOT EXISTS (SELECT FROM ${schema}.delivery_format);
`;
}

export const deliveryTables = (schema: string): TableSet => ({
  schema,
  sql: deliverySchemaSQL(schema),
  format: { table: 'delivery_format', version: formatVersion },
  last: 'delivery_attempt_log',
  place: deliveriesIn(schema),
  lock: hashNumber(`eventstore-actions:${schema}:deliveries`),
});
