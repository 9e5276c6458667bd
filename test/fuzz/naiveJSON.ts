/** Levels of arrays and objects. Recursive on purpose: only for small values. */
export function naiveDepth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(naiveDepth));
}

/**
 * Whether `JSON.parse` and `JSON.stringify` keep all that a JSON text says: the text, with its numbers written out in
 * full and its strings as JSON writes them, has to come back. Another way than the library's, on purpose.
 */
export function isKeptByJSON(text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  const tokens =
    text.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],:]|true|false|null/g) ?? [];
  const names: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (/^[-\d]/.test(token) && !isKeptNumber(token)) return false;
    if (!token.startsWith('"')) continue;
    const string = JSON.parse(token) as string;
    if (string.includes('\0') || Buffer.from(string).toString() !== string) return false;
    if (tokens[index + 1] === ':') names.push(string);
  }
  return !names.includes('__proto__') && names.length === countNames(value);
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, member) => sum + countNames(member), own);
}

/** Compares as fractions of whole numbers, which have no limit. */
function isKeptNumber(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const [a, b] = [fraction(literal), fraction(String(value))];
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

function fraction(text: string): { numerator: bigint; denominator: bigint } {
  const [, sign, whole = '0', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(`${whole}${decimals}`) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - decimals.length;
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}
