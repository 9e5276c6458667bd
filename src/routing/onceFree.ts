import { IndexNotReadyError } from '../errors.js';
import { pause } from '../lib/clock.js';
import type { Clock } from '../ports.js';

/** Another process holds the lock of the index file: nothing was changed; the same call may succeed a moment later. */
export class IndexBusyError extends IndexNotReadyError {}

const shortestPauseMs = 5;
const longestPauseMs = 50;

interface OnceFreeOptions {
  /** Ends the wait: the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the lock. Milliseconds. @defaultValue without a limit */
  readonly patienceMs?: number;
}

/**
 * Runs `change`, and again after a pause while another process holds the lock: the event loop is free meanwhile.
 *
 * @throws {@link IndexBusyError} when the patience is spent, and any other error of `change`
 */
export async function onceFree<Result>(
  clock: Clock,
  change: () => Result,
  { signal, patienceMs = Infinity }: OnceFreeOptions = {},
): Promise<Result> {
  const startedAt = clock.elapsed();
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return change();
    } catch (error) {
      if (!(error instanceof IndexBusyError) || clock.elapsed() - startedAt >= patienceMs) throw error;
    }
    await pause(clock, pauseMs, signal);
    signal?.throwIfAborted();
  }
}
