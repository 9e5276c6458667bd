import { stylesOf, type Style, type Terminal } from '../shell/terminal.js';

/** Prints the progress of the demo. */
export interface Storyteller {
  say(line?: string): void;
  heading(text: string): void;
  /** Rows in columns; numbers are right-aligned. */
  table(rows: readonly (readonly (string | number)[])[]): void;
  style(style: Style, text: string): string;
}

/** @param silent - prints nothing: a script reads only the result */
export function createStoryteller(terminal: Terminal, silent: boolean): Storyteller {
  const style = stylesOf(terminal, terminal.stdout);
  const say = (line = '') => {
    if (!silent) terminal.stdout.write(`${line}\n`);
  };
  return {
    say,
    style,
    heading(text) {
      say();
      say(style('bold', text));
    },
    table(rows) {
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
    },
  };
}
