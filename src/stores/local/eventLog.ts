import type { AppendResult, JSONObject, JSONValue, RecordedEvent } from '../../ports.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';

/** An event as a log keeps it. A row, not an object: a database hands rows out much faster. */
export type StoredEvent = readonly [
  position: number,
  stream: string,
  version: number,
  id: string,
  type: string,
  /** JSON text or bytes; `null` where the data are so large that they are fetched one event at a time. */
  data: string | Uint8Array | null,
  metadata: string | null,
  /** Milliseconds since the Unix epoch. */
  created: number,
];

export interface LogPage {
  readonly events: readonly StoredEvent[];
  /** The position up to which the page has examined the log. */
  readonly examined: number;
}

/** How many events a page holds at the most, and how many positions are looked at for it. */
export const pageEvents = 512;
export const pagePositions = 16_384;

/** Reads the events after a position, up to a head that was read before. */
export type PageReader = (after: number, head: number) => LogPage | Promise<LogPage>;

type Later<T> = T | Promise<T>;

/** The ordered log under a local store, in this process or in a file. Its arguments have been checked. */
export interface EventLog {
  append(proposed: ProposedAppend, signal: AbortSignal | undefined): Promise<AppendResult>;
  head(): Later<number>;
  /** Whether a page of a stream may end before its limit, for the sake of its bytes: only an empty one is the end. */
  readonly hasShortPages?: true;
  readStream(stream: string, from: number, step: 1 | -1, limit: number): Later<readonly StoredEvent[]>;
  /** Pages of the events of streams with these prefixes, or of all. */
  pages(prefixes: readonly string[] | undefined): PageReader;
  /** Reads the data of an event that a page left out for its size. */
  dataAt(position: number): string | Uint8Array;
  close(): Promise<void>;
}

/** Parses the data of an event. Damaged text is returned as bytes, like an event that is not JSON. */
function parsedData(text: string): JSONValue | Uint8Array {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    return new TextEncoder().encode(text);
  }
}

/** Leaves damaged metadata out: they must not stop a reader at this event. */
function parsedMetadata(text: string | null): JSONObject {
  if (text === null) return {};
  const parsed = parsedData(text);
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  return isObject && !(parsed instanceof Uint8Array) ? (parsed as JSONObject) : {};
}

export function toRecordedEvent(event: StoredEvent, log: EventLog): RecordedEvent {
  const [position, stream, version, id, type, kept, metadata, created] = event;
  const data = kept ?? log.dataAt(position);
  return {
    stream,
    id,
    type,
    data: typeof data === 'string' ? parsedData(data) : new Uint8Array(data),
    metadata: parsedMetadata(metadata),
    version: BigInt(version),
    position: BigInt(position),
    created: new Date(created),
  };
}
