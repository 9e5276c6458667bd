import { stylesOf, type Style, type Terminal } from './terminal.js';
import { printableLines } from '../../lib/shown/printable.js';
import { details, table } from './table.js';

/** The output of a command: its result on stdout, notes for people on stderr. */
export interface CommandOutput {
  readonly isJSON: boolean;
  /** Prints the result: one JSON document with `--json`, otherwise the text for people. */
  result(document: unknown, text: () => string): void;
  /** Prints a note for people. */
  note(text: string): void;
  table(columns: readonly string[], rows: readonly (readonly string[])[]): string;
  details(pairs: readonly (readonly [name: string, value: string])[]): string;
  style(style: Style, text: string): string;
}

/** Writes positions and versions as text: JavaScript's numbers cannot hold them. */
const asJSON = (document: unknown, isLine: boolean): string =>
  printableLines(
    JSON.stringify(
      document,
      (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      isLine ? 0 : 2,
    ),
  );

/** @param follows - whether the command prints several results, each on its own line */
export function createCommandOutput(terminal: Terminal, isJSON: boolean, follows = false): CommandOutput {
  const style = stylesOf(terminal, terminal.stdout);
  return {
    isJSON,
    result(document, text) {
      terminal.stdout.write(isJSON ? `${asJSON(document, follows)}\n` : text());
    },
    note(text) {
      if (!isJSON) terminal.stderr.write(`${printableLines(text)}\n`);
    },
    table: (columns, rows) => table(columns, rows, (text) => style('bold', text)),
    details,
    style,
  };
}
