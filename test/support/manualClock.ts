import type { Clock } from '../../src/ports.js';

interface Timer {
  readonly at: number;
  readonly milliseconds: number;
  readonly action: () => void;
}

export interface ManualClock extends Clock {
  /** Milliseconds of the timers that were set and neither ran nor were cancelled. */
  pending(): readonly number[];
  /** Resolves as soon as so many timers are pending. */
  started(count: number): Promise<void>;
  /** Moves the time on and runs the timers that are due, in order. */
  advance(milliseconds: number): void;
  /** Runs every pending timer, at the present time. */
  expireAll(): void;
}

/** A clock that stands still until a test moves it. */
export function manualClock(): ManualClock {
  let time = 0;
  const timers = new Set<Timer>();
  const observers = new Set<() => void>();

  function run(due: readonly Timer[]): void {
    for (const timer of due) if (timers.delete(timer)) timer.action();
  }

  return {
    now: () => 1_700_000_000_000 + time,
    elapsed: () => time,
    after(milliseconds, action) {
      const timer = { at: time + milliseconds, milliseconds, action };
      timers.add(timer);
      for (const observer of observers) observer();
      return () => timers.delete(timer);
    },
    pending: () => [...timers].map(({ milliseconds }) => milliseconds),
    async started(count) {
      while (timers.size < count)
        await new Promise<void>((resolve) => {
          const observer = () => {
            observers.delete(observer);
            resolve();
          };
          observers.add(observer);
        });
    },
    advance(milliseconds) {
      time += milliseconds;
      run([...timers].sort((a, b) => a.at - b.at).filter(({ at }) => at <= time));
    },
    expireAll() {
      run([...timers]);
    },
  };
}
