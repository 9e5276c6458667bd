import { soon } from '../../lib/clock.js';
import type { Window } from '../context/window.js';
import type { Clock } from '../../ports.js';

/** The time between two looks at a full window. Milliseconds. */
const patienceMs = 25;

/** Waits while a window is full: first for calls to end, then slow targets drop their queued events. */
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
      // Let answers that have arrived meanwhile end their calls first.
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
