import type { JSONObject, JSONValue, RecordedEvent } from '../../../ports.js';
import type { ReadEvent } from '../client/streamsClient.js';

/** An event of the client in the form of the port. Metadata that is not a JSON object reads as none. */
export function toRecordedEvent(event: ReadEvent): RecordedEvent {
  return {
    stream: event.streamId,
    id: event.id,
    type: event.type,
    data: event.data as JSONValue | Uint8Array,
    metadata: isObject(event.metadata) ? event.metadata : {},
    version: event.revision,
    // Servers before 22.6 leave the position out of stream reads.
    position: event.position?.commit ?? 0n,
    created: event.created,
  };
}

/** The mark that a tombstone leaves; no client appended it. */
export function isTombstone({ type }: Pick<ReadEvent, 'type'>): boolean {
  return type === '$streamDeleted';
}

function isObject(value: unknown): value is JSONObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
