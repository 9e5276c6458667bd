import type { AmendedContent, Operation } from '../calls/operation.js';
import type { Budgets } from './budget.js';

/**
 * Calls the matched targets strictly one after another, in order; each is sent the content as the previous target returned it (rule C1).
 *
 * @returns the content after the targets' answers; `undefined` where no answer was applied
 * @throws {@link TargetInterruptedError} when a target with `interruptOnError` refuses or fails
 * @throws {@link DeadlineExceededError} when the budget is spent, {@link ReentrancyLimitError} before any call,
 * {@link ActionsClosedError} when the actions are closed meanwhile; and the reason of `signal`
 */
export type Fire = (operation: Operation, budgets: Budgets) => Promise<AmendedContent | undefined>;
