import { timeOfDay } from './timeOfDay.js';

/** The time that a user's clock gives, for a report; `undefined` where the clock throws, or gives a value that is no time. */
export function reportedTime(now: () => number): number | undefined {
  try {
    return timeOfDay(now);
  } catch {
    return undefined;
  }
}
