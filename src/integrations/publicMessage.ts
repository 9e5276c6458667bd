import { isActionsError, type ActionsError } from '../errors.js';

/**
 * What the one who called may read. A verdict is shown as the target worded it; what else went wrong with a target is told
 * to operators, not to callers: its name and its executions are no concern of theirs.
 */
export function publicMessage(error: ActionsError): string {
  if (!isActionsError(error, 'TARGET_INTERRUPTED') || error.reason === 'refused') return error.message;
  return error.reason === 'timeout'
    ? 'a policy of this service did not answer in time; nothing was done'
    : 'a policy of this service could not be asked; nothing was done';
}
