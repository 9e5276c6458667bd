import fc from 'fast-check';

const firstSurrogate = 0xd800;
const surrogates = 0x800;
const last = 0x10ffff;

/**
 * Any character but half of a surrogate pair: as the unit `binary` of fast-check, whose map of all characters costs
 * each process a second.
 */
export const anyCharacter = fc.nat({ max: last - surrogates }).map(
  (place) => String.fromCodePoint(place < firstSurrogate ? place : place + surrogates),
  (value) => {
    const code = typeof value === 'string' ? value.codePointAt(0) : undefined;
    if (code === undefined || value !== String.fromCodePoint(code)) throw new TypeError('not one character');
    if (code < firstSurrogate) return code;
    if (code < firstSurrogate + surrogates) throw new TypeError('half of a surrogate pair');
    return code - surrogates;
  },
);
