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

/** A class: an object literal with a getter would be built slowly, and there are two for each operation. */
class SharedTime implements Budget {
  #left: number;

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  get left(): number {
    return this.#left;
  }

  spend(milliseconds: number): void {
    this.#left = Math.max(0, this.#left - milliseconds);
  }
}

/** The budget of one operation. */
export const createBudgets = (milliseconds: number): Budgets => ({
  enforced: new SharedTime(milliseconds),
  observed: new SharedTime(milliseconds),
});
