import type { JSONObject } from '../../ports.js';

/** Appends to several streams have metadata from text to text only. */
export function asText(noted: JSONObject): JSONObject {
  return Object.fromEntries(
    Object.entries(noted).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
