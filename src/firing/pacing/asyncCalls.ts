import { AsyncResource } from 'node:async_hooks';
import { FairQueue, type Claimant } from './fairQueue.js';
import type { Place } from './queueShare.js';

export interface AsyncCallOptions {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many of one target run at once, so that a slow one leaves places to the others. @defaultValue `atOnce` */
  readonly perTarget?: number;
  /** How many wait for a place; more are dropped. */
  readonly queue: number;
  /** Bytes of all calls that wait for a place; more are dropped. @defaultValue no bound */
  readonly queueBytes?: number;
}

/** A call that no operation waits for. */
export interface AsyncCall extends Claimant {
  /** Makes the call; never rejects. */
  run(): Promise<void>;
  /** Runs instead of `run` where the call is not made because the queue is full. */
  dropped(): void;
  /** What it keeps in memory while it waits. */
  readonly bytes: number;
}

/** The calls that no operation waits for: a bounded number at once, and a queue bounded in count and bytes (rules C5, S6). */
export interface AsyncCalls {
  /**
   * Makes a call once there is a place for it (see {@link FairQueue}), in the async context of now.
   *
   * @returns resolves when it has run or was dropped
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
