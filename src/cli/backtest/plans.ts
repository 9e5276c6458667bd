import { isActionsError, type Actions } from '../../index.js';
import type { JudgedEvent } from './tallying/judgedEvent.js';

/** Whom an event of some type would bring calls to; a reason where it cannot be asked. */
export type Plan = JudgedEvent | 'nobody' | { readonly skipped: string };

/** Types are remembered up to here; a longer one is looked up each time. */
const remembered = 10_000;
const longestRemembered = 200;

/** Looks up whom to call, by type of event. A target that is named is called for every event. */
export function createPlans(
  actions: Pick<Actions, 'explain'>,
  target: { readonly id: string; readonly name: string } | undefined,
): (type: string) => Plan {
  const plans = new Map<string, Plan>();
  const planned = (
    executionID: string | undefined,
    targets: readonly { readonly id: string; readonly name: string }[],
  ) => ({
    executionID,
    outcome: 'planned' as const,
    calls: targets.map(({ id, name }) => ({
      targetID: id,
      name,
      enforced: true,
      verdict: 'planned' as const,
    })),
  });

  function lookUp(type: string): Plan {
    try {
      const { winner, targets } = actions.explain({ event: type });
      if (target) return planned(undefined, [target]);
      return winner === null ? 'nobody' : planned(winner, targets);
    } catch (error) {
      if (isActionsError(error, 'INVALID_ARGUMENT')) return { skipped: error.message };
      throw error;
    }
  }

  return (type) => {
    const known = plans.get(type);
    if (known) return known;
    const plan = lookUp(type);
    if (plans.size >= remembered) plans.clear();
    if (type.length <= longestRemembered) plans.set(type, plan);
    return plan;
  };
}
