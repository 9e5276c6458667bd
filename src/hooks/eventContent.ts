import type { Content } from '../firing/calls/operation.js';
import type { EventData, JSONObject, JSONValue } from '../ports.js';
import type { EncodedEvent } from '../events/proposedAppend.js';

/** What targets are sent of an event: its data, or base64 of its bytes. */
export function contentOf({ data }: EncodedEvent): Content {
  if (typeof data === 'string') return { value: JSON.parse(data) as JSONValue, json: data };
  const base64 = Buffer.from(data).toString('base64');
  return { value: base64, json: JSON.stringify(base64) };
}

/** The event that is appended: with the id that its calls carried, and sharing nothing with the caller's objects. */
export function approvedEvent(
  { id, type, data, metadata }: EncodedEvent,
  content?: JSONValue,
  actionsDepth?: number,
): EventData {
  const known = metadata === null ? undefined : (JSON.parse(metadata) as JSONObject);
  return {
    id,
    type,
    data: typeof data === 'string' ? (content ?? (JSON.parse(data) as JSONValue)) : data,
    ...(actionsDepth !== undefined ? { metadata: { ...known, actionsDepth } } : known && { metadata: known }),
  };
}
