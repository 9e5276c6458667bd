import { createStore, type Store } from './store.js';

/** Whether the server is reached, and how often what is shown has to be read again. */
export interface Connection {
  readonly isLost: Store<boolean>;
  /** Counts up when the connection is back, and after each change. */
  readonly generation: Store<number>;
  lost(): void;
  changed(): void;
  /** Looks at once whether the server is back. */
  retry(): void;
}

const firstMs = 1_000;
const longestMs = 10_000;

/** `probe` resolves when the server answers, also where it refuses. */
export function createConnection(probe: () => Promise<unknown>): Connection {
  const isLost = createStore(false);
  const generation = createStore(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delayMs = firstMs;
  let isLooking = false;

  function look(): void {
    clearTimeout(timer);
    if (!isLost.get() || isLooking) return;
    isLooking = true;
    probe()
      .then(
        () => {
          isLost.set(false);
          generation.set(generation.get() + 1);
        },
        () => {
          delayMs = Math.min(longestMs, delayMs * 2);
          timer = setTimeout(look, delayMs);
        },
      )
      .finally(() => {
        isLooking = false;
      });
  }

  return {
    isLost,
    generation,
    lost() {
      if (isLost.get()) return;
      isLost.set(true);
      delayMs = firstMs;
      timer = setTimeout(look, delayMs);
    },
    changed: () => generation.set(generation.get() + 1),
    retry: look,
  };
}
