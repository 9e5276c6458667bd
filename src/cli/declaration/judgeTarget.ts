import { InvalidArgumentError, isActionsError } from '../../errors.js';
import type { Actions } from '../../index.js';
import { detailText } from '../../lib/detailText.js';
import { ownOptions, withoutConsequence } from '../shell/ownOptions.js';
import type { desiredTarget } from './desiredTarget.js';

/** Judges a target as it will be, before anything is written. */
export type JudgeTarget = (name: string, desired: ReturnType<typeof desiredTarget>) => Promise<void>;

/**
 * Makes a judge that adds each target in memory. Stored header values stay out: they passed when they were written.
 *
 * @param file - where the targets are declared, for the error
 */
export const judgeTargetIn =
  (memory: Actions, file: string): JudgeTarget =>
  async (name, { headers, ...settings }) => {
    const given = Object.entries(headers).filter(
      (header): header is [name: string, value: string] => header[1] !== null,
    );
    try {
      await memory.targets.add({ ...settings, headers: Object.fromEntries(given) });
    } catch (error) {
      if (!isActionsError(error, 'INVALID_ARGUMENT')) throw error;
      const why = withoutConsequence(ownOptions(detailText(error)));
      throw new InvalidArgumentError(
        `${file}: the target ${JSON.stringify(name)}: ${why}; nothing was written`,
        { cause: error },
      );
    }
  };
