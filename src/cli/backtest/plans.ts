import { isActionsError, type Actions } from '../../index.js';
import type { JudgedEvent } from './tallying/judgedEvent.js';

/** The targets that events of a type would call, or the reason why they cannot be rehearsed. */
type Plan = JudgedEvent | 'no target' | { readonly skipped: string };

/** The most types that are remembered; other types are looked up each time. */
const remembered = 10_000;
const longestRemembered = 200;

/** Looks up the targets of an event by its type. A target from the command line is called for every event. */
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
      return winner === null ? 'no target' : planned(winner, targets);
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
