import type { OccurrenceKind } from '../../execution/condition.js';
import type { InterruptReason } from '../../errors.js';
import type { Outcome } from '../answers/interruption.js';
import type { Turn } from './operation.js';

/**
 * - `passed`: the content stays as it was
 * - `amended`: the answer took its place
 * - `refused`: a verdict
 * - `failed`: an error of the target
 */
export type Verdict = 'passed' | 'amended' | 'refused' | 'failed';

/** What became of one call. Holds no content, no secret and nothing the target said. */
export interface CallReport {
  /** The kind of the operation. */
  readonly kind: OccurrenceKind;
  /** What happened, in the words of an execution id: `event/order.placed`. */
  readonly condition: string;
  /** The execution whose list names the target. */
  readonly executionID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** Which attempt this was, from 1; above 1 only for durable delivery. */
  readonly attempt: number;
  /** Milliseconds from the start of the call to its verdict. */
  readonly durationMs: number;
  /** HTTP status of the answer, where there was one. Absent otherwise. Absent otherwise. */
  readonly status?: number;
  /** What the call came to. */
  readonly verdict: Verdict;
  /** `false` when the target is only observed: what it said was not applied. */
  readonly enforced: boolean;
  /** Why it failed or refused. Absent otherwise. Absent otherwise. */
  readonly reason?: InterruptReason;
}

export const verdictOf = {
  unchanged: 'passed',
  amended: 'amended',
  refused: 'refused',
  failed: 'failed',
} as const satisfies Readonly<Record<Outcome['kind'], Verdict>>;

export function reportOf(
  { operation, resolved, enforced }: Turn,
  durationMs: number,
  outcome: Outcome,
): CallReport {
  const { targetID, executionID } = resolved;
  const { responseStatus } = outcome;
  return {
    kind: operation.kind,
    condition: operation.condition,
    executionID,
    targetID,
    attempt: operation.attempt ?? 1,
    durationMs,
    ...(responseStatus !== undefined && { status: responseStatus }),
    verdict: verdictOf[outcome.kind],
    enforced,
    ...(outcome.kind === 'failed' && { reason: outcome.reason }),
    ...(outcome.kind === 'refused' && { reason: 'refused' as const }),
  };
}

/** What observed targets would have done. */
export interface ObservedCounts {
  /** Observed calls in all. */
  readonly calls: number;
  /** Answers that would have amended the content. */
  readonly wouldAmend: number;
  /** Verdicts that would have refused the operation. */
  readonly wouldRefuse: number;
  /** Errors of observed targets. */
  readonly failed: number;
}

export interface CallReporter {
  report(call: CallReport): void;
  readonly observed: ObservedCounts;
}

/**
 * A listener that throws, now or later, must not change what happens to an operation; it is told of once, as a warning of
 * the process.
 */
export function createCallReporter(onCall: ((call: CallReport) => unknown) | undefined): CallReporter {
  const observed = { calls: 0, wouldAmend: 0, wouldRefuse: 0, failed: 0 };
  let hasWarned = false;

  function warn(error: unknown): void {
    if (!hasWarned)
      process.emitWarning(`onCall threw and is ignored: ${String(error)}`, 'EventstoreActionsWarning');
    hasWarned = true;
  }

  return {
    observed,
    report(call) {
      if (!call.enforced) {
        observed.calls++;
        if (call.verdict === 'amended') observed.wouldAmend++;
        if (call.verdict === 'refused') observed.wouldRefuse++;
        if (call.verdict === 'failed') observed.failed++;
      }
      try {
        const told = onCall?.(call);
        // An async function passes for one that returns nothing; left alone, its rejection would end the process.
        if (told instanceof Promise) told.catch(warn);
      } catch (error) {
        warn(error);
      }
    },
  };
}
