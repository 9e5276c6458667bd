import type { ActionsAccess } from './context/actionsAccess.js';
import { isHealthy, tallyTargets, type TargetDeliveries } from './operators/status.js';
import type { Faults } from './context/faults.js';
import type { RunningWorker } from './worker/worker.js';

/** A target, as a worker sees it. */
export interface TargetHealth extends TargetDeliveries {
  /** Since this worker started. */
  readonly delivered: number;
  /** Events that no longer matched when their turn came. */
  readonly dropped: number;
}

/** How a worker is doing. */
export interface DeliveriesHealth {
  /** No target down, throttled or stuck, no dead letter, nothing undelivered for a minute. */
  readonly healthy: boolean;
  /** Partitions that it owns. */
  readonly partitions: readonly number[];
  /** Whether its progress can be written. */
  readonly store: 'ok' | 'failing';
  /** Whether it follows the events. */
  readonly source: 'connected' | 'disconnected';
  /** Everything up to here was read. Absent before the first event. */
  readonly position?: bigint;
  /** Calls that are under way. */
  readonly running: number;
  /** Why something does not go on at all; absent where everything does. */
  readonly stuck?: string;
  /** Each durable target. */
  readonly targets: readonly TargetHealth[];
}

export function readDeliveriesHealth(
  worker: RunningWorker,
  access: ActionsAccess,
  letters: ReadonlyMap<string, number>,
  faults: Faults,
): DeliveriesHealth {
  const { context, reader, scheduler, refused } = worker;
  const partitions = [...context.partitions.values()];
  const states = partitions.map(({ lanes, cursors }) => ({
    lanes: [...lanes.values()].map((lane) => lane.row()),
    cursors: [...cursors.values()].map((cursor) => cursor.row()),
  }));
  const targets = tallyTargets(access, states, letters).map((target): TargetHealth => {
    const { delivered, dropped } = context.flows.of(target.instanceID, target.targetID);
    return { ...target, delivered, dropped };
  });
  const isStalled = partitions.some((partition) => partition.isStalled);
  const [refusal] = refused.values();
  const stuck = refusal ?? (isStalled || !reader.isConnected ? faults.latest : undefined);
  return {
    healthy: isHealthy(targets) && stuck === undefined,
    partitions: partitions.map(({ number }) => number).sort((left, right) => left - right),
    store: isStalled ? 'failing' : 'ok',
    source: reader.isConnected ? 'connected' : 'disconnected',
    ...(reader.position !== undefined && { position: reader.position }),
    running: scheduler.running,
    ...(stuck !== undefined && { stuck }),
    targets,
  };
}
