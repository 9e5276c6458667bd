import { reportRejection } from '../../lib/ignoredError.js';
import type { Clock } from '../../ports.js';

/** How often the caller of a streamed answer is checked again. Milliseconds. */
export const pulseMs = 15_000;

interface Pulse {
  readonly clock: Clock;
  /** Checks the caller of the answer again. */
  judge(): Promise<void>;
  /** Called where the caller is still admitted. */
  beat(): void;
  /** Called once, where the caller is refused, or the check has not ended before the next pulse. */
  end(error: unknown): void;
}

/** Checks a caller at intervals during a streamed answer: permissions may be withdrawn. @returns stops it */
export function startPulse({ clock, judge, beat, end }: Pulse): () => void {
  let isOver = false;
  let cancel: () => void;

  function stop(): void {
    isOver = true;
    cancel();
  }

  function fail(error: unknown): void {
    if (isOver) return;
    stop();
    end(error);
  }

  async function round(): Promise<void> {
    // A check that never ends must not leave the answer open.
    cancel = clock.after(pulseMs, () => {
      fail(new Error(`the caller was not judged within ${pulseMs} ms`));
    });
    try {
      await judge();
    } catch (error) {
      fail(error);
      return;
    }
    if (isOver) return;
    cancel();
    beat();
    wait();
  }

  function wait(): void {
    cancel = clock.after(pulseMs, () => {
      reportRejection('the pulse of an answer', round());
    });
  }

  wait();
  return stop;
}
