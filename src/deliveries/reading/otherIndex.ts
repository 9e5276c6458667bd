import type { WorkerContext } from '../context/context.js';

/** How long a page waits for the index of another store. Milliseconds. */
const indexPatienceMs = 1_000;

/**
 * Targets and executions of another store have no place in the log that is read: what is known when a page begins counts
 * (rule D2). With the same store there is nothing to wait for.
 */
export function followOtherIndex(
  { access, isSameStore }: WorkerContext,
  onIndexChanged: () => void,
): (signal: AbortSignal) => Promise<void> {
  let headApplied = 0n;
  return async (signal) => {
    if (isSameStore) return;
    const head = await access.store.head?.();
    if (head === undefined || head <= headApplied) return;
    headApplied = head;
    const late = AbortSignal.any([signal, AbortSignal.timeout(indexPatienceMs)]);
    await access.whenApplied(head, late).catch(() => undefined);
    onIndexChanged();
  };
}
