import type { EncodedEvent } from '../../events/encodedEvent.js';
import type { PostgresClient } from './pool.js';

/** An event with its place. */
export interface NewEvent extends EncodedEvent {
  readonly key: Buffer;
  readonly category: string;
  readonly version: number;
  readonly position: number;
}

/** A stream that grows, or begins. */
export interface GrownStream {
  readonly name: string;
  readonly key: Buffer;
  readonly last: number | undefined;
}

export interface NewRows {
  readonly streams: readonly GrownStream[];
  readonly events: readonly NewEvent[];
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
}

const asBytes = (data: string | Uint8Array): Buffer | null =>
  typeof data === 'string' ? null : Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Writes the rows of a group: one statement for the streams, one for the events. */
export async function insertEvents(client: PostgresClient, schema: string, rows: NewRows): Promise<void> {
  const { streams, events, created } = rows;
  await client.query(
    `INSERT INTO ${schema}.stream (key, name, version)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[])
     ON CONFLICT (key) DO UPDATE SET version = excluded.version`,
    [streams.map(({ key }) => key), streams.map(({ name }) => name), streams.map(({ last }) => last ?? 0)],
  );
  await client.query(
    `INSERT INTO ${schema}.event (position, stream, category, version, id, type, created, metadata, data, bytes)
     SELECT new.position, stream.id, new.category, new.version, new.id, new.type, $10, new.metadata, new.data, new.bytes
     FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bytea[])
       AS new (position, key, category, version, id, type, metadata, data, bytes)
     JOIN ${schema}.stream ON stream.key = new.key`,
    [
      events.map(({ position }) => position),
      events.map(({ key }) => key),
      events.map(({ category }) => category),
      events.map(({ version }) => version),
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ metadata }) => metadata),
      events.map(({ data }) => (typeof data === 'string' ? data : null)),
      events.map(({ data }) => asBytes(data)),
      created,
    ],
  );
}
