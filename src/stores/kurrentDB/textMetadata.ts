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
