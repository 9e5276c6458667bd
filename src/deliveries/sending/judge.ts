import { afterFailure, afterUndecided } from '../policy/circuit.js';
import { delayAfter } from '../policy/retry.js';
import type { Lane } from '../progress/lane.js';
import type { Attempt, AttemptOutcome } from './attempt.js';
import type { WorkerContext } from '../context/context.js';
import { stopOf, type TargetFlow } from '../context/targetFlow.js';
import { shownText } from '../../lib/shown/shownText.js';

export interface Settled {
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome;
  readonly durationMs: number;
  readonly flow: TargetFlow;
  /** Whether the call counts as an attempt; a probe before the lane is due does not. */
  readonly isCounted: boolean;
}

/** Judges what a failure means for the target. Returns how long the target is not called, in milliseconds. */
type Judge = (lane: Lane, settled: Settled, isEventFault: boolean) => number;

/** A second 410 after at least this long pauses the target. Milliseconds. */
const goneAgainMs = 60_000;

export function createJudge(context: WorkerContext): Judge {
  const { access, flows, options } = context;
  const { clock, random } = access;

  /** Pauses the target at the second 410 in a row, at least a minute after the first: an operator has to resume it. */
  function answeredGone(flow: TargetFlow, now: number, delayMs: number): number {
    const waitMs = Math.max(delayMs, goneAgainMs);
    const isRepeated = flow.goneAnswers > 0 && now >= flow.pausedUntil;
    flow.goneAnswers = 1;
    flow.pausedUntil = Math.max(flow.pausedUntil, now + waitMs);
    if (isRepeated)
      access.pauseTarget(flow.instanceID, flow.targetID).catch((error: unknown) => {
        context.fault(`pausing the target ${shownText(flow.targetID)}, which answered 410 twice,`, error);
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
