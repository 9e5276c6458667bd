/** Conditions that tests wait for. The code that changes their subject notifies them; there is no polling. */
export interface Conditions {
  /** Resolves as soon as `isSo`, which is looked at now and after each change. */
  until(isSo: () => boolean): Promise<void>;
  changed(): void;
}

export function createConditions(): Conditions {
  const waiting = new Set<() => void>();
  return {
    until: (isSo) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isSo()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    changed() {
      for (const check of [...waiting]) check();
    },
  };
}

/** Resolves as soon as `isSo`, for a subject that does not notify; polls. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
