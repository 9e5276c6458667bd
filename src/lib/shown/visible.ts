import { escaped, printable } from './printable.js';

/**
 * Characters that take no room, so that two names look like one. Joiners are not among them: scripts and emoji need
 * them.
 */
const hidden = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu;
/** A character that can be seen: no white space, and none that Unicode leaves blank. */
const seen = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Makes foreign text visible and clickable: as {@link printable}, with escapes for characters that take no room,
 * and for every character of a text that would be blank.
 */
export const visible = (text: string): string =>
  seen.test(text) ? printable(text).replaceAll(hidden, escaped) : escaped(text);
