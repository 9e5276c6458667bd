import type { ActionsAccess } from './context/actionsAccess.js';
import { isHealthy, tallyTargets, type TargetDeliveries } from './operators/status.js';
import { readingEvents, writingProgress, type Faults } from './context/faults.js';
import type { RunningWorker } from './worker/worker.js';

/** The state of a target in one worker. */
export interface TargetHealth extends TargetDeliveries {
  /** Events that were delivered since this worker started. */
  readonly delivered: number;
  /** Events that were dropped since this worker started, because they no longer matched when they were due. */
  readonly dropped: number;
}

/** The state of a worker. */
export interface DeliveriesHealth {
  /** No target down, throttled or stuck, no dead letter, nothing undelivered for a minute. */
  readonly healthy: boolean;
  /** The partitions that this worker owns. */
  readonly partitions: readonly number[];
  /** Whether the worker can write its progress. */
  readonly store: 'ok' | 'failing';
  /** Whether the worker follows the events of the source. */
  readonly source: 'connected' | 'disconnected';
  /** The position up to which the worker has read the source. Absent before the first event. */
  readonly position?: bigint;
  /** Calls that are under way. */
  readonly running: number;
  /** Why a part of the work has stopped; absent where none has. */
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
  const { context, ownership, reader, scheduler, refused } = worker;
  const partitions = [...context.partitions.values()];
  const states = partitions.map(({ lanes, cursors }) => ({
    lanes: [...lanes.values()].map((lane) => lane.row()),
    cursors: [...cursors.values()].map((cursor) => cursor.row()),
  }));
  const targets = tallyTargets(access, states, letters).map((target): TargetHealth => {
    const { delivered, dropped } = context.flows.of(target.instanceID, target.targetID);
    return { ...target, delivered, dropped };
  });
  const stalled = partitions.filter(({ isStalled }) => isStalled);
  const [refusal] = refused.values();
  // Without a beat that the store has kept, no target is called.
  const isLapsed = partitions.length > 0 && !ownership.mayCall;
  // A partition that this worker fails to claim has no commit that could fail.
  const lacksPartitions =
    ownership.failing.size > 0 &&
    (partitions.length === 0 || [...ownership.expected].some((number) => !context.partitions.has(number)));
  const isFailing = stalled.length > 0 || isLapsed || lacksPartitions;
  const stopped = [
    ...(isLapsed || lacksPartitions ? ownership.failing : []),
    ...stalled.map(({ number }) => writingProgress(number)),
    ...(reader.isConnected ? [] : [readingEvents]),
  ];
  const stuck =
    refusal ??
    faults.first(stopped) ??
    (isLapsed
      ? 'the lease of this worker has ended, and no target is called: it waits to renew it'
      : undefined);
  return {
    healthy: isHealthy(targets) && stuck === undefined && !isFailing,
    partitions: partitions.map(({ number }) => number).sort((left, right) => left - right),
    store: isFailing ? 'failing' : 'ok',
    source: reader.isConnected ? 'connected' : 'disconnected',
    ...(reader.position !== undefined && { position: reader.position }),
    running: scheduler.running,
    ...(stuck !== undefined && { stuck }),
    targets,
  };
}
