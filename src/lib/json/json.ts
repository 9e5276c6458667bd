import { thrownText } from '../reading/shownValue.js';

/** The JSON text of a value, or why it has none. */
type WrittenJSON =
  | { readonly json: string; readonly problem?: undefined }
  | { readonly json: undefined; readonly problem: string; readonly cause?: unknown };

type JSONKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

const quote = 0x22;
const backslash = 0x5c;

/**
 * Writes a value as JSON once. A value without JSON (a BigInt, a cycle, a function) is reported in the result, not
 * thrown.
 */
export function writeJSON(value: unknown): WrittenJSON {
  try {
    // The type of `JSON.stringify` hides that it returns `undefined` for `undefined` and functions.
    const json = JSON.stringify(value) as string | undefined;
    return json === undefined ? { json, problem: `it is ${nameOf(value)}` } : { json };
  } catch (cause) {
    // `JSON.stringify` throws for a BigInt, a cycle, too many levels, too long a text, and with the error of a
    // `toJSON`.
    const [why = ''] =
      cause instanceof RangeError
        ? ['it is nested too deeply, or its text would be too long']
        : thrownText(cause).split('\n', 1);
    return { json: undefined, problem: why, cause };
  }
}

function nameOf(value: unknown): string {
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`;
}

/** Content that is kept as JSON text, because parsing would change a number in it. */
export class JSONText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The value of a JSON text where writing that value gives the same text; else the text itself, compact. */
export function exactJSON(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const compact = withoutSpaces(text);
  return JSON.stringify(value) === compact ? value : new JSONText(compact);
}

/** A JSON text without the white space between its parts. Looks at each character once. */
function withoutSpaces(json: string): string {
  let compact = '';
  let from = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      for (at += 1; at < json.length && json.charCodeAt(at) !== quote; at += 1)
        if (json.charCodeAt(at) === backslash) at += 1;
    } else if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      compact += json.slice(from, at);
      from = at + 1;
    }
  }
  return compact + json.slice(from);
}

/** The kind of a JSON text that `JSON.stringify` wrote: its first character tells. */
export function jsonKind(json: string): JSONKind {
  switch (json[0]) {
    case '{':
      return 'object';
    case '[':
      return 'array';
    case '"':
      return 'string';
    case 'n':
      return 'null';
    case 't':
    case 'f':
      return 'boolean';
    default:
      return 'number';
  }
}

/** Whether a text opens more than `count` brackets, those within strings included. */
function hasMoreOpenings(json: string, count: number): boolean {
  let left = count;
  for (const bracket of ['{', '['])
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1))
      if (--left < 0) return true;
  return false;
}

/** Whether objects and arrays of a JSON text are nested more than `levels` deep. Looks at each character once. */
export function isDeeperThan(json: string, levels: number): boolean {
  // Fast path: each level takes two characters, and most texts have fewer brackets than `levels`.
  if (json.length <= levels * 2 || !hasMoreOpenings(json, levels)) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      for (at += 1; at < json.length; at += 1) {
        const inside = json.charCodeAt(at);
        if (inside === quote) break;
        if (inside === backslash) at += 1;
      }
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}
