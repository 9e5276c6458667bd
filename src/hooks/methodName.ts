import { InvalidArgumentError } from '../errors.js';
import { executionID } from '../execution/condition.js';
import { shownType } from '../lib/reading/shownValue.js';

/**
 * `/<service>/<method>`, the name of a method that a developer gives to a route.
 *
 * @throws {@link InvalidArgumentError} for a name that no condition can have: it would call no target, without a word
 */
export function methodName(method: string): string {
  if (typeof method !== 'string')
    throw new InvalidArgumentError(
      `method is the text /<service>/<method>, not ${shownType(method)}; nothing was called or written`,
    );
  return executionID({ request: { method } }).slice('request'.length);
}
