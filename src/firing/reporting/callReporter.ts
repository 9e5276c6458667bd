import type { CallReport, Verdict } from './callReport.js';
import { createTargetCounts, type TargetCounts } from './targetCounts.js';
import type { Outcome } from '../answers/outcome.js';
import type { EndedCall } from './callFacts.js';
import type { PlannedCall } from '../calls/operation.js';
import { thrownWithName } from '../../lib/reading/shownValue.js';
import type { Writable } from '../../lib/writable.js';

export const verdictOf = {
  unchanged: 'passed',
  amended: 'amended',
  refused: 'refused',
  failed: 'failed',
} as const satisfies Readonly<Record<Outcome['kind'], Verdict>>;

export function reportOf(planned: PlannedCall, durationMs: number, outcome: Outcome): CallReport {
  const { operation, resolved, callID, enforced } = planned;
  const { targetID, executionID, target } = resolved;
  const { responseStatus } = outcome;
  const report: Writable<CallReport> = {
    kind: operation.kind,
    condition: operation.condition,
    executionID,
    instanceID: operation.instanceID,
    targetID,
    name: target.name,
    callID,
    attempt: operation.attempt ?? 1,
    durationMs,
    verdict: verdictOf[outcome.kind],
    enforced,
  };
  if (operation.kind === 'event') report.eventID = operation.operationID;
  if (operation.stream !== undefined) report.stream = operation.stream;
  if (responseStatus !== undefined) report.status = responseStatus;
  if (outcome.kind === 'failed') report.reason = outcome.reason;
  if (outcome.kind === 'refused') report.reason = 'refused';
  return report;
}

/** The outcomes of observed targets, which were not applied. */
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
  /** @param ended - absent for a call that was not made */
  report(call: CallReport, ended?: EndedCall): void;
  readonly observed: ObservedCounts;
  /** The outcomes of the calls of each target. */
  readonly targets: TargetCounts;
}

/**
 * Reports calls to the listener. An error that the listener throws or rejects with does not change the operation; the
 * first one becomes a warning of the process.
 */
export function createCallReporter(
  onCall: ((call: CallReport, ended: EndedCall | undefined) => unknown) | undefined,
  now: () => number = Date.now,
): CallReporter {
  const observed = { calls: 0, wouldAmend: 0, wouldRefuse: 0, failed: 0 };
  const targets = createTargetCounts(now);
  let hasWarned = false;

  function warn(error: unknown): void {
    if (!hasWarned)
      process.emitWarning(
        `onCall threw and is ignored: ${thrownWithName(error)}`,
        'EventstoreActionsWarning',
      );
    hasWarned = true;
  }

  return {
    observed,
    targets,
    report(call, ended) {
      targets.count(call);
      if (!call.enforced) {
        observed.calls++;
        if (call.verdict === 'amended') observed.wouldAmend++;
        if (call.verdict === 'refused') observed.wouldRefuse++;
        if (call.verdict === 'failed') observed.failed++;
      }
      try {
        const told = onCall?.(call, ended);
        // TypeScript accepts an async function where one that returns nothing is expected; its rejection, unhandled,
        // would end the process.
        if (told instanceof Promise) told.catch(warn);
      } catch (error) {
        warn(error);
      }
    },
  };
}
