import { DeadlineExceededError, TargetInterruptedError } from '../../errors.js';
import type { ResolvedTarget } from '../../execution/resolve.js';
import type { Outcome } from './outcome.js';
import { shownText } from '../../lib/shown/shownText.js';

const nameOf = ({ target, targetID }: ResolvedTarget): string =>
  `target ${shownText(target.name)} (${targetID})`;

export const budgetSpent = (condition: string, resolved: ResolvedTarget): DeadlineExceededError =>
  new DeadlineExceededError(
    `the budget of ${condition} was spent at ${nameOf(resolved)}; this attempt wrote nothing: ` +
      'make its targets answer faster or raise limits.budgetMs',
  );

/** The `detail` names the target; the message holds the target's own words of a verdict and nothing else (rule C4). */
export function interruption(
  condition: string,
  resolved: ResolvedTarget,
  outcome: Extract<Outcome, { readonly kind: 'refused' | 'failed' }>,
): TargetInterruptedError {
  const { targetID, executionID } = resolved;
  const { responseStatus } = outcome;
  const where = { targetID, executionID, ...(responseStatus !== undefined && { responseStatus }) };
  if (outcome.kind === 'refused')
    return new TargetInterruptedError(outcome.message ?? `${nameOf(resolved)} refused ${condition}`, {
      ...where,
      reason: 'refused',
      status: outcome.status,
      ...(outcome.message !== undefined && { forwardedMessage: outcome.message }),
    });
  const { reason, message } = outcome;
  return new TargetInterruptedError(
    `${nameOf(resolved)} of execution ${executionID} interrupted ${condition}: ${message}; this attempt wrote nothing`,
    {
      ...where,
      reason,
      status: reason === 'timeout' ? 504 : 412,
      ...('cause' in outcome && { cause: outcome.cause }),
    },
  );
}
