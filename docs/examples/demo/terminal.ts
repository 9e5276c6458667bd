import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';

/** Plain where nobody looks at a terminal, or where NO_COLOR asks for it. */
export const styled = (format: Format, text: string): string => (coloured ? styleText(format, text) : text);

export const say = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

export const heading = (text: string): void => {
  say();
  say(styled('bold', text));
};

/** Rows in columns; numbers stand right. */
export function table(rows: readonly (readonly (string | number)[])[]): void {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, String(cell).length);
    });
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
    });
    say(`  ${cells.join('  ')}`.trimEnd());
  }
}
