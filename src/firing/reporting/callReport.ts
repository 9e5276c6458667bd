import type { OccurrenceKind } from '../../execution/condition.js';
import type { InterruptReason } from '../../errors.js';

/**
 * - `passed`: the content stays as it was
 * - `amended`: the answer replaced the content
 * - `refused`: a verdict
 * - `failed`: an error of the target
 */
export type Verdict = 'passed' | 'amended' | 'refused' | 'failed';

/** The report of one call. Holds no content, no secret and no text of the target. */
export interface CallReport {
  /** The kind of the operation. */
  readonly kind: OccurrenceKind;
  /** The occurrence, in the words of an execution id: `event/order.placed`. */
  readonly condition: string;
  /** The execution whose list names the target. */
  readonly executionID: string;
  /** The instance that the target belongs to. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The name of the target. */
  readonly name: string;
  /** The `webhook-id` that the target was sent, or would have been: the same for every attempt. */
  readonly callID: string;
  /** The id of the event; absent for a request, a response or a function. */
  readonly eventID?: string;
  /** The stream of the event; absent for a request, a response or a function. */
  readonly stream?: string;
  /** Which attempt of a durable delivery it was, from 1; 1 for every other call. */
  readonly attempt: number;
  /** From the start of the call, the wait for a place included, to the verdict. Milliseconds. */
  readonly durationMs: number;
  /** HTTP status of the answer. Absent without an answer. */
  readonly status?: number;
  /** The outcome of the call. */
  readonly verdict: Verdict;
  /** `false` when the target is only observed: its answer was not applied. */
  readonly enforced: boolean;
  /** Why the call failed or was refused. Absent otherwise. */
  readonly reason?: InterruptReason;
}
