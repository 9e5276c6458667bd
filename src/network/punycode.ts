const base = 36;
const firstBias = 72;
const damp = 700;
const skew = 38;
const tMin = 1;
const tMax = 26;

/**
 * Ranges of code points that no host name holds: controls, spaces, format characters, surrogates, private use,
 * non-characters.
 */
const refused: readonly (readonly [first: number, last: number])[] = [
  [0x0, 0xa0],
  [0xad, 0xad],
  [0x2000, 0x206f],
  [0x3000, 0x3000],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff0, 0xffff],
  [0xe0000, 0x10ffff],
];

const isRefused = (codePoint: number): boolean =>
  (codePoint & 0xfffe) === 0xfffe || refused.some(([first, last]) => codePoint >= first && codePoint <= last);

function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30 + 26;
  if (character >= 0x61 && character <= 0x7a) return character - 0x61;
  return base;
}

function adapt(delta: number, points: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / damp) : delta >> 1;
  rest += Math.floor(rest / points);
  let bias = 0;
  for (; rest > ((base - tMin) * tMax) >> 1; bias += base) rest = Math.floor(rest / (base - tMin));
  return bias + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}

/**
 * Decodes the part after `xn--` of a lower-case label (RFC 3492).
 *
 * @returns the code points; `undefined` for a text that no name can hold, or for ASCII text, which is written without
 *   `xn--`. Uses no table of the platform, so that every version of Node gives the same answer
 */
export function decodePunycode(encoded: string): readonly number[] | undefined {
  const delimiter = encoded.lastIndexOf('-');
  const points = delimiter < 1 ? [] : Array.from(encoded.slice(0, delimiter), (each) => each.charCodeAt(0));
  let position = delimiter < 0 ? 0 : delimiter + 1;
  // A leading delimiter separates nothing; a label that ends in the delimiter is plain ASCII.
  if (delimiter === 0 || position >= encoded.length) return undefined;
  let codePoint = 128;
  let index = 0;
  let bias = firstBias;
  while (position < encoded.length) {
    const before = index;
    let weight = 1;
    for (let step = base; ; step += base) {
      const digit = digitOf(encoded.charCodeAt(position++));
      if (digit >= base) return undefined;
      index += digit * weight;
      const threshold = Math.min(tMax, Math.max(tMin, step - bias));
      if (digit < threshold) break;
      weight *= base - threshold;
      if (!Number.isSafeInteger(index * weight)) return undefined;
    }
    bias = adapt(index - before, points.length + 1, before === 0);
    codePoint += Math.floor(index / (points.length + 1));
    index %= points.length + 1;
    if (codePoint > 0x10ffff || isRefused(codePoint)) return undefined;
    points.splice(index++, 0, codePoint);
  }
  return points;
}
