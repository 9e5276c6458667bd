import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../lib/json/isObject.js';
import { writeJSON } from '../../lib/json/json.js';
import { isContainer } from '../../lib/json/snapshot.js';
import type { JSONObject, JSONValue } from '../../ports.js';

/**
 * Returns the data to append after a target amended them: their JSON is the JSON that the targets approved. A value of the
 * caller stays where its JSON is the approved one, so a `Date` stays a `Date`; the objects and arrays around such values
 * are new.
 */
export function approvedData(given: unknown, approved: JSONValue): unknown {
  if (!isContainer(given)) return hasJSON(given, approved) ? given : approved;
  if (isArray(given) && isArray(approved))
    // `JSON.stringify` writes `null` for an element of an array that JSON cannot express.
    return approved.map((value, place) =>
      value === null && writeJSON(given[place]).json === undefined
        ? given[place]
        : approvedData(given[place], value),
    );
  if (!isArray(given) && isObject(approved)) return approvedMembers(given as Members, approved);
  return approved;
}

type Members = Readonly<Record<string, unknown>>;

function approvedMembers(given: Members, approved: JSONObject): object {
  const members = Object.entries(approved).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(given, key) ? approvedData(given[key], value) : value,
  ]);
  // Members that JSON leaves out stay: the targets were not shown them.
  const unshown = Object.entries(given).filter(
    ([key, value]) => !Object.hasOwn(approved, key) && writeJSON(value).json === undefined,
  );
  // Define the members: assigning to `__proto__` would change the prototype.
  return Object.fromEntries([...members, ...unshown]);
}

const isArray: (value: unknown) => value is readonly JSONValue[] = Array.isArray;

function hasJSON(value: unknown, approved: JSONValue): boolean {
  if (value === approved) return true;
  const { json } = writeJSON(value);
  return json !== undefined && isDeepStrictEqual(JSON.parse(json), approved);
}
