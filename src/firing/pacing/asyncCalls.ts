import { AsyncResource } from 'node:async_hooks';
import { FairQueue, type Claimant } from './fairQueue.js';
import type { Place } from './queueShare.js';

interface AsyncCallOptions {
  /** How many calls run at once. */
  readonly atOnce: number;
  /** How many calls of one target run at once, so that a slow target leaves places to the others. @defaultValue `atOnce` */
  readonly perTarget?: number;
  /** How many calls wait for a place; further calls are dropped. */
  readonly queue: number;
  /** Bytes of all calls that wait for a place; further calls are dropped. @defaultValue no bound */
  readonly queueBytes?: number;
}

/** A call that no operation waits for. */
interface AsyncCall extends Claimant {
  /** Makes the call; never rejects. */
  run(): Promise<void>;
  /** Runs instead of `run` where the queue is full and the call is dropped. */
  dropped(): void;
  /** Bytes that the call keeps in memory while it waits. */
  readonly bytes: number;
}

/** The calls that no operation waits for: a bounded number at once, and a queue bounded in count and bytes (rules C5, S6). */
export interface AsyncCalls {
  /**
   * Makes a call once there is a place for it (see {@link FairQueue}), in the caller's async context.
   *
   * @returns resolves when the call has run or was dropped
   */
  start(call: AsyncCall): Promise<void>;
  readonly running: number;
  readonly waiting: number;
  readonly dropped: number;
}

export function createAsyncCalls({ atOnce, perTarget = atOnce, ...bounds }: AsyncCallOptions): AsyncCalls {
  const queue = new FairQueue({ atOnce, perTarget, ...bounds });
  let dropped = 0;

  return {
    start(call) {
      return new Promise((resolve) => {
        const runAt = (place: Place) => {
          call
            .run()
            .finally(() => place.release())
            .then(resolve, resolve);
        };
        const place = queue.tryTake(call);
        if (place !== undefined) {
          runAt(place);
          return;
        }
        const drop = AsyncResource.bind(() => {
          dropped++;
          call.dropped();
          resolve();
        });
        const waiting = { start: AsyncResource.bind(runAt), drop, bytes: call.bytes };
        if (queue.wait(call, waiting) === undefined) drop();
      });
    },
    get running() {
      return queue.running;
    },
    get waiting() {
      return queue.waiting;
    },
    get dropped() {
      return dropped;
    },
  };
}
