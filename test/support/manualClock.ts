import type { Clock } from '../../src/ports.js';

export interface ManualClock extends Clock {
  /** Milliseconds of the timers that were set and neither ran nor were cancelled. */
  pending(): readonly number[];
  /** Runs every pending timer: the moment all deadlines have passed. */
  expireAll(): void;
}

/** A clock that stands still until a test says that time is up. */
export function manualClock(): ManualClock {
  const timers = new Set<{ readonly milliseconds: number; readonly action: () => void }>();
  return {
    now: () => 1_700_000_000_000,
    elapsed: () => 0,
    after(milliseconds, action) {
      const timer = { milliseconds, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pending: () => [...timers].map(({ milliseconds }) => milliseconds),
    expireAll() {
      for (const timer of [...timers]) {
        timers.delete(timer);
        timer.action();
      }
    },
  };
}
