import { ActionsClosedError } from '../../errors.js';
import type { PayloadCaller } from '../../firing/calls/payload.js';
import { createBudgets, type Budgets } from '../../firing/pacing/budget.js';
import { requireSignal } from '../../lib/reading/requireSignal.js';
import type { Limits } from '../../limits.js';
import type { CallerContext } from '../context/caller.js';
import type { Readiness } from '../context/readiness.js';

/** The caller of an operation; its instance is always known. */
export type OperationCaller = CallerContext & PayloadCaller;

interface AdmissionOptions {
  readonly readiness: Readiness;
  readonly limits: Limits;
  readonly caller: () => OperationCaller;
  readonly isClosed: () => boolean;
}

/** An operation with targets to call, or one that may have targets once the index is complete. */
interface Admitted<Found> {
  /** The match that was found; `undefined` while the index is not complete. */
  readonly found: Found | undefined;
  readonly who: OperationCaller;
  /**
   * Runs `action` with the match, on a new budget, after waiting for an index that is not complete. Resolves with
   * `undefined` where the complete index has no target.
   *
   * @throws {@link ActionsClosedError}; {@link IndexNotReadyError} when the budget is spent on waiting
   */
  run<Result>(
    action: (found: Found, budgets: Budgets) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result | undefined>;
}

/**
 * Decides with one look-up, and without waiting, whether an operation has targets to call; `undefined` where it has
 * none. After `close()`, each `run` rejects.
 */
export type Admit = <Found>(
  lookUp: (who: OperationCaller) => Found | undefined,
  who?: OperationCaller,
) => Admitted<Found> | undefined;

const closed = () => Promise.reject(new ActionsClosedError());

export function createAdmit({ readiness, limits, caller, isClosed }: AdmissionOptions): Admit {
  return (lookUp, who = caller()) => {
    if (isClosed()) return { found: undefined, who, run: closed };
    if (!readiness.isReady)
      return {
        found: undefined,
        who,
        async run(action, signal) {
          requireSignal(signal);
          const budgets = createBudgets(limits.budgetMs);
          await readiness.wait(budgets, signal);
          const found = lookUp(who);
          return found && action(found, budgets);
        },
      };
    const found = lookUp(who);
    return (
      found && {
        found,
        who,
        run(action, signal) {
          requireSignal(signal);
          return action(found, createBudgets(limits.budgetMs));
        },
      }
    );
  };
}
