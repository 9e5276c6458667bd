import type { AppendResult, JSONObject, JSONValue, RecordedEvent } from '../../ports.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';

/** An event of a log. It is an array: a database returns arrays much faster than objects. */
export type StoredEvent = readonly [
  position: number,
  stream: string,
  version: number,
  id: string,
  type: string,
  /** JSON text or bytes; `null` for large data, which are fetched one event at a time. */
  data: string | Uint8Array | null,
  metadata: string | null,
  /** Milliseconds since the Unix epoch. */
  created: number,
];

export interface LogPage {
  readonly events: readonly StoredEvent[];
  /** The position up to which the page covers the log. */
  readonly examined: number;
}

/** The most events of a page, and the most positions that a page covers. */
export const pageEvents = 512;
export const pagePositions = 16_384;

/** Reads the events after a position and up to a head that the caller has read. */
export type PageReader = (after: number, head: number) => LogPage | Promise<LogPage>;

type Later<T> = T | Promise<T>;

/** The ordered log under a local store, in memory or in a database. Callers check the arguments. */
export interface EventLog {
  append(proposed: ProposedAppend, signal: AbortSignal | undefined): Promise<AppendResult>;
  head(): Later<number>;
  /**
   * Whether a page of a stream may hold fewer events than its limit, because of their bytes: then only an empty page is the
   * end.
   */
  readonly hasShortPages?: true;
  readStream(stream: string, from: number, step: 1 | -1, limit: number): Later<readonly StoredEvent[]>;
  /** Pages of the events of streams with these prefixes, or of all. */
  pages(prefixes: readonly string[] | undefined): PageReader;
  /** Reads the data of an event that are too large for a page. */
  dataAt(position: number): string | Uint8Array;
  close(): Promise<void>;
}

/** Parses the data of an event. Returns damaged text as bytes, like the data of an event that is not JSON. */
function parsedData(text: string): JSONValue | Uint8Array {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    return new TextEncoder().encode(text);
  }
}

/** Leaves out damaged metadata, which must not stop a reader at this event. */
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
