import type { JSONObject } from '../../ports.js';

/** In appends to several streams, metadata map text to text. */
export function asText(noted: JSONObject): JSONObject {
  return Object.fromEntries(
    Object.entries(noted).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** A copy of an event's metadata, with the members that the client reads: it does not ask `toJSON`. */
export function metadataCopy(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null || metadata instanceof Uint8Array) return metadata;
  return Array.isArray(metadata)
    ? Array.from<unknown>(metadata)
    : Object.fromEntries<unknown>(Object.entries(metadata));
}
