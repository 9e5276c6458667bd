import { InvalidArgumentError } from '../../errors.js';
import { requireFunction, requireFunctions } from '../../lib/reading/reading.js';
import type { OptionNames } from '../../lib/reading/readOptions.js';
import type { ContractRunner } from './harness.js';
import { shownType } from '../../lib/reading/shownValue.js';

/** `describe` and `it` of mocha, jest or vitest with globals. */
function globalRunner(suite: string): ContractRunner {
  const { describe, it } = globalThis as Partial<ContractRunner>;
  if (describe === undefined || it === undefined)
    throw new InvalidArgumentError(
      `${suite} found no global describe and it: call it in a test file, or pass them as runner`,
    );
  return { describe, it };
}

/** The options of a suite that takes only a runner. */
export const runnerOnly: OptionNames<{ readonly runner?: ContractRunner }> = { runner: true };

/** The arguments of every suite. */
interface Suite {
  /** The name of the function, for the errors. */
  readonly suite: string;
  readonly name: unknown;
  readonly open: unknown;
  readonly runner?: ContractRunner | undefined;
}

/** The functions of the test runner. @throws {@link InvalidArgumentError} for a runner that defines no tests */
export function runnerOf({ suite, name, open, runner }: Suite): ContractRunner {
  if (typeof name !== 'string')
    throw new InvalidArgumentError(`the name of ${suite} is a text, not ${shownType(name)}`);
  if (open === undefined)
    throw new InvalidArgumentError(`open of ${suite} is a function that opens the store, not undefined`);
  requireFunction(open, 'open');
  if (runner === undefined) return globalRunner(suite);
  requireFunctions(runner, ['describe', 'it'], `the runner of ${suite} has the functions describe and it`);
  return runner;
}
