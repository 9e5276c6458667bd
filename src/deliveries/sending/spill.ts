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

/** The share of a window above which one target delays the others. */
const largestShare = 0.75;

/**
 * - `shared`: the targets that hold most of the window drop their queued events too
 * - `wanted`: one target has the window, and others wait for its reader
 */
type WindowUse = 'shared' | 'wanted';

export type Spill = (window: Window, use: WindowUse) => void;

/**
 * Frees half of a full window: targets that have ended no call since the last look drop their queued events, which are
 * read again when they are due. The events of calls under way stay in memory, bounded by `atOnce`, and no longer count.
 */
export function createSpill(context: WorkerContext): Spill {
  const { flows, options, partitions } = context;
  const looks = new WeakMap<Window, Map<TargetFlow, number>>();

  /** The targets that have ended calls since it was looked last. A machine that is busy makes each of them slow for a moment. */
  function moving(window: Window): ReadonlySet<TargetFlow> {
    const ended = looks.get(window) ?? new Map<TargetFlow, number>();
    looks.set(window, ended);
    const found = new Set<TargetFlow>();
    for (const flow of flows.all()) {
      if ((ended.get(flow) ?? 0) !== flow.ended) found.add(flow);
      ended.set(flow, flow.ended);
    }
    return found;
  }

  function mayKeep(share: number, use: WindowUse, others: number): boolean {
    if (use === 'wanted') return false;
    return others === 0 || share < largestShare;
  }

  return (window, use) => {
    if ([...flows.all()].length < 2) return;
    const isFirst = !looks.has(window);
    const going = moving(window);
    // No look has yet recorded which targets end calls.
    if (isFirst) return;
    const all = holdings(context, window);
    let total = 0;
    for (const [, { held }] of all) total += held;
    let freed = 0;
    for (const [flow, { held, lanes }] of all) {
      if (freed >= options.window / 2) return;
      if (going.has(flow) && mayKeep(held / total, use, going.size - 1)) continue;
      freed += held;
      flow.isSpilling = true;
      for (const lane of lanes) {
        if (lane.phase === 'ready') lane.release();
        else lane.releaseBehindHead();
        partitions.get(lane.partition)?.touch(lane);
      }
    }
  };
}
