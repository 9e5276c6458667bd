import { InvalidArgumentError } from '../errors.js';
import { shownValue } from '../lib/reading/shownValue.js';

/** @throws {@link InvalidArgumentError} where `now` gives no time: no call could be refused by its age */
export function timeOf(now: () => unknown): number {
  const time = now();
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw new InvalidArgumentError(
    `the option now has to give a time in milliseconds since the Unix epoch, not ${shownValue(time)}: the call cannot be judged without one`,
  );
}
