import { readHead } from '../../routing/readHead.js';
import type { WorkerContext } from '../context/context.js';

/** How long a page waits for the index of another store. Milliseconds. */
const indexPatienceMs = 1_000;

/**
 * Waits for the index where targets and executions are in another store: their changes have no position in this log, so
 * the definitions at the start of a page count (rule D2). With the same store it does not wait.
 */
export function followOtherIndex(
  { access, isSameStore, options }: WorkerContext,
  onIndexChanged: () => void,
): (signal: AbortSignal) => Promise<void> {
  let headApplied = 0n;
  return async (signal) => {
    if (isSameStore) return;
    const head = await readHead(access.store, { clock: access.clock, patienceMs: options.leaseMs, signal });
    if (head === undefined || head <= headApplied) return;
    headApplied = head;
    const late = AbortSignal.any([signal, AbortSignal.timeout(indexPatienceMs)]);
    await access.whenApplied(head, late).catch(() => undefined);
    onIndexChanged();
  };
}
