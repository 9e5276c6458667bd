/** Characters that control a terminal: control characters, and those that change the direction of text. */
const steering = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The escapes of a text in JSON, one for each unit of UTF-16. */
export function escaped(text: string): string {
  let escapes = '';
  for (let at = 0; at < text.length; at += 1)
    escapes += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escapes;
}

/** Shows control characters as their escapes, so that foreign text does not control the terminal. */
export const printable = (text: string): string => text.replaceAll(steering, escaped);

/** As {@link printable}, for text of several lines. In JSON and in quoted YAML the escapes mean the same characters. */
export const printableLines = (text: string): string =>
  text.replaceAll(steering, (character) => (character === '\n' ? character : escaped(character)));
