import type fc from 'fast-check';

/** A property that has to hold for every input, and the number of inputs of a full run. */
export interface Property {
  readonly name: string;
  readonly runs: number;
  check(parameters: fc.Parameters<unknown>): Promise<void>;
}
