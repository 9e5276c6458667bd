import type fc from 'fast-check';

/** Something that has to hold for everything, and how often a full run tries it. */
export interface Property {
  readonly name: string;
  readonly runs: number;
  check(parameters: fc.Parameters<unknown>): Promise<void>;
}
