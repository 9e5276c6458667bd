import type { ContractRunner } from './harness.js';

/**
 * `describe` and `it` of mocha, jest or vitest with globals.
 *
 * @param suite - the name of the function that needs them, for the error
 */
export function globalRunner(suite: string): ContractRunner {
  const { describe, it } = globalThis as Partial<ContractRunner>;
  if (describe === undefined || it === undefined)
    throw new Error(`${suite} is called in a test file: describe and it are not there; pass them as runner`);
  return { describe, it };
}
