import { setImmediate as nextTurn } from 'node:timers/promises';
import { pause } from '../../lib/clock.js';
import { ActionsClosedError } from '../../errors.js';
import type { Clock } from '../../ports.js';

/** Counts the work that has to end before the actions are closed. */
export interface Drain {
  /** Aborts with an {@link ActionsClosedError} when `drainMs` are over and work is still under way. */
  readonly cutOff: AbortSignal;
  /** Counts work as under way until the returned function is called. */
  enter(): () => void;
  track<Result>(running: Promise<Result>): Promise<Result>;
  /** Waits at most `drainMs` until no work is under way, then aborts the remaining work. */
  run(): Promise<void>;
  /** Waits until the aborted work has ended. */
  ended(): Promise<void>;
}

interface DrainOptions {
  /** Milliseconds. */
  readonly drainMs: number;
  readonly clock: Clock;
}

export function createDrain({ drainMs, clock }: DrainOptions): Drain {
  const cutOff = new AbortController();
  let running = 0;
  let noneRuns: (() => void) | undefined;

  /** A task that ends may have started another: loop until a whole turn of the event loop adds none. */
  async function ended(): Promise<void> {
    while (running > 0) {
      await new Promise<void>((resolve) => {
        const before = noneRuns;
        noneRuns = () => {
          before?.();
          resolve();
        };
      });
      await nextTurn();
    }
  }

  function enter(): () => void {
    running += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      running -= 1;
      if (running > 0) return;
      noneRuns?.();
      noneRuns = undefined;
    };
  }

  return {
    cutOff: cutOff.signal,
    enter,
    track(promise) {
      const leave = enter();
      promise.then(leave, leave);
      return promise;
    },
    async run() {
      const done = new AbortController();
      await Promise.race([ended(), pause(clock, drainMs, done.signal)]);
      done.abort();
      cutOff.abort(new ActionsClosedError());
    },
    ended,
  };
}
