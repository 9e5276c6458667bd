import { systemClock } from '../../lib/clock.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireBoolean, requireClock } from '../../lib/reading/reading.js';
import type { Clock } from '../../ports.js';

interface InterceptOptions {
  readonly checkFirst?: boolean;
  readonly clock?: Clock;
}

const optionNames: OptionNames<InterceptOptions> = { checkFirst: true, clock: true };

/**
 * Parses the options of an intercepted client and fills in the defaults. @throws {@link InvalidArgumentError} for an
 * unknown or malformed one
 */
export function takeInterceptOptions(given: InterceptOptions, what: string): Required<InterceptOptions> {
  const { checkFirst = false, clock = systemClock() } = readOptions(given, optionNames, what);
  requireBoolean(checkFirst, 'checkFirst');
  requireClock(clock);
  return { checkFirst, clock };
}
