import { isDeeperThan } from '../../lib/json/json.js';
import type { JSONValue } from '../../ports.js';
import { createSecretMask } from '../answers/secretMask.js';

/** Makes a body fit to be shown: masks the secrets of the call and the redacted fields, and cuts the text. */
export type CapturedBody = (text: string, secrets: readonly string[] | undefined) => string;

const mask = '***';
const shownBytes = 4_096;
/** Levels of JSON that are searched for fields. */
const maxLevels = 100;

function redacted(value: JSONValue, fields: ReadonlySet<string>): JSONValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: JSONValue) => redacted(each, fields));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      fields.has(name.toLowerCase()) ? mask : redacted(member, fields),
    ]),
  );
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= shownBytes) return text;
  let end = shownBytes;
  // Cut between characters: a byte 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}

/** Makes bodies fit to be shown. A body that is not JSON is not shown: its fields to be redacted could not be found. */
export function createCapturedBody(redact: readonly string[]): CapturedBody {
  const fields = new Set(redact.map((name) => name.toLowerCase()));
  return (text, secrets) => {
    if (isDeeperThan(text, maxLevels)) return `(JSON of more than ${maxLevels} levels)`;
    let value: JSONValue;
    try {
      value = JSON.parse(text) as JSONValue;
    } catch {
      return '(not JSON)';
    }
    const hidden = createSecretMask();
    hidden.hide(secrets ?? []);
    return cut(JSON.stringify(hidden.value(redacted(value, fields))));
  };
}
