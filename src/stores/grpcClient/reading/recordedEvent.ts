import { isObject } from '../../../lib/json/isObject.js';
import type { JSONValue, RecordedEvent } from '../../../ports.js';
import type { ReadEvent } from '../client/streamsClient.js';

/** Turns an event of the client into one of the port. Metadata other than a JSON object are left out. */
export function toRecordedEvent(event: ReadEvent): RecordedEvent {
  return {
    stream: event.streamId,
    id: event.id,
    type: event.type,
    data: event.data as JSONValue | Uint8Array,
    metadata: isObject(event.metadata) && !(event.metadata instanceof Uint8Array) ? event.metadata : {},
    version: event.revision,
    // Servers before 22.6 leave the position out of stream reads.
    position: event.position?.commit ?? 0n,
    created: event.created,
  };
}

/** Whether this is the event that a deletion with a tombstone writes. */
export function isTombstone({ type }: Pick<ReadEvent, 'type'>): boolean {
  return type === '$streamDeleted';
}
