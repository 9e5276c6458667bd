import { readdirSync } from 'node:fs';

/** The result of a run of a handler. */
export interface Outcome {
  /** Every byte of the answer, except the date. */
  readonly answer: string;
  readonly seen: readonly string[];
}

/** A required difference between a bare and a guarded handler, and its reason. */
export interface Difference {
  readonly reason: string;
  /** The result of the guarded handler, made from that of the bare one. @defaultValue the same */
  readonly guarded?: (bare: Outcome) => Outcome;
  /** The compared part of the results. @defaultValue all */
  readonly compared?: (outcome: Outcome) => Outcome;
}

const inAnyOrder = ({ answer, seen }: Outcome): Outcome => ({ answer, seen: [...seen].sort() });

/**
 * A response is sent after its verdict, so that `finish` and `close` come after steps that the handler does meanwhile.
 */
export const laterFinish: Difference = {
  reason:
    '`finish`, `close` and callbacks of `end` come when the response has been sent, which is after the verdict',
  compared: inAnyOrder,
};

/** The expected outcome of the guarded handler. */
export function expectedOf(difference: Difference | undefined, bare: Outcome): Outcome {
  const { guarded = (outcome: Outcome) => outcome } = difference ?? {};
  return guarded(bare);
}

/** The open file descriptors of this process, of sockets and files. */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

/** The rows of the comparison, printed at the end. */
export class DifferenceTable {
  readonly #rows = new Map<string, { handlers: number; runs: number; listed: number; differences: number }>();

  note(framework: string, counts: { runs: number; listed: number; differences: number }): void {
    const row = this.#rows.get(framework) ?? { handlers: 0, runs: 0, listed: 0, differences: 0 };
    row.handlers += 1;
    row.runs += counts.runs;
    row.listed += counts.listed;
    row.differences += counts.differences;
    this.#rows.set(framework, row);
  }

  print(): void {
    for (const [framework, { handlers, runs, listed, differences }] of this.#rows)
      console.log(
        `      ${framework}: ${handlers} handlers, ${runs} guarded runs, ${listed} differ as listed, ${differences} differ besides`,
      );
  }
}
