import { printable } from '../../lib/shown/printable.js';
import { visible } from '../../lib/shown/visible.js';

const characters = new Intl.Segmenter();

const widthOf = (text: string): number =>
  /^[\x20-\x7e]*$/.test(text) ? text.length : [...characters.segment(text)].length;

/** Writes columns, two spaces apart. `heading` styles the first line. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  heading: (text: string) => string,
): string {
  const cells = rows.map((row) => row.map(visible));
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

/** Writes names and values, one pair a line. */
export function details(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => widthOf(name)));
  return pairs
    .map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd())
    .join('\n')
    .concat('\n');
}
