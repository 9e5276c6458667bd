import type { WorkerContext } from '../context/context.js';

/** Targets that hold more than their share of the window let go of what waits: it is read again at its turn. */
export function spillSlowTargets({ flows, options, partitions }: WorkerContext): void {
  for (const flow of flows.all()) {
    const waiting = [...flow.ready].filter(({ queued }) => queued > 0);
    flow.isSpilling = waiting.length > options.window / 4;
    if (!flow.isSpilling) continue;
    for (const lane of waiting) {
      const partition = partitions.get(lane.partition);
      lane.release();
      partition?.touch(lane);
    }
  }
}
