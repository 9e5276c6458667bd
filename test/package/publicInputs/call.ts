import type { Row } from './row.js';

/** A row of a table. */
export const call = (
  run: (...args: never[]) => unknown,
  args: readonly unknown[],
  more: Partial<Row> = {},
): Row => ({ call: run, args, ...more });
