import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

/** A stream that the program writes to: a terminal, a pipe or a file. */
export interface OutputStream {
  write(text: string): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The members of `process` that the program uses. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Set where stdout cannot be written. */
  exitCode?: number | string | null | undefined;
  on(event: NodeJS.Signals, listener: () => void): unknown;
  removeListener(event: NodeJS.Signals, listener: () => void): unknown;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Styles text on a terminal only: not in a pipe, and not where NO_COLOR (no-color.org) is set. */
export function stylesOf({ env }: Terminal, { isTTY }: OutputStream): (style: Style, text: string) => string {
  const isPlain = isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return (style, text) => (isPlain ? text : styleText(style, text));
}
