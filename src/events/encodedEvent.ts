import type { EventData, JSONObject, JSONValue } from '../ports.js';

/** An event as a store keeps it: its JSON is written once, and it shares no object with the caller. */
export interface EncodedEvent {
  readonly id: string;
  /** Whether the caller gave the id: an event with the same id may then be stored already. */
  readonly repeatable: boolean;
  readonly type: string;
  /** JSON text, or the bytes of an event that is not JSON. */
  readonly data: string | Uint8Array;
  /** JSON text; `null` for none. */
  readonly metadata: string | null;
}

/**
 * The encoded event behind an event of the port, and the members that a store has read: the reader may have changed
 * those.
 */
interface Encoding {
  readonly encoded: EncodedEvent;
  readonly wasDataRead: boolean;
  readonly wasMetadataRead: boolean;
}

const encodings = new WeakMap<object, Encoding>();

/**
 * An event of the {@link EventStore} port that carries its encoding. `data` and `metadata` are parsed once, when a
 * store reads them. A store of this package reads neither: it takes the JSON from {@link encodingOf}.
 */
export function toEventData(encoded: EncodedEvent): EventData {
  const encoding = { encoded, wasDataRead: false, wasMetadataRead: false };
  let data: EventData['data'] | undefined;
  let metadata: JSONObject | undefined;
  const event = {
    id: encoded.id,
    type: encoded.type,
    get data(): EventData['data'] {
      encoding.wasDataRead = true;
      return (data ??= typeof encoded.data === 'string' ? parse(encoded.data) : encoded.data);
    },
  };
  if (encoded.metadata !== null)
    Object.defineProperty(event, 'metadata', {
      enumerable: true,
      get: () => {
        encoding.wasMetadataRead = true;
        return (metadata ??= parse(encoded.metadata ?? '{}') as JSONObject);
      },
    });
  encodings.set(event, encoding);
  // Frozen: a replaced member would differ from the encoding.
  return Object.freeze(event);
}

/** The encoding of an event that {@link toEventData} made; `undefined` for every other event. */
export const encodingOf = (event: object): Encoding | undefined => encodings.get(event);

const parse = (json: string): JSONValue => JSON.parse(json) as JSONValue;
