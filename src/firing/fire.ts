import { ReentrancyLimitError } from '../errors.js';
import type { Limits } from '../limits.js';
import type { Clock, HttpAnswer } from '../ports.js';
import type { AsyncCalls } from './pacing/asyncCalls.js';
import type { Budget, Budgets } from './pacing/budget.js';
import { reportOf, type CallReporter } from './calls/callReport.js';
import type { CallTarget, FailedCall } from './calls/callTarget.js';
import type { Drain } from './pacing/drain.js';
import { isEnforced, type Mode } from './enforcement.js';
import { budgetSpent, interruption, type Outcome } from './answers/interruption.js';
import { judgeTurn } from './answers/judgeTurn.js';
import type { Content, Operation, Turn } from './calls/operation.js';

/** How many endpoints may append because they were called, one because of the other (rule E6). */
export const maxDepth = 3;

export interface FireOptions {
  readonly callTarget: CallTarget;
  readonly asyncCalls: AsyncCalls;
  readonly drain: Drain;
  readonly reporter: CallReporter;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly mode: Mode;
}

/**
 * Calls the matched targets strictly one after another, in order; what one returned is what the next is sent (rule C1).
 *
 * @returns the content at the end: the very object that came in where no answer was applied
 * @throws {@link TargetInterruptedError} when a target with `interruptOnError` refuses or fails
 * @throws {@link DeadlineExceededError} when the budget is spent, {@link ReentrancyLimitError} before any call,
 *   {@link ActionsClosedError} when it was closed meanwhile; and the reason of `signal`
 */
export type Fire = (operation: Operation, budgets: Budgets) => Promise<Content>;

const notAnswered: FailedCall = {
  reason: 'timeout',
  message: 'the actions were closed before it answered',
};
const observedBudgetSpent: FailedCall = {
  reason: 'timeout',
  message: 'the budget of observed calls is spent',
};
const queueFull: FailedCall = { reason: 'queue-full', message: 'the queue of async calls is full' };

function assertDepth({ condition, depth }: Operation): void {
  if (depth < maxDepth) return;
  throw new ReentrancyLimitError(
    `${condition} happened because of an endpoint that was called because of an endpoint, ${maxDepth} deep; ` +
      'nothing was called or written: break the circle of endpoints that append',
  );
}

export function createFire(options: FireOptions): Fire {
  const { callTarget, asyncCalls, drain, reporter, clock, limits, mode } = options;

  function finish(turn: Turn, startedAt: number, answer: HttpAnswer | FailedCall): Outcome {
    const outcome = judgeTurn(turn, answer, limits);
    reporter.report(reportOf(turn, clock.elapsed() - startedAt, outcome));
    return outcome;
  }

  /** Runs beside the operation: detached from its signal, its budget and its end. */
  function startAsync(turn: Turn): void {
    const { target, targetID } = turn.resolved;
    const started = asyncCalls.start(async () => {
      const startedAt = clock.elapsed();
      const answer = callTarget(turn, target.timeoutMs, drain.cutOff);
      finish(turn, startedAt, await answer.catch(() => notAnswered));
    }, `${turn.operation.instanceID} ${targetID}`);
    if (started) void drain.track(started);
    else finish(turn, clock.elapsed(), queueFull);
  }

  /** Calls with what is left of the budget, and waits. */
  async function call(turn: Turn, budget: Budget): Promise<Outcome> {
    const startedAt = clock.elapsed();
    const timeoutMs = Math.min(turn.resolved.target.timeoutMs, budget.left);
    const answer = await callTarget(turn, timeoutMs, turn.operation.signal);
    // What was cut off has said nothing: its end must not pass for an error of the target.
    drain.cutOff.throwIfAborted();
    budget.spend(clock.elapsed() - startedAt);
    return finish(turn, startedAt, answer);
  }

  /** What is said changes nothing, and fails nothing. */
  async function observe(turn: Turn, budget: Budget): Promise<void> {
    if (budget.left === 0) finish(turn, clock.elapsed(), observedBudgetSpent);
    else await call(turn, budget);
  }

  async function enforce(turn: Turn, budget: Budget): Promise<Content> {
    const { operation, resolved, content } = turn;
    if (budget.left === 0) throw budgetSpent(operation.condition, resolved);
    const hasAllThatIsLeft = budget.left <= resolved.target.timeoutMs;
    const outcome = await call(turn, budget);
    const isTimeout = outcome.kind === 'failed' && outcome.reason === 'timeout';
    if (budget.left === 0 || (isTimeout && hasAllThatIsLeft))
      throw budgetSpent(operation.condition, resolved);
    if (outcome.kind === 'amended') {
      const value = operation.merge?.(content.value, outcome.content) ?? outcome.content;
      return { value, json: JSON.stringify(value) };
    }
    if (outcome.kind !== 'unchanged' && resolved.target.interruptOnError)
      throw interruption(operation.condition, resolved, outcome);
    return content;
  }

  async function run(operation: Operation, budgets: Budgets): Promise<Content> {
    assertDepth(operation);
    const { match, signal, operationID } = operation;
    let content = operation.content;
    for (const [place, resolved] of match.targets.entries()) {
      signal?.throwIfAborted();
      drain.cutOff.throwIfAborted();
      const enforced = isEnforced(mode, resolved.target, operationID);
      const turn: Turn = { operation, resolved, place, content, enforced };
      if (resolved.target.type === 'async') startAsync(turn);
      else if (enforced) content = await enforce(turn, budgets.enforced);
      else await observe(turn, budgets.observed);
    }
    return content;
  }

  return (operation, budgets) => drain.track(run(operation, budgets));
}
