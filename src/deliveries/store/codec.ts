import type { JSONObject } from '../../ports.js';

/** JSON has no bigint: positions and versions are written as their digits. */
export const encode = (value: object): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? { digits: String(member) } : member,
  );

export const encodeObject = (value: object): JSONObject => JSON.parse(encode(value)) as JSONObject;

const isDigits = (value: unknown): value is { readonly digits: string } =>
  typeof value === 'object' && value !== null && 'digits' in value && typeof value.digits === 'string';

export const decode = (json: string): unknown =>
  JSON.parse(json, (_, member: unknown) => (isDigits(member) ? BigInt(member.digits) : member));

export const decodeObject = (value: unknown): unknown => decode(JSON.stringify(value));
