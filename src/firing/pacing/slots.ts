/** A bounded number of things at once; the rest wait in the order they came. */
export interface Slots {
  /** Runs `start` now or when a slot is free. The returned function leaves the queue, and tells whether it was still in it. */
  take(start: () => void): () => boolean;
  release(): void;
  /** Whether one is free, so that nobody waits. */
  readonly isFree: boolean;
  readonly waiting: number;
}

/** @param onIdle - called when the last slot is given back */
export function createSlots(atOnce: number, onIdle?: () => void): Slots {
  const waiting = new Set<{ readonly start: () => void }>();
  let taken = 0;
  return {
    take(start) {
      if (taken < atOnce) {
        taken += 1;
        start();
        return notWaiting;
      }
      const place = { start };
      waiting.add(place);
      return () => waiting.delete(place);
    },
    release() {
      for (const next of waiting) {
        waiting.delete(next);
        next.start();
        return;
      }
      taken -= 1;
      if (taken === 0) onIdle?.();
    },
    get isFree() {
      return taken < atOnce;
    },
    get waiting() {
      return waiting.size;
    },
  };
}

const notWaiting = () => false;
