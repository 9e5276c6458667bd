import { isUtf8 } from 'node:buffer';
import { hasFieldInBothSpellings, hasRepeatedName } from '../../lib/json/jsonScan.js';

/** A body as JSON, or why it is not JSON. An empty body is an object without members. */
type ReadJSON = { readonly value: unknown; readonly problem?: undefined } | { readonly problem: string };

/**
 * Reads a body as JSON, and refuses bodies that JSON parsers read in different ways: bytes that are not UTF-8, which
 * other characters would replace, and two members of one name, of which only the last would count.
 */
export function readJSONBody(bytes: Uint8Array): ReadJSON {
  if (!isUtf8(bytes)) return { problem: 'the body is not UTF-8' };
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') return { value: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the body is not JSON' };
  }
  if (hasRepeatedName(bytes, value)) return { problem: 'the body has the same name twice in one object' };
  return { value };
}

/** Reads a body as the JSON of a message, and refuses one that gives a field under both of its names besides. */
export function readMessageJSON(bytes: Uint8Array): ReadJSON {
  const read = readJSONBody(bytes);
  return read.problem === undefined && hasFieldInBothSpellings(read.value)
    ? { problem: 'the body has one field under both of its names in one object' }
    : read;
}
