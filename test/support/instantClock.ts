import type { Clock } from '../../src/ports.js';

/**
 * A clock whose waits end at once, and whose time goes on by what was waited for. Waits longer than `upToMs` never end:
 * for what has to be held up for as long as a test likes.
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
