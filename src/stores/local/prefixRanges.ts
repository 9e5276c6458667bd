/** The names from `from` up to, and without, `to`, in the order of their UTF-8 bytes, which is the order of code points. */
export interface NameRange {
  readonly from: string;
  /** `undefined` where no name comes after the names with the prefix. */
  readonly to: string | undefined;
}

/**
 * The ranges of the stream names that begin with one of these prefixes; no range is inside another. `undefined` for all
 * names.
 */
export function prefixRanges(prefixes: readonly string[] | undefined): readonly NameRange[] | undefined {
  if (prefixes === undefined || prefixes.includes('')) return undefined;
  return [...new Set(prefixes)]
    .filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)))
    .map(rangeOf);
}

export function rangeOf(prefix: string): NameRange {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // No code point follows the last one. Skip the surrogates, which are not characters.
    if (last !== 0x10ffff)
      return {
        from: prefix,
        to: String.fromCodePoint(...points) + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1),
      };
  }
  return { from: prefix, to: undefined };
}
