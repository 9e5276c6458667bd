import { AsyncResource } from 'node:async_hooks';
import { createLanes } from './lanes.js';
import { createSlots } from './slots.js';

export interface AsyncCallOptions {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many of one target run at once, so that a slow one leaves turns to the others. @defaultValue `atOnce` */
  readonly perTarget?: number;
  /** How many wait for their turn; more are dropped. */
  readonly queue: number;
}

/** The calls that nobody waits for: a bounded number at once, and a bounded queue (rule C5). */
export interface AsyncCalls {
  /**
   * Starts `call`, which never rejects, when it is the turn of its target and then its own. `undefined` when the queue is
   * full: the call is then not made, and counted.
   */
  start(call: () => Promise<void>, target?: string): Promise<void> | undefined;
  readonly running: number;
  readonly waiting: number;
  readonly dropped: number;
}

export function createAsyncCalls({ atOnce, perTarget = atOnce, queue }: AsyncCallOptions): AsyncCalls {
  const slots = createSlots(atOnce);
  const laneOf = createLanes(perTarget);
  let running = 0;
  let waiting = 0;
  let dropped = 0;

  return {
    start(call, target = '') {
      const isFull = waiting >= queue;
      // The lane last: one that is made is taken.
      if (isFull && !(slots.isFree && laneOf(target).isFree)) {
        dropped++;
        return undefined;
      }
      const lane = laneOf(target);
      // In the context of whoever started it, for its spans, and not of the call that makes room for it.
      const inContext = AsyncResource.bind(call);
      waiting++;
      return new Promise((resolve, reject) => {
        const run = () => {
          waiting--;
          running++;
          inContext()
            .finally(() => {
              running--;
              slots.release();
              lane.release();
            })
            .then(resolve, reject);
        };
        lane.take(() => {
          slots.take(run);
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
