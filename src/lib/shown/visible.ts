import { escaped, printable } from './printable.js';
import { hasSeen } from './unseen.js';

/**
 * Makes foreign text visible and clickable: as {@link printable}, with an escape for every character of a text that
 * would be blank.
 */
export const visible = (text: string): string => (hasSeen(text) ? printable(text) : escaped(text));
