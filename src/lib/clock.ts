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

/** Node runs a timer at once that is set for longer. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Node's timers count whole milliseconds, and so may run up to a millisecond before `performance.now()` says that the
 * time is over. Here they are started again for the rest: where an action runs, its deadline has passed by `elapsed()`
 * too. A timer that runs earlier than that is one of a test that sets time forward.
 */
const earliestMs = 2;

const createClock = (now: () => number | Date, keepsAlive: boolean): Clock => ({
  now: () => timeOfDay(now),
  elapsed: () => performance.now(),
  after(milliseconds, action) {
    const dueAt = performance.now() + milliseconds;
    let timer: NodeJS.Timeout;
    const start = (delayMs: number) => {
      timer = setTimeout(look, Math.min(delayMs, longestTimerMs));
      if (!keepsAlive) timer.unref();
    };
    const look = () => {
      const leftMs = dueAt - performance.now();
      if (leftMs > 0 && (leftMs < earliestMs || milliseconds > longestTimerMs)) start(leftMs);
      else runReporting('the action of a timer', action);
    };
    start(milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
});

/** Waits, and resolves early when `signal` aborts. Never rejects. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
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
