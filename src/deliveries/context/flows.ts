import type { ActionsAccess } from './actionsAccess.js';
import { upCircuit, withoutProbe } from '../policy/circuit.js';
import type { ParsedWorkOptions } from './workOptions.js';
import type { Partition } from '../progress/partition.js';
import { define, newFlow, stopOf, type TargetFlow } from './targetFlow.js';

/** The targets that a worker delivers to. */
export interface Flows {
  of(instanceID: string, targetID: string): TargetFlow;
  all(): Iterable<TargetFlow>;
  /** The flows with waiting lanes. Each pass starts with another flow, so that no target is always first. */
  waiting(): Iterable<TargetFlow>;
  /** Reads the present definitions of the targets, if the index has changed; `true` where it has. */
  refresh(): boolean;
  /** Adds flows for the durable targets of the index that have none yet. */
  scan(): void;
  /** Stops or resumes the cursors of a target as its state requires. `true` where a cursor may go on. */
  applyStop(flow: TargetFlow): boolean;
  /** As `applyStop`, for one partition. */
  applyStopIn(flow: TargetFlow, partition: Partition): boolean;
  /**
   * Reads on for targets that are down or suspended and whose next probe is due, but of which no delivery waits here: their
   * lanes went to another worker, or no longer match.
   */
  readWithoutProbe(now: number): void;
  /** Sets the cursor of a target to the start that `deliverFrom` names, once. */
  begin(flow: TargetFlow, partition: Partition): void;
}

const stillStops: ReadonlySet<string> = new Set(['paused', 'down', 'suspended']);

export function createFlows(
  access: ActionsAccess,
  options: ParsedWorkOptions,
  partitions: ReadonlyMap<number, Partition>,
): Flows {
  const flows = new Map<string, TargetFlow>();
  let seen = -1;
  let firstPlace = 0;

  function applyStopIn(flow: TargetFlow, partition: Partition): boolean {
    const { stop, reason } = stopOf(flow);
    const key = { instanceID: flow.instanceID, targetID: flow.targetID };
    let goesOn = false;
    if (stop !== '') {
      const cursor = partition.cursorFor({ ...key, replay: '' });
      if (cursor.stop !== stop || cursor.reason !== reason) {
        cursor.position ??= partition.position;
        cursor.stop = stop;
        cursor.reason = reason;
        partition.touchCursor(cursor);
      }
      return false;
    }
    for (const cursor of [...partition.cursors.values()]) {
      if (cursor.instanceID !== flow.instanceID || cursor.targetID !== flow.targetID) continue;
      if (!flow.target && cursor.replay === '') {
        partition.removeCursor(cursor);
        continue;
      }
      if (stillStops.has(cursor.stop)) {
        cursor.stop = '';
        cursor.reason = '';
        partition.touchCursor(cursor);
      }
      goesOn ||= cursor.position !== undefined && cursor.stop === '';
    }
    return goesOn;
  }

  function begin(flow: TargetFlow, partition: Partition): void {
    const { target, instanceID, targetID } = flow;
    if (!target || target.deliverFrom === 'now') return;
    const origin = `${target.durableSince ?? ''} ${target.deliverFrom}`;
    const cursor = partition.cursorFor({ instanceID, targetID, replay: '' });
    if (cursor.origin === origin) return;
    const from = target.deliverFrom === 'beginning' ? 0n : BigInt(target.deliverFrom);
    cursor.origin = origin;
    const now = cursor.position ?? partition.position;
    // Only go back: the events after the cursor are still to be read.
    if (from < now) cursor.position = from;
    partition.touchCursor(cursor);
  }

  const api: Flows = {
    of(instanceID, targetID) {
      const key = `${instanceID} ${targetID}`;
      let flow = flows.get(key);
      if (!flow) {
        flows.set(key, (flow = newFlow(instanceID, targetID, upCircuit(options))));
        define(flow, access.target(instanceID, targetID));
      }
      return flow;
    },
    all: () => flows.values(),
    *waiting() {
      const all = [...flows.values()].filter(({ ready, cold }) => ready.size + cold.size > 0);
      firstPlace = all.length === 0 ? 0 : (firstPlace + 1) % all.length;
      for (let place = 0; place < all.length; place++)
        yield all[(firstPlace + place) % all.length] as TargetFlow;
    },
    refresh() {
      const generation = access.generation();
      if (generation === seen) return false;
      seen = generation;
      for (const flow of flows.values()) {
        define(flow, access.target(flow.instanceID, flow.targetID));
        api.applyStop(flow);
        for (const partition of partitions.values()) begin(flow, partition);
      }
      return true;
    },
    scan() {
      for (const { instanceID, targetID } of access.durableTargets()) {
        const flow = api.of(instanceID, targetID);
        for (const partition of partitions.values()) begin(flow, partition);
        api.applyStop(flow);
      }
    },
    applyStop(flow) {
      let goesOn = false;
      for (const partition of partitions.values()) goesOn = applyStopIn(flow, partition) || goesOn;
      return goesOn;
    },
    readWithoutProbe(now) {
      for (const flow of flows.values()) {
        const { circuit, suspended, lanes, running } = flow;
        if ((!circuit.isDown && !suspended) || lanes.size > 0 || running > 0) continue;
        if (now < Math.max(circuit.isDown ? circuit.probeAt : 0, suspended?.retryAt ?? 0)) continue;
        flow.suspended = undefined;
        if (circuit.isDown) flow.circuit = withoutProbe(circuit, options);
        api.applyStop(flow);
      }
    },
    applyStopIn,
    begin,
  };
  return api;
}
