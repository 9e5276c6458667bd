/** Characters that control a terminal: control characters, and those that change the direction of text. */
const steering = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Shows control characters as their escapes, so that foreign text does not control the terminal. */
export const printable = (text: string): string => text.replaceAll(steering, escaped);

/** As {@link printable}, for text of several lines. In JSON and in quoted YAML the escapes mean the same characters. */
export const printableLines = (text: string): string =>
  text.replaceAll(steering, (character) => (character === '\n' ? character : escaped(character)));
