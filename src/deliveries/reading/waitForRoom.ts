import type { Window } from '../context/window.js';
import type { Clock } from '../../ports.js';

/** How long the reader waits for room before slow targets have to let go. Milliseconds. */
const patienceMs = 25;
/** The window is full: a moment for the calls, then slow targets let go. */
export const waitForRoom =
  (clock: Clock, window: Window, spill: (window: Window) => void) =>
  async (signal: AbortSignal): Promise<void> => {
    while (window.isFull && !signal.aborted) {
      const cancel = clock.after(patienceMs, () => {
        spill(window);
        window.wake();
      });
      await window.room();
      cancel();
    }
  };
