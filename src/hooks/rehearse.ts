import { abortable } from '../lib/abortable.js';
import { ActionsClosedError, isActionsError, TargetNotFoundError } from '../errors.js';
import { occurrenceName, type Occurrence } from '../execution/condition.js';
import { createAsyncCalls } from '../firing/pacing/asyncCalls.js';
import { createBudgets } from '../firing/pacing/budget.js';
import { createCallReporter } from '../firing/reporting/callReport.js';
import type { CallerOptions } from '../firing/calls/callTarget.js';
import type { Drain } from '../firing/pacing/drain.js';
import { enforcedInFull, type Mode } from '../firing/enforcement.js';
import { createFire } from '../firing/fire.js';
import { recordCalls, type RehearsedCall } from '../firing/rehearsedCalls.js';
import type { JSONValue } from '../ports.js';
import type { Match } from '../execution/resolve.js';
import type { Router } from '../routing/router.js';
import type { ActiveTarget } from '../target/target.js';
import type { OperationCaller } from './operation.js';
import type { Readiness } from './readiness.js';
import { rehearsedOperation, type RehearsalRules } from './rehearsedOperation.js';

export interface RehearseOptions {
  /**
   * Event data, the body of a request or response, or the payload of a function; bytes only for an event that is not JSON.
   *
   * @defaultValue `{}`
   */
  readonly content?: JSONValue | Uint8Array;
  /** For a response: the request as it was processed. @defaultValue `null` */
  readonly request?: JSONValue;
  /** For an event: the stream that targets are told. @defaultValue `rehearsal-<event id>` */
  readonly stream?: string;
  /** For an event: the version that targets are told as its `sequence`. @defaultValue left out, as where it is not known */
  readonly sequence?: bigint;
  /** For an event: when it was created, as targets are told. @defaultValue now */
  readonly createdAt?: Date;
  /** Ids of targets to call, in this order, whatever the executions say. @defaultValue the winning execution's */
  readonly targets?: readonly string[];
  /** Whether targets that are only observed, always or for a share, are judged as if they were enforced. @defaultValue `false` */
  readonly enforce?: boolean;
  /** Id of the event, else of the request. @defaultValue drawn */
  readonly operationID?: string;
  /** Whether the targets are really called. @defaultValue `false` */
  readonly send?: boolean;
  readonly signal?: AbortSignal;
}

/** What would come of it: plain JSON. */
export interface Rehearsal {
  /** What happens, in the words of an execution id. */
  readonly condition: string;
  /** The execution that wins, or the condition itself where targets were named; `null` where nobody is called. */
  readonly winner: string | null;
  readonly sent: boolean;
  /** In the order of the list. */
  readonly calls: readonly RehearsedCall[];
  /** What the operation would come to; absent where nobody was really called. */
  readonly outcome?:
    | { readonly kind: 'passed' | 'amended'; readonly content: JSONValue }
    | {
        readonly kind: 'interrupted';
        readonly error: { readonly code: string; readonly status: number; readonly message: string };
      };
}

/**
 * Rehearses something that happens: renders each call with its headers, signatures and body, and with `send` makes it, in
 * order, under the rules of the real operation; a circuit breaker alone has no say, so that nothing goes by unasked. Calls say that they are a rehearsal (header `actions-rehearsal: true`, in
 * event bodies `phase: "rehearsal"`). Nothing is ever appended, and no counter of `health()` moves. Header values of
 * targets are shown as `***`, also where a target repeats them in its answer or its message.
 *
 * An event that was appended is rehearsed with its `content`, `stream`, `operationID`, `sequence` and `createdAt`.
 *
 * @throws {@link InvalidArgumentError} for a malformed occurrence or content; {@link TargetNotFoundError};
 *   {@link IndexNotReadyError}; the reason of `signal`. What a target does is never thrown: it stands in `outcome`
 */
export type Rehearse = (occurrence: Occurrence, options?: RehearseOptions) => Promise<Rehearsal>;

export interface RehearsingOptions extends CallerOptions, RehearsalRules {
  readonly router: Router;
  readonly readiness: Readiness;
  readonly drain: Drain;
  readonly mode: Mode;
  readonly caller: () => OperationCaller;
  readonly target: (instanceID: string, targetID: string) => ActiveTarget | undefined;
  readonly isClosed: () => boolean;
}

export function createRehearse(options: RehearsingOptions): Rehearse {
  const { router, readiness, drain, mode, limits, clock, caller, target, isClosed } = options;

  function named(instanceID: string, winner: string, ids: readonly string[]): Match | undefined {
    const targets = ids.map((targetID) => {
      const found = target(instanceID, targetID);
      if (!found) throw new TargetNotFoundError(targetID);
      return { targetID, executionID: winner, target: found };
    });
    return targets.length === 0 ? undefined : { winner, targets, skipped: [] };
  }

  return async (occurrence, given = {}) => {
    if (isClosed()) throw new ActionsClosedError();
    const { kind, name } = occurrenceName(occurrence);
    const { send = false, enforce = false, signal } = given;
    const who = caller();
    const budgets = createBudgets(limits.budgetMs);
    const details = rehearsedOperation({ kind, name, who, given, now: clock.now() }, options);
    await readiness.wait(budgets, signal);
    const { condition } = details;
    const found = given.targets
      ? named(who.instanceID, condition, given.targets)
      : router.route(who.instanceID, kind, name);
    const match = found && enforce ? enforcedInFull(found) : found;
    if (!match) return { condition, winner: null, sent: false, calls: [] };

    const recorder = recordCalls(options, send);
    const asyncCalls = createAsyncCalls({ atOnce: limits.asyncAtOnce, queue: limits.asyncQueue });
    const reporter = createCallReporter(undefined);
    const fire = createFire({
      callTarget: recorder.callTarget,
      asyncCalls,
      drain,
      reporter,
      clock,
      limits,
      mode: enforce ? 'enforce' : mode,
    });
    const operation = { ...details, instanceID: who.instanceID, match, depth: who.depth, signal };
    const outcome = await fire(operation, budgets).then(
      (content): Rehearsal['outcome'] => ({
        kind: content === operation.content ? 'passed' : 'amended',
        content: content.value,
      }),
      (error: unknown): Rehearsal['outcome'] => {
        signal?.throwIfAborted();
        if (!isActionsError(error) || error.code === 'ACTIONS_CLOSED') throw error;
        const { code, status, detail, message: shown } = error;
        const message = detail ?? shown;
        return { kind: 'interrupted', error: { code, status, message } };
      },
    );
    signal?.throwIfAborted();
    const calls = await abortable(recorder.finished(), signal);
    return {
      condition,
      winner: match.winner,
      sent: send,
      calls,
      ...(send && outcome && { outcome }),
    };
  };
}
