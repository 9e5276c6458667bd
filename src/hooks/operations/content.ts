import type { Content } from '../../firing/calls/operation.js';
import { thrownText } from '../../lib/reading/shownValue.js';
import { JSONText, writeJSON } from '../../lib/json/json.js';

/**
 * Writes content as JSON, once. Content without JSON, or whose `toJSON` throws, is not an error here but of each target
 * that would be sent it (rule S2). `undefined` becomes `null`: there is no content.
 */
export function writeContent(content: () => unknown): Content {
  let value: unknown;
  try {
    value = content();
    if (value instanceof JSONText) return { json: value.text };
  } catch (error) {
    return { json: undefined, problem: thrownText(error) };
  }
  return writeJSON(value ?? null);
}
