import type { Clock } from '../../src/ports.js';

/**
 * A clock whose waits end at once and advance its time by their length. Waits longer than `upToMs` never end, so
 * that a test can hold an operation for as long as it likes.
 */
export function instantClock({ startsAt = 1_700_000_000_000, upToMs = Infinity } = {}): Clock {
  let elapsed = 0;
  return {
    now: () => startsAt + elapsed,
    elapsed: () => elapsed,
    after(milliseconds, action) {
      if (milliseconds > upToMs) return () => undefined;
      const pending = setImmediate(() => {
        elapsed += milliseconds;
        action();
      });
      return () => {
        clearImmediate(pending);
      };
    },
  };
}
