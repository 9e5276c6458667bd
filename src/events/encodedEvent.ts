import type { EventData, JSONObject, JSONValue } from '../ports.js';

/** An event in the form in which it is kept: written as JSON once, sharing nothing with the caller's objects. */
export interface EncodedEvent {
  readonly id: string;
  /** The caller brought the id, so the same id may have been written before. */
  readonly repeatable: boolean;
  readonly type: string;
  /** JSON text, or the bytes of an event that is not JSON. */
  readonly data: string | Uint8Array;
  /** JSON text; `null` for none. */
  readonly metadata: string | null;
}

/** What an event of the port stands for, and which of its members somebody has read, and may have changed since. */
export interface Encoding {
  readonly encoded: EncodedEvent;
  readonly wasDataRead: boolean;
  readonly wasMetadataRead: boolean;
}

const encodings = new WeakMap<object, Encoding>();

/**
 * An event of the {@link EventStore} port that stands for an encoded one. `data` and `metadata` are parsed when a store reads
 * them, once. A store of this package reads neither: it takes the JSON from {@link encodingOf}.
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
  // Frozen, so that no member can be replaced while the encoding still says the old one.
  return Object.freeze(event);
}

/** What {@link toEventData} made an event of; `undefined` for every other event. */
export const encodingOf = (event: object): Encoding | undefined => encodings.get(event);

const parse = (json: string): JSONValue => JSON.parse(json) as JSONValue;
