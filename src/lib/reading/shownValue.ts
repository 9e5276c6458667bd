import { shownText } from '../shown/shownText.js';

const longestText = 100;
const longestName = 80;

/** A value in an error, in a few words. Calls no function of the value: its `toString` or `toJSON` may throw. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return shownText(value.slice(0, longestText));
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `a value of type ${typeof value}`;
}

/** `false` for a revoked `Proxy`, of which `Array.isArray` throws. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether a value is a function that may be called: a class may only be constructed. Calls no function of the value. */
export const isCallable = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === 'function' && !Function.prototype.toString.call(value).startsWith('class');

/** The kind of a value in an error, where the value may be a secret: `null`, an array, a class, or its type. */
export function shownType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function' && !isCallable(value)) return 'a class';
  return isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

/** The text of a thrown value, which may be a `Proxy` that throws. */
export function thrownText(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown;
    return thrown instanceof Error && typeof message === 'string' ? message : shownValue(message);
  } catch {
    return 'it cannot be read';
  }
}

/** The text of a thrown value with the name of its class, for a warning: `Error: the file is gone`. */
export function thrownWithName(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'a value that has no text';
  }
}

/** A name that a caller chose, in an error. */
export const shownName = (name: string): string => shownText(name.slice(0, longestName));
