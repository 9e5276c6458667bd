import { afterFailure, afterUndecided } from '../policy/circuit.js';
import { delayAfter } from '../policy/retry.js';
import type { Lane } from '../progress/lane.js';
import type { Attempt, AttemptOutcome } from './attempt.js';
import type { WorkerContext } from '../context/context.js';
import { stopOf, type TargetFlow } from '../context/targetFlow.js';

export interface Settled {
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome & { readonly durationMs: number };
  readonly flow: TargetFlow;
  /** Whether it counts as an attempt; a probe before its time does not. */
  readonly isCounted: boolean;
}

/** The meaning of a failure for the target, and how long to leave it alone, in milliseconds. */
export type Judge = (lane: Lane, settled: Settled, isEventFault: boolean) => number;

/** An answer of 410 is believed once it was repeated after this long. Milliseconds. */
const goneAgainMs = 60_000;

export function createJudge(context: WorkerContext): Judge {
  const { access, flows, options } = context;
  const { clock, random } = access;

  /** The second 410 in a row, a minute later, pauses the target: an operator has to decide. */
  function answeredGone(flow: TargetFlow, now: number, delayMs: number): number {
    const waitMs = Math.max(delayMs, goneAgainMs);
    const isRepeated = flow.goneAnswers > 0 && now >= flow.pausedUntil;
    flow.goneAnswers = 1;
    flow.pausedUntil = Math.max(flow.pausedUntil, now + waitMs);
    if (isRepeated)
      access.pauseTarget(flow.instanceID, flow.targetID).catch((error: unknown) => {
        context.fault(
          `pausing the target ${JSON.stringify(flow.targetID)}, which answered 410 twice,`,
          error,
        );
      });
    return waitMs;
  }

  return (lane, { attempt, outcome, flow }, isEventFault) => {
    if (outcome.kind !== 'failed') return 0;
    const retry = options.retryOf(lane.targetID, attempt.resolved.target);
    const now = clock.elapsed();
    const before = stopOf(flow).stop;
    flow.suspended = undefined;
    flow.circuit = isEventFault
      ? afterUndecided(flow.circuit, now)
      : afterFailure(flow.circuit, options, now);
    if (stopOf(flow).stop !== before && flows.applyStop(flow)) context.readOn();
    let delayMs = delayAfter(retry, Math.max(1, lane.attempts), random());
    if (outcome.retryAfterMs !== undefined) {
      delayMs = Math.min(Math.max(outcome.retryAfterMs, delayMs), retry.maxRetryAfterMs);
      flow.pausedUntil = Math.max(flow.pausedUntil, now + delayMs);
    }
    if (outcome.status === 410) return answeredGone(flow, now, delayMs);
    flow.goneAnswers = 0;
    return delayMs;
  };
}
