import { InvalidArgumentError } from '../../errors.js';

/**
 * The time that a user's `now` gives, in milliseconds since the epoch.
 *
 * @throws {@link InvalidArgumentError} where it throws, or gives a value that is no time
 */
export function timeOfDay(now: () => number | Date): number {
  let time: number;
  try {
    time = Number(now());
  } catch (cause) {
    throw new InvalidArgumentError(
      'now threw: it has to return milliseconds since the epoch, or a Date; nothing was written',
      {
        cause,
      },
    );
  }
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15)
    throw new InvalidArgumentError(
      `now returned ${String(time)}: it has to return milliseconds since the epoch, or a Date; nothing was written`,
    );
  return time;
}
