import { ReentrancyLimitError } from '../errors.js';
import type { Limits } from '../limits.js';
import type { Clock } from '../ports.js';
import type { AsyncCalls } from './pacing/asyncCalls.js';
import type { Budget } from './pacing/budget.js';
import type { Fire } from './pacing/fireOperation.js';
import { reportOf, type CallReporter } from './reporting/callReporter.js';
import type { CallTarget, FailedCall, TargetAnswer } from './calls/callTarget.js';
import type { Drain } from './pacing/drain.js';
import { isEnforced, type Mode } from './enforcement.js';
import { budgetSpent, interruption } from './answers/interruption.js';
import type { Outcome } from './answers/outcome.js';
import { callIDOf } from './calls/callID.js';
import { judgeCall } from './judgeCall.js';
import { reportRejection } from '../lib/ignoredError.js';
import type { AmendedContent, Operation, PlannedCall } from './calls/operation.js';

/** How many appends may follow from each other through endpoints that append when they are called (rule E6). */
export const maxDepth = 3;

interface FireOptions {
  readonly callTarget: CallTarget;
  readonly asyncCalls: AsyncCalls;
  readonly drain: Drain;
  readonly reporter: CallReporter;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly mode: Mode;
}

const notAnswered: FailedCall = {
  reason: 'timeout',
  message: 'the actions were closed before it answered',
  untried: false,
};
const observedBudgetSpent: FailedCall = {
  reason: 'timeout',
  message: 'the budget of observed calls is spent',
  untried: true,
};
const queueFull: FailedCall = {
  reason: 'queue-full',
  message:
    'the queue of async calls is full: raise limits.asyncQueue or limits.asyncQueueBytes, or make it answer faster',
  untried: true,
};

function assertDepth({ condition, depth }: Operation): void {
  if (depth < maxDepth) return;
  throw new ReentrancyLimitError(
    `${condition} follows from calls of endpoints that append, ${maxDepth} deep; ` +
      'nothing was called or written: break the circle of endpoints that append',
  );
}

export function createFire(options: FireOptions): Fire {
  const { callTarget, asyncCalls, drain, reporter, clock, limits, mode } = options;

  function finish(planned: PlannedCall, startedAt: number, answer: TargetAnswer | FailedCall): Outcome {
    const outcome = judgeCall(planned, answer, limits);
    reporter.report(reportOf(planned, clock.elapsed() - startedAt, outcome), { planned, answer });
    return outcome;
  }

  /** Runs beside the operation: independent of its signal, its budget and its end. */
  function startAsync(planned: PlannedCall): void {
    const { target, targetID } = planned.resolved;
    const told = detachedCall(planned);
    const { instanceID, render } = told.operation;
    const running = asyncCalls.start({
      instanceID,
      targetID,
      // Estimate the size of the body, which is built only when it is sent.
      bytes: told.content.json === undefined ? 0 : render(told.content.json).length,
      async run() {
        const startedAt = clock.elapsed();
        const answer = callTarget(told, target.timeoutMs, drain.cutOff);
        finish(told, startedAt, await answer.catch(() => notAnswered));
      },
      dropped: () => finish(told, clock.elapsed(), queueFull),
    });
    reportRejection('an async call', drain.track(running));
  }

  /** Calls one target within the rest of the budget. Resolves with the content for the next target. */
  async function call(planned: PlannedCall, budget: Budget): Promise<AmendedContent | undefined> {
    const { operation, resolved, enforced } = planned;
    if (budget.left === 0) {
      if (enforced) throw budgetSpent(operation.condition, resolved);
      finish(planned, clock.elapsed(), observedBudgetSpent);
      return undefined;
    }
    const startedAt = clock.elapsed();
    const { timeoutMs } = resolved.target;
    const hasAllThatIsLeft = budget.left <= timeoutMs;
    const answer = await callTarget(planned, Math.min(timeoutMs, budget.left), operation.signal);
    // `close()` cut the call off: it has no answer, and must not count as an error of the target.
    drain.cutOff.throwIfAborted();
    budget.spend(clock.elapsed() - startedAt);
    const outcome = finish(planned, startedAt, answer);
    // The call ends by parts of its time, whose sum may be a fraction less than what was left.
    const isTimeout = outcome.kind === 'failed' && outcome.reason === 'timeout';
    if (isTimeout && hasAllThatIsLeft) budget.spend(budget.left);
    // An observed target neither changes nor fails the operation.
    if (!enforced) return undefined;
    if (budget.left === 0) throw budgetSpent(operation.condition, resolved);
    return applied(planned, outcome);
  }

  return async (operation, budgets) => {
    const leave = drain.enter();
    try {
      assertDepth(operation);
      const { match, signal, operationID } = operation;
      let amended: AmendedContent | undefined;
      for (const [place, resolved] of match.targets.entries()) {
        signal?.throwIfAborted();
        drain.cutOff.throwIfAborted();
        const enforced = isEnforced(mode, resolved.target, operationID);
        const content = amended ?? operation.content;
        const callID = callIDOf({ operation, resolved, place });
        const planned: PlannedCall = { operation, resolved, place, callID, content, enforced };
        if (resolved.target.type === 'async') startAsync(planned);
        else amended = (await call(planned, enforced ? budgets.enforced : budgets.observed)) ?? amended;
      }
      return amended;
    } finally {
      leave();
    }
  };
}

/** The content after the answer of an enforced target; `undefined` where it stays. */
function applied({ operation, resolved }: PlannedCall, outcome: Outcome): AmendedContent | undefined {
  if (outcome.kind === 'amended') {
    const value = operation.merge ? operation.merge(outcome.content) : outcome.content;
    return { value, json: JSON.stringify(value) };
  }
  if (outcome.kind !== 'unchanged' && resolved.target.interruptOnError)
    throw interruption(operation.condition, resolved, outcome);
  return undefined;
}

/**
 * The same call without the members that judge an answer: an async call may wait long, and keeps only its JSON in
 * memory.
 */
function detachedCall(planned: PlannedCall): PlannedCall {
  const { json, problem } = planned.content;
  const content = { json, problem };
  const { merge: _merge, objection: _objection, signal: _signal, ...operation } = planned.operation;
  return { ...planned, content, operation: { ...operation, content } };
}
