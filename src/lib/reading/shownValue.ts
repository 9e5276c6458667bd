const longestText = 100;
const longestName = 80;

/** A value in an error, in a few words. Calls no function of the value: its `toString` or `toJSON` may throw. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longestText));
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

/** The kind of a value in an error, where the value may be a secret: `null`, an array, or its type. */
export function shownType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
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
export const shownName = (name: string): string => JSON.stringify(name.slice(0, longestName));
