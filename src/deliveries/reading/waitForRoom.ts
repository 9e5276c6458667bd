import { soon } from '../../lib/clock.js';
import type { Window } from '../context/window.js';
import type { Clock } from '../../ports.js';

/** How often it is looked at who holds what of a window that is full. Milliseconds. */
const patienceMs = 25;

/** Waits while a window is full: a moment for the calls, then slow targets have to let go. */
export function waitForRoom(
  clock: Clock,
  window: Window,
  spill: () => void,
): (signal: AbortSignal) => Promise<void> {
  let isWatched = false;

  /** Goes on across waits: a slow target may make room for one event at a time. */
  function watch(): void {
    if (isWatched) return;
    isWatched = true;
    clock.after(patienceMs, () => {
      // Answers that have come meanwhile are read first.
      soon('making room for events', () => {
        isWatched = false;
        if (window.isFull) spill();
        window.wake();
      });
    });
  }

  return async (signal) => {
    while (window.isFull && !signal.aborted) {
      watch();
      await window.room();
    }
  };
}
