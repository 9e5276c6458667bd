const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const letterU = 0x75;

/** The facts of a JSON text that a scan of its bytes tells, before any recursive code reads it. */
interface JSONScan {
  /** Deeper than the limit; the scan ended there. */
  readonly isTooDeep: boolean;
  /** Members of all objects, repeated names included. */
  readonly members: number;
  /** Whether every number is the same after `JSON.parse` and `JSON.stringify`. */
  readonly areNumbersExact: boolean;
  /** Whether strings hold `\u` escapes, which can spell what UTF-8 cannot. */
  readonly hasUnicodeEscapes: boolean;
}

/** Looks at each byte once and keeps no stack. Does not tell whether the text is JSON: `JSON.parse` does. */
export function scanJSON(bytes: Uint8Array, maxDepth: number): JSONScan {
  let depth = 0;
  let members = 0;
  let areNumbersExact = true;
  let hasUnicodeEscapes = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      for (at += 1; at < bytes.length && bytes[at] !== quote; at += 1) {
        if (bytes[at] !== backslash) continue;
        at += 1;
        if (bytes[at] === letterU) hasUnicodeEscapes = true;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return { isTooDeep: true, members, areNumbersExact, hasUnicodeEscapes };
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === colon) members += 1;
    else if (byte === 0x2d || isDigit(byte)) {
      const start = at;
      while (at + 1 < bytes.length && isNumberByte(bytes[at + 1] as number)) at += 1;
      areNumbersExact &&= isExact(bytes, start, at + 1);
    }
  }
  return { isTooDeep: false, members, areNumbersExact, hasUnicodeEscapes };
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
/** Digits, `+`, `-`, `.`, `e`, `E`. */
const isNumberByte = (byte: number) =>
  isDigit(byte) || byte === 0x2e || byte === 0x2b || byte === 0x2d || byte === 0x65 || byte === 0x45;

function isExact(bytes: Uint8Array, start: number, end: number): boolean {
  // A double keeps any fifteen digits; only a longer number or one with an exponent needs a closer look.
  if (end - start <= 15 && !hasExponent(bytes, start, end)) return true;
  return isExactNumber(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
}

function hasExponent(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === 0x65 || bytes[at] === 0x45) return true;
  }
  return false;
}

/** Whether a JSON number is the same value after `JSON.parse` and `JSON.stringify`. Takes time linear in its length. */
export function isExactNumber(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && decimalOf(literal) === decimalOf(String(value));
}

const zero = 0x30;

/** A number's digits and exponent without leading and trailing zeros: equal for equal values. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  // Not a regular expression: one that looks for trailing zeros takes time that is quadratic in their number.
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === zero) start += 1;
  if (start === digits.length) return '0';
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === zero) end -= 1;
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${mantissa.startsWith('-') ? '-' : ''}${digits.slice(start, end)}e${power}`;
}

/** The parts of a text that {@link visitJSON} reports. */
interface JSONVisitor {
  /** Called before the names of the object. */
  object?(value: object): void;
  name(name: string): void;
  string(value: string): void;
}

/** Visits the names and strings of a value that `JSON.parse` made. Without recursion, so any depth is safe. */
export function visitJSON(root: unknown, visitor: JSONVisitor): void {
  const pending: unknown[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'string') visitor.string(value);
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) pending.push(item);
    else if (typeof value === 'object' && value !== null) {
      visitor.object?.(value);
      for (const [name, member] of Object.entries(value)) {
        visitor.name(name);
        pending.push(member);
      }
    }
  }
}

/**
 * Whether an object in a JSON text has the same name twice: readers do not agree which of the two is meant.
 *
 * @param value - what `JSON.parse` made of the text
 */
export function hasRepeatedName(bytes: Uint8Array, value: unknown): boolean {
  let members = 0;
  visitJSON(value, { name: () => (members += 1), string: () => undefined });
  return members !== scanJSON(bytes, Infinity).members;
}

/** The name of a field of Protocol Buffers in JSON, for the name that the proto file gives it. */
const camelCase = (name: string): string =>
  name
    .split('_')
    .map((word, place) => (place === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');

/**
 * Whether an object has one field of Protocol Buffers under both of its names, `interrupt_on_error` and
 * `interruptOnError`: readers do not agree which of the two is meant.
 *
 * @param value - what `JSON.parse` made of the text
 */
export function hasFieldInBothSpellings(value: unknown): boolean {
  let isFound = false;
  visitJSON(value, {
    object(members) {
      const names = Object.keys(members);
      isFound ||=
        names.some((name) => name.includes('_')) && new Set(names.map(camelCase)).size < names.length;
    },
    name: () => undefined,
    string: () => undefined,
  });
  return isFound;
}
