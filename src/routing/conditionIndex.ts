import type { ExecutionEntry } from '../execution/execution.js';
import type { Lists } from '../execution/resolve.js';
import type { RecordedEvent } from '../ports.js';
import type { ActiveTarget } from '../target/target.js';
import type { DatedVersion } from './rows/dates.js';
import type { FailedEvent } from './rows/failedEvents.js';
import type { Place } from './rows/place.js';

/** The reads of routing and queries on the index of one instance. */
export interface InstanceIndex extends Lists {
  /** The executions whose lists include this one. */
  includedBy(executionID: string): Iterable<string>;
  /** The dates of an aggregate; `undefined` where it does not exist. */
  dates(kind: Place['kind'], id: string): DatedVersion | undefined;
  /** Every execution with its list. */
  executions(): Iterable<readonly [id: string, entries: readonly ExecutionEntry[], dates: DatedVersion]>;
  /** Every target with its settings. */
  targets(): Iterable<readonly [id: string, target: ActiveTarget, dates: DatedVersion]>;
}

/** All targets and executions, by instance, and the position up to which their events are applied. */
export interface ConditionIndex {
  /** The index of one instance. */
  instance(instanceID: string): InstanceIndex;
  /** The instances that have targets or executions. */
  instanceIDs(): Iterable<string>;
  /**
   * Applies an event of a target or an execution. An event that was applied before changes nothing; a malformed event
   * is recorded as failed. `delivered` says that the event came from the subscription, in order, so that no older event
   * can follow.
   */
  apply(event: RecordedEvent, delivered: boolean): void;
  /** Notes that every event of targets and executions up to `position` was applied. */
  reach(position: bigint): void;
  /** The position up to which every event of targets and executions was applied. */
  readonly position: bigint | undefined;
  /** The position of the newest applied event: ahead of `position` where this process has just written. */
  readonly frontier: bigint | undefined;
  /** The events of the library that were skipped (rule F5). */
  readonly failedEvents: readonly FailedEvent[];
  /** How many targets and executions there are, in all instances. */
  readonly sizes: { readonly targets: number; readonly executions: number };
}

export const later = (left: bigint | undefined, right: bigint | undefined): bigint | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

/** Whether `current` has applied an event that `index` may lack. */
export const isBehind = (index: ConditionIndex, current: ConditionIndex): boolean =>
  current.frontier !== undefined && (index.position === undefined || index.position < current.frontier);
