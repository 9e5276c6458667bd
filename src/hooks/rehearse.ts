import { abortable } from '../lib/abortable.js';
import { assertOpen } from '../lib/whileOpen.js';
import { isActionsError, TargetNotFoundError } from '../errors.js';
import { occurrenceName } from '../execution/condition.js';
import { createAsyncCalls } from '../firing/pacing/asyncCalls.js';
import { createBudgets } from '../firing/pacing/budget.js';
import { createCallReporter } from '../firing/reporting/callReporter.js';
import type { CallerOptions, CallTarget } from '../firing/calls/callTarget.js';
import type { Drain } from '../firing/pacing/drain.js';
import { enforcedInFull, type Mode } from '../firing/enforcement.js';
import { createFire } from '../firing/fire.js';
import { recordCalls } from '../firing/rehearsedCalls.js';
import type { JSONValue } from '../ports.js';
import type { Match } from '../execution/resolve.js';
import type { Router } from '../routing/router.js';
import type { ActiveTarget } from '../target/target.js';
import type { Rehearsal, Rehearse } from './rehearsal.js';
import { takeRehearseOptions } from './rehearseOptions.js';
import type { OperationCaller } from './operations/admission.js';
import type { Readiness } from './context/readiness.js';
import { rehearsedOperation, type RehearsalRules } from './rehearsedOperation.js';

export interface RehearsingOptions extends CallerOptions, RehearsalRules {
  /** Makes calls at the pace of real operations. */
  readonly callTarget: CallTarget;
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

  return async (occurrence, asked) => {
    assertOpen(isClosed);
    const { kind, name } = occurrenceName(occurrence);
    const given = takeRehearseOptions(asked);
    const { send = false, enforce = false, keptBytes, signal } = given;
    const who = caller();
    const budgets = createBudgets(limits.budgetMs);
    const parts = rehearsedOperation({ kind, name, who, given, now: clock.now() }, options);
    await readiness.wait(budgets, signal);
    const { condition } = parts;
    const found = given.targets
      ? named(who.instanceID, condition, given.targets)
      : router.route(who.instanceID, kind, name);
    const match = found && enforce ? enforcedInFull(found) : found;
    if (!match) return { condition, winner: null, sent: false, calls: [] };

    const recorder = recordCalls(options, { send, keptBytes });
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
    const { instanceID, depth } = who;
    const operation = { ...parts, instanceID, match, depth, signal, isRehearsal: true };
    const outcome = await fire(operation, budgets).then(
      (amended): Rehearsal['outcome'] => ({
        kind: amended ? 'amended' : 'passed',
        content: recorder.mask.value(JSON.parse(amended?.json ?? parts.content.json ?? 'null') as JSONValue),
      }),
      (error: unknown): Rehearsal['outcome'] => {
        signal?.throwIfAborted();
        if (!isActionsError(error) || error.code === 'ACTIONS_CLOSED') throw error;
        const { code, status, detail, message: shown } = error;
        const message = recorder.mask.text(detail ?? shown);
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
