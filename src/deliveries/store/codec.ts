import type { JSONObject, JSONValue } from '../../ports.js';

/** JSON has no bigint: positions and versions are written as their digits. */
function encoded(value: unknown): JSONValue | undefined {
  if (typeof value === 'bigint') return { digits: String(value) };
  if (Array.isArray(value)) return value.map((member) => encoded(member) ?? null);
  if (typeof value !== 'object' || value === null) return value as JSONValue | undefined;
  const members: Record<string, JSONValue> = {};
  for (const [name, member] of Object.entries(value)) {
    const json = encoded(member);
    if (json !== undefined) members[name] = json;
  }
  return members;
}

export const encodeObject = (value: object): JSONObject => encoded(value) as JSONObject;

const isDigits = (value: unknown): value is { readonly digits: string } =>
  typeof value === 'object' && value !== null && 'digits' in value && typeof value.digits === 'string';

export function decodeObject(value: unknown): unknown {
  if (isDigits(value)) return BigInt(value.digits);
  if (Array.isArray(value)) return value.map(decodeObject);
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) members[name] = decodeObject(member);
  return members;
}

export const encode = (value: object): string => JSON.stringify(encoded(value));

export const decode = (json: string): unknown => decodeObject(JSON.parse(json));
