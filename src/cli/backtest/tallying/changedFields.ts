import { isDeepStrictEqual } from 'node:util';
import type { JSONValue } from '../../../index.js';
import { isObject } from '../../../lib/json/isObject.js';

/** The names of the fields that an amendment changed; their values are left out. */
export interface ChangedFields {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Compares the top-level fields of two objects; other values count as one field, `(all)`. Returns `undefined` where nothing
 * differs.
 */
export function changedFields(before: JSONValue, after: JSONValue): ChangedFields | undefined {
  if (isDeepStrictEqual(before, after)) return undefined;
  if (!isObject(before) || !isObject(after)) return { added: [], changed: ['(all)'], removed: [] };
  const names = Object.keys(after);
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    changed: names.filter(
      (name) => Object.hasOwn(before, name) && !isDeepStrictEqual(before[name], after[name]),
    ),
    removed: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
  };
}
