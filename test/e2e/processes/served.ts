/** An answer of the index to a worker, and the ids in it. */

/** Conditions that are written again and again. */
export const conditions = Array.from({ length: 20 }, (_, n) => `thing.kind${n}`);

/** Targets a digit; a list holds one target of each digit, so that every write of a condition has a list of its own. */
const base = 20;
const digits = 4;
export const targetIDs = Array.from({ length: base * digits }, (_, n) => `t${n}`);

/** The list of the `n`th write. */
export const listOf = (n: number): readonly string[] =>
  Array.from({ length: digits }, (_, digit) => `t${digit * base + (Math.floor(n / base ** digit) % base)}`);

/** An answer: the targets that an event of this name is sent to; none where its execution was removed. */
export interface Answer {
  readonly name: string;
  readonly targets: readonly string[];
}

export type Served =
  /** All answers of a fresh process. */
  | { readonly what: 'started'; readonly answers: readonly Answer[] }
  /** The answer of a process after its own write. */
  | { readonly what: 'wrote'; readonly answer: Answer; readonly position: string }
  | { readonly what: 'rebuilt'; readonly answers: readonly Answer[] };
