import { ReentrancyLimitError, type InterruptReason } from '../errors.js';
import type { OccurrenceKind } from '../execution/condition.js';
import type { Limits } from '../limits.js';
import type { Clock, HttpAnswer, JSONValue } from '../ports.js';
import type { Match, ResolvedTarget } from '../routing/resolve.js';
import { judgeAnswer } from './answer.js';
import type { AsyncCalls } from './asyncCalls.js';
import type { Budget } from './budget.js';
import type { CallReporter, Verdict } from './callReport.js';
import { isFailedCall, type CallTarget, type FailedCall, type TargetCall } from './callTarget.js';
import { isEnforced, type Mode } from './enforcement.js';
import { budgetSpent, interruption, type Outcome } from './interruption.js';
import type { RenderBody } from './payload.js';

/** How many endpoints may append because they were called, one because of the other (rule E6). */
export const maxDepth = 3;

/** Content and its JSON, made once for all that are sent it. */
export interface Content {
  readonly value: JSONValue;
  readonly json: string;
}

/** One thing that happens, and all that its targets are to be told. */
export interface Operation {
  readonly kind: OccurrenceKind;
  /** What happens, in the words of an execution id. */
  readonly condition: string;
  readonly instanceID: string;
  /** Id of the event, else of the request; every attempt has the same. */
  readonly operationID: string;
  readonly match: Match;
  readonly depth: number;
  readonly content: Content;
  readonly render: RenderBody;
  /** Whether content that is `null` may become an object or an array: a request without a body. @defaultValue `false` */
  readonly acceptsNull?: boolean;
  /** What an accepted answer makes of the content; by default it takes its place. */
  readonly merge?: (content: JSONValue, answer: JSONValue) => JSONValue;
  /** Why an answer may not be applied; `undefined` where it may. */
  readonly objection?: (answer: JSONValue) => Objection | undefined;
  readonly isRehearsal?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Objection {
  readonly reason: InterruptReason;
  readonly message: string;
}

/** Enforced calls share one budget, observed ones another (rule C7). */
export interface Budgets {
  readonly enforced: Budget;
  readonly observed: Budget;
}

export interface FiringOptions {
  readonly callTarget: CallTarget;
  readonly asyncCalls: AsyncCalls;
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
 * @throws {@link DeadlineExceededError} when the budget is spent, {@link ReentrancyLimitError} before any call; and the
 *   reason of `signal`
 */
export type Fire = (operation: Operation, budgets: Budgets) => Promise<Content>;

const verdictOf = {
  unchanged: 'passed',
  amended: 'amended',
  refused: 'refused',
  failed: 'failed',
} as const satisfies Readonly<Record<Outcome['kind'], Verdict>>;

const observedBudgetSpent: FailedCall = {
  reason: 'timeout',
  message: 'the budget of observed calls is spent',
};

export function createFire({ callTarget, asyncCalls, reporter, clock, limits, mode }: FiringOptions): Fire {
  function report(
    operation: Operation,
    resolved: ResolvedTarget,
    enforced: boolean,
    startedAt: number,
    outcome: Outcome,
    status?: number,
  ) {
    const { targetID, executionID } = resolved;
    reporter.report({
      kind: operation.kind,
      condition: operation.condition,
      executionID,
      targetID,
      attempt: 1,
      durationMs: clock.elapsed() - startedAt,
      ...(status !== undefined && { status }),
      verdict: verdictOf[outcome.kind],
      enforced,
      ...(outcome.kind === 'failed' && { reason: outcome.reason }),
      ...(outcome.kind === 'refused' && { reason: 'refused' as const }),
    });
  }

  const callOf = (
    operation: Operation,
    resolved: ResolvedTarget,
    place: number,
    content: Content,
    timeoutMs: number,
    signal?: AbortSignal,
  ): TargetCall => ({
    kind: operation.kind,
    instanceID: operation.instanceID,
    operationID: operation.operationID,
    winner: operation.match.winner,
    place,
    resolved,
    render: operation.render,
    contentJSON: content.json,
    depth: operation.depth,
    isRehearsal: operation.isRehearsal ?? false,
    timeoutMs,
    signal,
  });

  function judge(
    operation: Operation,
    resolved: ResolvedTarget,
    content: Content,
    answer: HttpAnswer | FailedCall,
  ): Outcome {
    if (isFailedCall(answer)) return { kind: 'failed', ...answer };
    const judgement = judgeAnswer(resolved.target.type, answer, content.value, limits);
    if (judgement.kind !== 'amended') return judgement;
    if (content.value === null && !operation.acceptsNull)
      return {
        kind: 'failed',
        reason: 'answer-invalid',
        message: 'it answered with content where there was none to amend',
      };
    const objection = operation.objection?.(judgement.content);
    return objection ? { kind: 'failed', ...objection } : judgement;
  }

  /** Runs beside the operation: detached from its signal, its budget and its end. */
  function startAsync(
    operation: Operation,
    resolved: ResolvedTarget,
    place: number,
    content: Content,
    enforced: boolean,
  ): void {
    const queuedAt = clock.elapsed();
    const started = asyncCalls.start(async (signal) => {
      const startedAt = clock.elapsed();
      const call = callOf(operation, resolved, place, content, resolved.target.timeoutMs, signal);
      const answer = await callTarget(call).catch((): FailedCall => ({
        reason: 'timeout',
        message: 'closed before it was answered',
      }));
      const status = isFailedCall(answer) ? undefined : answer.status;
      report(operation, resolved, enforced, startedAt, judge(operation, resolved, content, answer), status);
    });
    if (!started)
      report(operation, resolved, enforced, queuedAt, {
        kind: 'failed',
        reason: 'queue-full',
        message: 'the queue is full',
      });
  }

  return async (operation, budgets) => {
    const { match, signal } = operation;
    if (operation.depth >= maxDepth)
      throw new ReentrancyLimitError(
        `${operation.condition} happened because of an endpoint that was called because of an endpoint, ${maxDepth} deep; ` +
          'nothing was called or written: break the circle of endpoints that append',
      );
    let content = operation.content;
    for (const [place, resolved] of match.targets.entries()) {
      signal?.throwIfAborted();
      const { target } = resolved;
      const enforced = isEnforced(mode, target, operation.operationID);
      if (target.type === 'async') {
        startAsync(operation, resolved, place, content, enforced);
        continue;
      }
      const budget = enforced ? budgets.enforced : budgets.observed;
      if (enforced && budget.left === 0) throw budgetSpent(operation.condition, resolved);
      const startedAt = clock.elapsed();
      const timeoutMs = Math.min(target.timeoutMs, budget.left);
      const answer =
        timeoutMs === 0
          ? observedBudgetSpent
          : await callTarget(callOf(operation, resolved, place, content, timeoutMs, signal));
      budget.spend(clock.elapsed() - startedAt);
      const outcome = judge(operation, resolved, content, answer);
      report(
        operation,
        resolved,
        enforced,
        startedAt,
        outcome,
        isFailedCall(answer) ? undefined : answer.status,
      );
      if (!enforced || outcome.kind === 'unchanged') continue;
      if (outcome.kind === 'amended') {
        const value = operation.merge ? operation.merge(content.value, outcome.content) : outcome.content;
        content = { value, json: JSON.stringify(value) };
        continue;
      }
      const wasCutShort =
        outcome.kind === 'failed' && outcome.reason === 'timeout' && timeoutMs < target.timeoutMs;
      if (wasCutShort) throw budgetSpent(operation.condition, resolved);
      if (target.interruptOnError) throw interruption(operation.condition, resolved, outcome);
    }
    return content;
  };
}
