import { createStore, type Store } from './store.js';

/** Tracks whether the server can be reached, and when shown data must be read again. */
export interface Connection {
  readonly isLost: Store<boolean>;
  /** A number that grows when the connection is back, and after each change. */
  readonly generation: Store<number>;
  lost(): void;
  changed(): void;
  /** Checks at once whether the server is back. */
  retry(): void;
}

const firstMs = 1_000;
const longestMs = 10_000;

/** `probe` resolves when the server answers, also with a refusal. */
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
