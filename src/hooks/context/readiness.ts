import { IndexNotReadyError } from '../../errors.js';
import type { Budgets } from '../../firing/pacing/budget.js';
import type { Mode } from '../../firing/enforcement.js';
import type { Clock } from '../../ports.js';
import type { Projection } from '../../routing/projection.js';

/** Whether the index is or was complete. Until then it cannot tell which targets to call (rule F4). */
export interface Readiness {
  readonly isReady: boolean;
  /**
   * Waits for the index; the wait spends the budget of the operation, or under `observe` the budget of observed calls.
   *
   * @throws {@link IndexNotReadyError} when the budget is spent; never under `observe`, where no operation may fail
   */
  wait(budgets: Budgets, signal?: AbortSignal): Promise<void>;
}

export function createReadiness(
  projection: Pick<Projection, 'caughtUp' | 'whenCaughtUp'>,
  clock: Clock,
  mode: Mode,
): Readiness {
  return {
    get isReady() {
      return projection.caughtUp;
    },
    async wait(budgets, signal) {
      const budget = mode === 'observe' ? budgets.observed : budgets.enforced;
      const startedAt = clock.elapsed();
      const late = new AbortController();
      const reason = new IndexNotReadyError(
        `the index of targets and executions is not complete after ${Math.round(budget.left)} ms; nothing was called or ` +
          'written: see whether the event store can be reached (health().interruption)',
      );
      const cancel = clock.after(budget.left, () => {
        late.abort(reason);
      });
      try {
        await projection.whenCaughtUp(signal ? AbortSignal.any([late.signal, signal]) : late.signal);
      } catch (error) {
        if (mode === 'enforce' || error !== reason) throw error;
      } finally {
        cancel();
        budget.spend(clock.elapsed() - startedAt);
      }
    },
  };
}
