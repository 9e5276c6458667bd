import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { pause } from '../clock.js';
import type { Clock } from '../ports.js';

export interface AsyncCallOptions {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many wait for their turn; more are dropped. */
  readonly queue: number;
  /** How long `drain` waits. Milliseconds. */
  readonly drainMs: number;
  readonly clock: Clock;
}

/** The calls that nobody waits for: a bounded number at once, a bounded queue, and an end (rule C5). */
export interface AsyncCalls {
  /** Starts `call` when it is its turn. `false` when the queue is full: the call is then not made, and counted. */
  start(call: (signal: AbortSignal) => Promise<void>): boolean;
  readonly running: number;
  readonly waiting: number;
  readonly dropped: number;
  /** Waits for all that was started, then cuts off what is left. */
  drain(): Promise<void>;
}

export function createAsyncCalls({ atOnce, queue, drainMs, clock }: AsyncCallOptions): AsyncCalls {
  const policy = bulkhead(atOnce, queue);
  const cutOff = new AbortController();
  const started = new Set<Promise<void>>();
  let dropped = 0;

  return {
    start(call) {
      if (policy.executionSlots + policy.queueSlots === 0) {
        dropped++;
        return false;
      }
      const ended = policy
        .execute(() => (cutOff.signal.aborted ? undefined : call(cutOff.signal)))
        .catch((error: unknown) => {
          if (!isBulkheadRejectedError(error)) throw error;
          dropped++;
        })
        .finally(() => started.delete(ended));
      started.add(ended);
      return true;
    },
    get running() {
      return atOnce - policy.executionSlots;
    },
    get waiting() {
      return queue - policy.queueSlots;
    },
    get dropped() {
      return dropped;
    },
    async drain() {
      const done = new AbortController();
      const all = Promise.all(started);
      await Promise.race([all, pause(clock, drainMs, done.signal)]);
      done.abort();
      cutOff.abort();
      await Promise.all(started);
    },
  };
}
