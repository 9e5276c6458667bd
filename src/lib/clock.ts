import type { Clock } from '../ports.js';

/**
 * The clock of the machine.
 *
 * @param now - replaces the time of day; durations and timers stay the machine's
 */
export function systemClock(now: () => number | Date = Date.now): Clock {
  return {
    now: () => Number(now()),
    elapsed: () => performance.now(),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

/** Waits, and ends early without an error when `signal` aborts. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
