import { onAbort } from '../lib/onAbort.js';
/** Whoever waits for the index to reach a position. */
export interface Waiters {
  /** Resolves once `advance` or `open` has said so; rejects with `signal.reason` or with what `fail` was given. */
  wait(until: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Lets go of everybody whose condition holds now. */
  check(): void;
  fail(error: Error): void;
}

interface Waiter {
  readonly until: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>();
  let failure: Error | undefined;

  return {
    wait(until, signal) {
      if (failure) return Promise.reject(failure);
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      if (until()) return Promise.resolve();
      return new Promise<void>((resolve, reject) => {
        const settle = (end: () => void) => {
          waiting.delete(waiter);
          stopListening();
          end();
        };
        const waiter: Waiter = {
          until,
          resolve: () => {
            settle(resolve);
          },
          reject: (reason) => {
            settle(() => {
              reject(reason);
            });
          },
        };
        waiting.add(waiter);
        const stopListening = onAbort(signal, () => {
          waiter.reject(signal?.reason);
        });
      });
    },
    check() {
      for (const waiter of waiting) if (waiter.until()) waiter.resolve();
    },
    fail(error) {
      failure = error;
      for (const waiter of waiting) waiter.reject(error);
    },
  };
}
