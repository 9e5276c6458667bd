/** An input that an outsider controls. */
export interface GrowingInput {
  /** So large that quadratic work exceeds the limit by far. */
  readonly n: number;
  /**
   * Makes an input of a size, outside the measurement, and returns the measured work. A typed refusal counts as an
   * answer.
   */
  prepare(n: number): () => unknown;
}

export type GrowingInputs = Readonly<Record<string, GrowingInput>>;

/** The cost of an input of n and of one of 4n. */
export interface Growth {
  readonly name: string;
  /** User and system time. Milliseconds. */
  readonly cpuMs: readonly [once: number, fourTimes: number];
  /** The rise of the peak of the process's memory. Bytes. */
  readonly bytes: readonly [once: number, fourTimes: number];
}
