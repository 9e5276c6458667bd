import type { WorkerContext } from '../context/context.js';
import type { TargetFlow } from '../context/targetFlow.js';
import type { Window } from '../context/window.js';
import type { Lane } from '../progress/lane.js';

/** The lanes of each target that have events in a window, and how many events; the largest first. */
function holdings({ flows, partitions }: WorkerContext, window: Window) {
  const found = new Map<TargetFlow, { held: number; readonly lanes: Lane[] }>();
  for (const { lanes } of partitions.values())
    for (const lane of lanes.values()) {
      const held = lane.heldBy(window);
      if (held === 0) continue;
      const flow = flows.of(lane.instanceID, lane.targetID);
      const known = found.get(flow) ?? { held: 0, lanes: [] };
      found.set(flow, known);
      known.held += held;
      known.lanes.push(lane);
    }
  return [...found].sort(([, left], [, right]) => right.held - left.held);
}

/**
 * A reader's window is full: the targets that hold the most let go of what waits, until half of it is free. Those events are read
 * again at their turn. The events of calls under way stay in memory, bounded by `atOnce`, and no longer count.
 */
export function spillSlowTargets(context: WorkerContext, window: Window): void {
  const { flows, options, partitions } = context;
  if ([...flows.all()].length < 2) return;
  let freed = 0;
  for (const [flow, { held, lanes }] of holdings(context, window)) {
    if (freed >= options.window / 2) return;
    freed += held;
    flow.isSpilling = true;
    for (const lane of lanes) {
      if (lane.phase === 'ready') lane.release();
      else lane.releaseBehindHead();
      partitions.get(lane.partition)?.touch(lane);
    }
  }
}
