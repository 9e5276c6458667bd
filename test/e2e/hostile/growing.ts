/** One way in which an outsider can feed something. */
export interface GrowingInput {
  /** So large that what grows with its square takes far longer than it may. */
  readonly n: number;
  /** Makes an input of a size, which is not measured, and gives what takes it. A typed refusal is an answer too. */
  prepare(n: number): () => unknown;
}

export type GrowingInputs = Readonly<Record<string, GrowingInput>>;

/** What an input of n and one of 4n took. */
export interface Growth {
  readonly name: string;
  /** User and system time. Milliseconds. */
  readonly cpuMs: readonly [once: number, fourTimes: number];
  /** By how much the peak of the memory of the process rose. Bytes. */
  readonly bytes: readonly [once: number, fourTimes: number];
}
