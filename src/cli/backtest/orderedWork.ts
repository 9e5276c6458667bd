/** Runs work in parallel, and in order within a stream. */
interface OrderedWork {
  /** Resolves when the work starts. A reader that waits for this holds at most `atOnce` events in memory. */
  start(stream: string, work: () => Promise<void>): Promise<void>;
  /** Resolves when no work is under way. */
  finished(): Promise<void>;
}

/** @param atOnce - how many tasks run at the same time. A task never rejects */
export function createOrderedWork(atOnce: number): OrderedWork {
  const lastOf = new Map<string, Promise<void>>();
  let running = 0;
  let wake: (() => void) | undefined;

  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  return {
    async start(stream, work) {
      while (running >= atOnce) await change();
      running += 1;
      const done = (lastOf.get(stream) ?? Promise.resolve()).then(work).then(() => {
        running -= 1;
        if (lastOf.get(stream) === done) lastOf.delete(stream);
        wake?.();
      });
      lastOf.set(stream, done);
    },
    async finished() {
      while (running > 0) await change();
    },
  };
}
