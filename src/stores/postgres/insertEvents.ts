import type { EncodedEvent } from '../../events/encodedEvent.js';
import { jsonLiteral } from './literals.js';

/** An event to insert, with its stream, version and position. */
export interface NewEvent extends EncodedEvent {
  readonly key: string;
  readonly category: string;
  readonly version: number;
  readonly position: number;
}

/** A stream with new events. */
interface GrownStream {
  readonly name: string;
  readonly key: string;
  readonly last: number | undefined;
}

interface NewRows {
  readonly streams: readonly GrownStream[];
  readonly events: readonly NewEvent[];
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
}

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/**
 * Makes the statement that writes the rows of a group. One statement writes new streams and events, so that the events see
 * the ids of the new streams.
 */
export function insertSQL(schema: string, { streams, events, created }: NewRows): string {
  const newStreams = streams.map(({ key, name, last }) => ({ key, name, version: last }));
  const newEvents = events.map(({ data, ...event }) => ({
    position: event.position,
    key: event.key,
    category: event.category,
    version: event.version,
    id: event.id,
    type: event.type,
    metadata: event.metadata,
    ...(typeof data === 'string' ? { data } : { bytes: hexOf(data) }),
  }));
  return `WITH grown AS (
  INSERT INTO ${schema}.stream (key, name, version)
  SELECT decode(key, 'hex'), name, version
  FROM json_to_recordset(${jsonLiteral(newStreams)}) AS new (key text, name text, version bigint)
  ON CONFLICT (key) DO UPDATE SET version = excluded.version
  RETURNING id, key
)
INSERT INTO ${schema}.event (position, stream, category, version, id, type, created, metadata, data, bytes)
SELECT new.position, grown.id, new.category, new.version, new.id, new.type, ${created}, new.metadata, new.data,
  decode(new.bytes, 'hex')
FROM json_to_recordset(${jsonLiteral(newEvents)}) AS new (position bigint, key text, category bigint, version bigint,
  id uuid, type text, metadata text, data text, bytes text)
JOIN grown ON grown.key = decode(new.key, 'hex')`;
}
