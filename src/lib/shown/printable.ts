import { replaceUnseen } from './unseen.js';

/** Characters that control a terminal; those that change the direction of text are among the unseen ones. */
const steering = /[\p{Cc}\u2028\u2029]/gu;

/** The escapes of a text in JSON, one for each unit of UTF-16. */
export function escaped(text: string): string {
  let escapes = '';
  for (let at = 0; at < text.length; at += 1)
    escapes += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escapes;
}

/**
 * Shows control characters, and characters that show nothing, as their escapes: foreign text does not control the
 * terminal, and two texts that differ look different.
 */
export const printable = (text: string): string => replaceUnseen(text.replaceAll(steering, escaped), escaped);

/** As {@link printable}, for text of several lines. In JSON and in quoted YAML the escapes mean the same characters. */
export const printableLines = (text: string): string =>
  replaceUnseen(
    text.replaceAll(steering, (character) => (character === '\n' ? character : escaped(character))),
    escaped,
  );
