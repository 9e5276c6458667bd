import type { Clock } from '../ports.js';
import { runReporting } from './ignoredError.js';
import { onAbort } from './onAbort.js';
import { timeOfDay } from './time/timeOfDay.js';

/**
 * The clock of the machine.
 *
 * @param now - replaces the time of day; durations and timers stay the machine's
 */
export const systemClock = (now: () => number | Date = Date.now): Clock => createClock(now, true);

/** The same clock, with timers that do not keep the process alive. */
export const backgroundClock = (): Clock => createClock(Date.now, false);

const createClock = (now: () => number | Date, keepsAlive: boolean): Clock => ({
  now: () => timeOfDay(now),
  elapsed: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(runReporting, milliseconds, 'the action of a timer', action);
    if (!keepsAlive) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
});

/** Waits, and resolves early when `signal` aborts. Never rejects. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      stopWaiting();
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    const stopWaiting = onAbort(signal, done);
  });
}

/** Runs `action` at the end of this turn of the event loop. An error that it throws becomes a warning. */
export function soon(where: string, action: () => void): void {
  setImmediate(runReporting, where, action);
}

/** Runs `action` once. An error that it throws becomes a warning. */
export function later(where: string, milliseconds: number, action: () => void): NodeJS.Timeout {
  return setTimeout(runReporting, milliseconds, where, action);
}

/** Runs `action` every `milliseconds`, also after a run that threw. An error that it throws becomes a warning. */
export function every(where: string, milliseconds: number, action: () => void): NodeJS.Timeout {
  return setInterval(runReporting, milliseconds, where, action);
}
