import type { Clock } from '../ports.js';
import type { ProjectionStatus } from './projection.js';

/** A start that takes less time gives no warning. Milliseconds. */
const silentMs = 10_000;

/**
 * Warns the process while a start waits for the index, first after 10 s, then at twice the time each: a process
 * that waits for an event store that is down would otherwise look idle.
 */
export async function reportWaiting(
  ready: Promise<void>,
  status: () => Pick<ProjectionStatus, 'interruption'>,
  clock: Clock,
): Promise<void> {
  let cancel: () => void = () => undefined;
  const warnAfter = (milliseconds: number, waitedMs: number): void => {
    cancel = clock.after(milliseconds, () => {
      const { interruption = 'its events are being read' } = status();
      process.emitWarning(
        `createActions has waited for the event store for ${waitedMs / 1_000} s: ${interruption}. It waits on, and opens ` +
          'once the index of targets is complete; awaitReady: false opens at once',
        'EventstoreActionsWarning',
      );
      warnAfter(waitedMs, waitedMs * 2);
    });
  };
  warnAfter(silentMs, silentMs);
  try {
    await ready;
  } finally {
    cancel();
  }
}
