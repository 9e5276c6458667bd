import { AsyncResource } from 'node:async_hooks';
import { createSlots } from './slots.js';

export interface AsyncCallOptions {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many wait for their turn; more are dropped. */
  readonly queue: number;
}

/** The calls that nobody waits for: a bounded number at once, and a bounded queue (rule C5). */
export interface AsyncCalls {
  /**
   * Starts `call`, which never rejects, when it is its turn. `undefined` when the queue is full: the call is then not made,
   * and counted.
   */
  start(call: () => Promise<void>): Promise<void> | undefined;
  readonly running: number;
  readonly waiting: number;
  readonly dropped: number;
}

export function createAsyncCalls({ atOnce, queue }: AsyncCallOptions): AsyncCalls {
  const slots = createSlots(atOnce);
  let running = 0;
  let waiting = 0;
  let dropped = 0;

  return {
    start(call) {
      if (running === atOnce && waiting === queue) {
        dropped++;
        return undefined;
      }
      // In the context of whoever started it, for its spans, and not of the call that makes room for it.
      const inContext = AsyncResource.bind(call);
      waiting++;
      return new Promise((resolve, reject) => {
        slots.take(() => {
          waiting--;
          running++;
          inContext()
            .finally(() => {
              running--;
              slots.release();
            })
            .then(resolve, reject);
        });
      });
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
    get dropped() {
      return dropped;
    },
  };
}
