import type { AmendedContent, Operation } from '../calls/operation.js';
import type { Budgets } from './budget.js';

/**
 * Calls the matched targets strictly one after another, in order; what one returned is what the next is sent (rule C1).
 *
 * @returns what the targets made of the content; `undefined` where no answer was applied
 * @throws {@link TargetInterruptedError} when a target with `interruptOnError` refuses or fails
 * @throws {@link DeadlineExceededError} when the budget is spent, {@link ReentrancyLimitError} before any call,
 *   {@link ActionsClosedError} when it was closed meanwhile; and the reason of `signal`
 */
export type Fire = (operation: Operation, budgets: Budgets) => Promise<AmendedContent | undefined>;
