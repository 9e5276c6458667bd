/** Characters that control a terminal: control characters, and those that change the direction of text. */
const steering = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Text of others must not steer the terminal: control characters are shown as their escapes. */
export const printable = (text: string): string => text.replaceAll(steering, escaped);

/** As {@link printable}, for text of several lines. In JSON and in quoted YAML the escapes mean the same characters. */
export const printableLines = (text: string): string =>
  text.replaceAll(steering, (character) => (character === '\n' ? character : escaped(character)));

const characters = new Intl.Segmenter();

const widthOf = (text: string): number =>
  /^[\x20-\x7e]*$/.test(text) ? text.length : [...characters.segment(text)].length;

/** Columns beside each other, two spaces apart. `heading` styles the first line. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  heading: (text: string) => string,
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = columns.map((column, place) =>
    Math.max(widthOf(column), ...cells.map((row) => widthOf(row[place] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, place) => cell + ' '.repeat(Math.max(0, (widths[place] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return `${[heading(line(columns)), ...cells.map(line)].join('\n')}\n`;
}

/** Names and values below each other. */
export function details(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => widthOf(name)));
  return pairs
    .map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd())
    .join('\n')
    .concat('\n');
}
