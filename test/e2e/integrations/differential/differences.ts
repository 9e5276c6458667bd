import { readdirSync } from 'node:fs';

/** What a run of a handler came to. */
export interface Outcome {
  /** Every byte that was answered, but for the date. */
  readonly answer: string;
  readonly seen: readonly string[];
}

/** What has to differ between a bare and a guarded handler, and why. */
export interface Difference {
  readonly reason: string;
  /** What the guarded one comes to, made of what the bare one came to. @defaultValue the same */
  readonly guarded?: (bare: Outcome) => Outcome;
  /** What is compared of the two. @defaultValue all */
  readonly compared?: (outcome: Outcome) => Outcome;
}

const inAnyOrder = ({ answer, seen }: Outcome): Outcome => ({ answer, seen: [...seen].sort() });

/** A response is sent when its verdict is in, so that `finish` and `close` come later than what a handler does meanwhile. */
export const laterFinish: Difference = {
  reason:
    '`finish`, `close` and callbacks of `end` come when the response has been sent, which is after the verdict',
  compared: inAnyOrder,
};

/** What differs is expected; everything else is the same. */
export function expectedOf(difference: Difference | undefined, bare: Outcome): Outcome {
  const { guarded = (outcome: Outcome) => outcome } = difference ?? {};
  return guarded(bare);
}

/** File descriptors that this process has open; sockets and files alike. */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

/** Rows of what was compared, printed at the end. */
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
