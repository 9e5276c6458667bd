/** Time that the targets of one operation share (rule C6). Only calls spend it, not the work between them. */
export interface Budget {
  /** Milliseconds left; never below 0. */
  readonly left: number;
  spend(milliseconds: number): void;
}

/** Enforced calls share one budget, observed calls another (rule C7). */
export interface Budgets {
  readonly enforced: Budget;
  readonly observed: Budget;
}

function createBudget(milliseconds: number): Budget {
  let left = milliseconds;
  return {
    get left() {
      return left;
    },
    spend(spent) {
      left = Math.max(0, left - spent);
    },
  };
}

/** The budget of one operation. */
export const createBudgets = (milliseconds: number): Budgets => ({
  enforced: createBudget(milliseconds),
  observed: createBudget(milliseconds),
});
