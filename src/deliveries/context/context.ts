import type { EventStore, RecordedEvent } from '../../ports.js';
import type { ActionsAccess } from './actionsAccess.js';
import type { ParsedWorkOptions } from './workOptions.js';
import type { Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { DeliveryReport } from './deliveryReport.js';
import type { DeadLetter, DeliveryStore } from '../store/deliveryStore.js';
import type { Flows } from './flows.js';
import type { Naming } from './naming.js';
import type { Window } from './window.js';

/** Where committed events are read; see `deliverySourceContract` in `eventstore-actions/testing`. */
export type DeliverySource = Pick<EventStore, 'subscribe' | 'readStream' | 'head'>;

/** The state that the parts of one worker share. */
export interface WorkerContext {
  readonly access: ActionsAccess;
  readonly options: ParsedWorkOptions;
  readonly source: DeliverySource;
  /** Whether the source is the event store of targets and executions. */
  readonly isSameStore: boolean;
  readonly store: DeliveryStore;
  readonly workerID: string;
  readonly naming: Naming;
  /** Partitions that this worker owns. */
  readonly partitions: Map<number, Partition>;
  readonly flows: Flows;
  readonly mainWindow: Window;
  /** Aborts when the worker stops, after calls under way had `drainMs` to end. */
  readonly signal: AbortSignal;
  /** Aborts when the worker begins to stop. */
  readonly stopping: AbortSignal;
  /** Whether this worker may call targets for the partition now. */
  mayCall(partition: Partition): boolean;
  /** Aborts when the worker loses the right to call. */
  callSignal(partition: Partition): AbortSignal;
  commitSoon(partition: Partition): void;
  /** Starts side readers for targets that are behind and may go on. */
  readOn(): void;
  /** @param created - when the event was appended, where it is known */
  tell(report: DeliveryReport, created?: number): void;
  /** Reports an unexpected failure, which `health()` shows while it stops the worker; the work is tried again. */
  fault(what: string, error: unknown): void;
  /** Takes back what `fault` has reported of this work, which has succeeded since. */
  mended(what: string): void;
}

/** The fields of a report that name the event. */
export const reportPlace = (
  { instanceID, targetID }: Pick<Lane, 'instanceID' | 'targetID'>,
  { stream, version, id, type }: RecordedEvent,
) => ({ instanceID, targetID, stream, version, eventID: id, eventType: type });

/** Makes a dead letter of the event at the head of a lane. */
export function letterOf(
  lane: Lane,
  event: RecordedEvent,
  made: Pick<DeadLetter, 'id' | 'reason' | 'blocks' | 'parkedAt'>,
): DeadLetter {
  const { partition, instanceID, targetID, attempts, firstAt, status } = lane;
  return {
    id: made.id,
    partition,
    instanceID,
    targetID,
    stream: event.stream,
    version: event.version,
    position: event.position,
    eventID: event.id,
    eventType: event.type,
    attempts,
    firstAt: firstAt === 0 ? made.parkedAt : firstAt,
    parkedAt: made.parkedAt,
    status,
    reason: made.reason,
    blocks: made.blocks,
    isReplaying: false,
  };
}
