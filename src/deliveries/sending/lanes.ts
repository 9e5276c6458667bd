import type { Lane, LanePhase } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { LaneKey } from '../store/deliveryStore.js';
import type { WorkerContext } from '../context/context.js';
import type { TargetFlow } from '../context/targetFlow.js';

/** Opens, moves and closes lanes, and updates the flows of their targets. */
export interface Lanes {
  open(partition: Partition, key: LaneKey, head: bigint): Lane;
  close(partition: Partition, lane: Lane): void;
  /** Makes a lane ready: its event is sent when there is a place. */
  makeReady(lane: Lane): void;
  /** Makes a lane wait for `delayMs`, without events in memory. */
  makeCold(partition: Partition, lane: Lane, delayMs: number): void;
  setPhase(lane: Lane, phase: LanePhase): void;
  /** After an outage, makes the lanes due whose last failure was the target's fault. */
  thaw(flow: TargetFlow): void;
  /** Adds the lanes of a claimed partition; `abandon` removes them. */
  adopt(partition: Partition): void;
  abandon(partition: Partition): void;
}

/** The longest wait after a restore: a stored time may be of another clock. Milliseconds. */
const longestRestoredWaitMs = 3_600_000;

export function createLanes(context: WorkerContext, pump: () => void): Lanes {
  const { access, flows, options } = context;
  const { clock } = access;

  function count(lane: Lane, step: 1 | -1): TargetFlow {
    const flow = flows.of(lane.instanceID, lane.targetID);
    const lanes = (flow.lanes.get(lane.partition) ?? 0) + step;
    if (lanes > 0) flow.lanes.set(lane.partition, lanes);
    else flow.lanes.delete(lane.partition);
    return flow;
  }

  function setPhase(lane: Lane, phase: LanePhase): void {
    const flow = flows.of(lane.instanceID, lane.targetID);
    flow.ready.delete(lane);
    flow.cold.delete(lane);
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    lane.phase = phase;
    if (!lane.isOpen) return;
    if (phase === 'ready') flow.ready.add(lane);
    if (phase === 'cold') flow.cold.add(lane);
  }

  function waitFor(lane: Lane, delayMs: number): void {
    setPhase(lane, 'cold');
    lane.dueAt = clock.elapsed() + delayMs;
    lane.cancelTimer = clock.after(delayMs, () => {
      lane.cancelTimer = undefined;
      if (lane.phase !== 'cold') return;
      setPhase(lane, 'ready');
      pump();
    });
  }

  /** Resumes the cursor of a target that had too many waiting streams, once it has room again. */
  function unthrottle(partition: Partition, flow: TargetFlow): void {
    const cursor = partition.cursor({ instanceID: flow.instanceID, targetID: flow.targetID, replay: '' });
    if (cursor?.stop !== 'throttled' || (flow.lanes.get(partition.number) ?? 0) > options.coldLanes / 2)
      return;
    cursor.stop = '';
    partition.touchCursor(cursor);
    context.readOn();
  }

  return {
    open(partition, key, head) {
      const lane = partition.open(key, head);
      count(lane, 1);
      setPhase(lane, 'ready');
      return lane;
    },
    close(partition, lane) {
      partition.close(lane);
      setPhase(lane, lane.phase);
      unthrottle(partition, count(lane, -1));
      if (lane.replay !== '') context.readOn();
    },
    makeReady(lane) {
      setPhase(lane, 'ready');
    },
    makeCold(partition, lane, delayMs) {
      lane.release();
      partition.touch(lane);
      waitFor(lane, delayMs);
    },
    setPhase,
    thaw(flow) {
      for (const lane of [...flow.cold]) if (lane.isTargetFault) setPhase(lane, 'ready');
    },
    adopt(partition) {
      const now = clock.now();
      for (const lane of partition.lanes.values()) {
        count(lane, 1);
        if (lane.phase === 'blocked') continue;
        // Bound the wait: the time of day may have jumped since it was written.
        const wait = lane.nextAt === 0 ? 0 : Math.min(Math.max(lane.nextAt - now, 0), longestRestoredWaitMs);
        if (wait > 0) waitFor(lane, wait);
        else setPhase(lane, 'ready');
      }
    },
    abandon(partition) {
      for (const lane of partition.lanes.values()) {
        lane.close();
        setPhase(lane, lane.phase);
        count(lane, -1);
      }
      partition.lanes.clear();
    },
  };
}
