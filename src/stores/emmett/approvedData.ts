import { isDeepStrictEqual } from 'node:util';
import type { EventData, JSONObject, JSONValue } from '../../ports.js';

/** Its own type hides that `undefined` and functions have no JSON. */
const stringify: (value: unknown) => string | undefined = JSON.stringify;

/**
 * The data that go on: their JSON is what the targets approved. Where a value of the caller still has that JSON it is the
 * caller's own, so a `Date` stays a `Date`; objects and arrays around such values are new, so that what becomes of the
 * caller's meanwhile changes nothing.
 */
export function approvedData(given: unknown, approved: EventData['data']): unknown {
  // Bytes can only be watched or refused.
  return approved instanceof Uint8Array ? approved : merge(given, approved);
}

function merge(given: unknown, approved: JSONValue): unknown {
  if (Array.isArray(given) && isArray(approved))
    return approved.map((value, place) => merge(given[place], value));
  if (isPlainObject(given) && isObject(approved)) return mergeMembers(given, approved);
  return hasJSON(given, approved) ? given : approved;
}

function mergeMembers(given: Readonly<Record<string, unknown>>, approved: JSONObject): object {
  const members = Object.entries(approved).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(given, key) ? merge(given[key], value) : value,
  ]);
  // JSON has no say in members that it leaves out.
  const unsaid = Object.entries(given).filter(
    ([key, value]) => !Object.hasOwn(approved, key) && stringify(value) === undefined,
  );
  // Not by assignment: `__proto__` is a name like any other.
  return Object.fromEntries([...members, ...unsaid]);
}

const isArray: (value: JSONValue) => value is readonly JSONValue[] = Array.isArray;

const isObject = (value: JSONValue): value is JSONObject =>
  typeof value === 'object' && value !== null && !isArray(value);

/** Nothing that JSON would take for something else. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasJSON(value: unknown, json: JSONValue): boolean {
  if (value === json) return true;
  // In an array JSON writes null for what it has no word for.
  return isDeepStrictEqual(JSON.parse(stringify(value) ?? 'null'), json);
}
