import type { Clock } from '../ports.js';
import { abortable } from './abortable.js';
import { pause } from './clock.js';

interface TimeLimit {
  readonly clock: Clock;
  readonly milliseconds: number;
  /** Makes the error of work that has not ended in time. */
  readonly late: () => Error;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Made once, since each error captures a stack, and each read of a command ends with an abort of its signal. */
const noLongerAwaited = new DOMException('the result is no longer waited for', 'AbortError');

/**
 * Settles as `work` does, and rejects once the time is over or the signal aborts, also where the work never ends. The
 * signal that the work is given aborts as soon as no result is waited for.
 */
export async function withinTime<Result>(
  { clock, milliseconds, late, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const working = work(done.signal);
  const timeUp = pause(clock, milliseconds, done.signal).then(() => {
    throw late();
  });
  try {
    return await abortable(Promise.race([working, timeUp]), signal);
  } finally {
    // The promise that lost the race may still reject.
    timeUp.catch(() => undefined);
    working.catch(() => undefined);
    done.abort(noLongerAwaited);
  }
}
