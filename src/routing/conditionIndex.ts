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
  /** `undefined` for something that does not exist. */
  dates(kind: Place['kind'], id: string): DatedVersion | undefined;
  /** Every execution with its list. */
  executions(): Iterable<readonly [id: string, entries: readonly ExecutionEntry[], dates: DatedVersion]>;
  /** Every target with its settings. */
  targets(): Iterable<readonly [id: string, target: ActiveTarget, dates: DatedVersion]>;
}

/** All targets and executions, by instance, and how far they are known. */
export interface ConditionIndex {
  /** The index of one instance. */
  instance(instanceID: string): InstanceIndex;
  /** The instances that have targets or executions. */
  instanceIDs(): Iterable<string>;
  /**
   * Applies an event of ours; one that was applied already changes nothing, and a malformed one is recorded as failed.
   * `delivered` says that it came from the subscription, in order, so that nothing older can follow.
   */
  apply(event: RecordedEvent, delivered: boolean): void;
  /** Notes that there is nothing of ours up to `position` that was not applied. */
  reach(position: bigint): void;
  /** Everything of ours up to here was applied. */
  readonly position: bigint | undefined;
  /** The newest position that it knows anything of: ahead of `position` where this process has just written. */
  readonly frontier: bigint | undefined;
  /** The events of the library that were skipped (rule F5). */
  readonly failedEvents: readonly FailedEvent[];
  /** How many targets and executions there are, in all instances. */
  readonly sizes: { readonly targets: number; readonly executions: number };
}

export const later = (left: bigint | undefined, right: bigint | undefined): bigint | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

/** Whether `current` knows of something that `index` may not. */
export const isBehind = (index: ConditionIndex, current: ConditionIndex): boolean =>
  current.frontier !== undefined && (index.position === undefined || index.position < current.frontier);
